/** How much of a worker's memory the heap of its runtime may take; the rest is for code, stacks, buffers and the runtime itself. */
const HEAP_SHARE = 0.75;
const MIB = 1024 * 1024;
const NODE_FLAG = /--max[-_](old[-_]space|heap)[-_]size/;

/** What was given about the heaps of runtimes: where it says something, that stays. */
interface GivenToWorker {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/**
 * The environment that makes runtimes collect garbage before they reach a limit of `memory` bytes (undefined: none), which
 * would kill them: Node's --max-old-space-size in MiB, and DOTNET_GCHeapHardLimit, which .NET reads as a hexadecimal number.
 */
export function heapVariables(memory: number | undefined, { env, command }: GivenToWorker): Record<string, string> {
  if (memory === undefined) return {};
  const bytes = Math.floor(memory * HEAP_SHARE);
  const variables: Record<string, string> = {};
  const options = env.NODE_OPTIONS ?? '';
  if (!NODE_FLAG.test(options) && !command.some((word) => NODE_FLAG.test(word))) {
    variables.NODE_OPTIONS = `${options} --max-old-space-size=${Math.max(1, Math.floor(bytes / MIB))}`.trim();
  }
  const isLimited = ['DOTNET_GCHeapHardLimit', 'DOTNET_GCHeapHardLimitPercent', 'COMPlus_GCHeapHardLimit'];
  if (isLimited.every((name) => env[name] === undefined)) variables.DOTNET_GCHeapHardLimit = bytes.toString(16);
  return variables;
}

/** Whether the heap of each runtime has its limit by these variables alone. */
export function limitsEveryHeap(variables: Readonly<Record<string, string>>): boolean {
  return 'NODE_OPTIONS' in variables && 'DOTNET_GCHeapHardLimit' in variables;
}
