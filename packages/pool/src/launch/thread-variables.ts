/** Node needs a second thread, so that a name that is slow to resolve does not stop its files. */
const LEAST_UV_THREADS = 2;

/** By these, libraries and runtimes learn how many threads to start. */
const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'RAYON_NUM_THREADS',
  'GOMAXPROCS',
  'DOTNET_PROCESSOR_COUNT',
] as const;

/** The environment that tells a worker to start so many threads. */
export function threadVariables(threads: number): Record<string, string> {
  const variables: Record<string, string> = { UV_THREADPOOL_SIZE: String(Math.max(LEAST_UV_THREADS, threads)) };
  for (const name of THREAD_VARIABLES) variables[name] = String(threads);
  return variables;
}
