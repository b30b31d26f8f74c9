/** Tests that run on Windows: of one package, all of one kind or the files that are named. */
export interface Suite {
  readonly name: string;
  readonly folder: string;
  readonly kind: 'pure' | 'process';
  /** Parts of the names of files; none for all. */
  readonly files: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** From the smallest part to the whole. */
export const SUITES: readonly Suite[] = [
  { name: 'protocol', folder: 'packages/protocol', kind: 'pure', files: [] },
  { name: 'pool, pure', folder: 'packages/pool', kind: 'pure', files: [] },
  {
    name: 'scheduler and shell',
    folder: 'packages/testkit',
    kind: 'pure',
    files: ['core-', 'shell-', 'worker-process'],
  },
  { name: 'worker, pure', folder: 'packages/worker', kind: 'pure', files: [] },
  { name: 'native', folder: 'native', kind: 'process', files: ['windows'] },
  { name: 'real pools', folder: 'packages/pool', kind: 'process', files: ['this-system', 'many-tasks', 'retries'] },
  {
    name: 'real pools without the addon',
    folder: 'packages/pool',
    kind: 'process',
    files: ['this-system'],
    env: { OSTLER_NATIVE: 'off' },
  },
  {
    name: 'what callers ask of pools',
    folder: 'packages/pool',
    kind: 'process',
    files: ['cancellation', 'closing', 'keys-and-priorities'],
  },
  { name: 'worker processes', folder: 'packages/worker', kind: 'process', files: ['serve', 'output'] },
  { name: 'command line', folder: 'packages/cli', kind: 'process', files: ['test/ostler'] },
  { name: 'C++ workers', folder: 'apps/worker-cpp', kind: 'process', files: [] },
  { name: 'Node workers', folder: 'packages/testkit', kind: 'process', files: ['test/conformance'] },
  { name: '.NET workers', folder: 'apps/worker-dotnet', kind: 'process', files: ['windows'] },
];
