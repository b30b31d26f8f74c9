/** Windows' codes for the end of a process, as unsigned 32-bit numbers: the name in ntstatus.h, and what it usually means. */
const NT_STATUS: ReadonlyMap<number, readonly [name: string, meaning: string]> = new Map([
  [0x80000001, ['STATUS_GUARD_PAGE_VIOLATION', 'an access to a guard page, usually a bug in native code']],
  [0x80000002, ['STATUS_DATATYPE_MISALIGNMENT', 'an access to an address that is not aligned']],
  [0x80000003, ['STATUS_BREAKPOINT', 'a breakpoint, or its runtime gave up']],
  [0xc0000005, ['STATUS_ACCESS_VIOLATION', 'an access to memory that is not its own, usually a bug in native code']],
  [0xc0000006, ['STATUS_IN_PAGE_ERROR', 'a page of a mapped file could not be read: a full disk, or a network drive']],
  [0xc0000008, ['STATUS_INVALID_HANDLE', 'a handle that is closed or was never open']],
  [0xc0000017, ['STATUS_NO_MEMORY', 'memory ran out']],
  [0xc000001d, ['STATUS_ILLEGAL_INSTRUCTION', 'an instruction that this CPU does not have']],
  [0xc0000022, ['STATUS_ACCESS_DENIED', 'a file that it needs may not be read']],
  [0xc0000025, ['STATUS_NONCONTINUABLE_EXCEPTION', 'an exception in the handling of an exception']],
  [0xc0000044, ['STATUS_QUOTA_EXCEEDED', 'the limit of its job']],
  [0xc000007b, ['STATUS_INVALID_IMAGE_FORMAT', 'a DLL for another architecture']],
  [0xc000008c, ['STATUS_ARRAY_BOUNDS_EXCEEDED', 'an index beyond the end of an array']],
  [0xc000008e, ['STATUS_FLOAT_DIVIDE_BY_ZERO', 'a division by zero']],
  [0xc0000094, ['STATUS_INTEGER_DIVIDE_BY_ZERO', 'a division by zero']],
  [0xc0000095, ['STATUS_INTEGER_OVERFLOW', 'an integer overflow']],
  [0xc0000096, ['STATUS_PRIVILEGED_INSTRUCTION', 'an instruction that only the system may use']],
  [0xc00000fd, ['STATUS_STACK_OVERFLOW', 'a stack overflow, such as a recursion without end']],
  [0xc000012d, ['STATUS_COMMITMENT_LIMIT', 'memory ran out: the limit of the system or of its job']],
  [0xc0000135, ['STATUS_DLL_NOT_FOUND', 'a DLL was not found']],
  [0xc0000138, ['STATUS_ORDINAL_NOT_FOUND', 'a DLL of another version than it needs']],
  [0xc0000139, ['STATUS_ENTRYPOINT_NOT_FOUND', 'a DLL of another version than it needs']],
  [0xc000013a, ['STATUS_CONTROL_C_EXIT', 'Ctrl-C, or its console was closed']],
  [0xc0000142, ['STATUS_DLL_INIT_FAILED', 'a DLL could not be initialised']],
  [0xc0000145, ['STATUS_APP_INIT_FAILURE', 'it could not be initialised']],
  [0xc0000374, ['STATUS_HEAP_CORRUPTION', 'a corrupted heap, a bug in native code']],
  [0xc0000409, ['STATUS_STACK_BUFFER_OVERRUN', 'it ended itself: a failed assertion, abort(), or a damaged stack']],
  [0xc0000417, ['STATUS_INVALID_CRUNTIME_PARAMETER', 'a call of the C runtime with an argument that it can’t have']],
  [0xc0000420, ['STATUS_ASSERTION_FAILURE', 'a failed assertion']],
  [0xc0000428, ['STATUS_INVALID_IMAGE_HASH', 'a program or DLL whose signature is not valid']],
  [0xc0000602, ['STATUS_FAIL_FAST_EXCEPTION', 'it ended itself: its runtime gave up']],
  [0xc0150002, ['STATUS_SXS_CANT_GEN_ACTCTX', 'a side-by-side assembly, such as a Visual C++ runtime, is missing']],
  [0xe0434352, ['EXCEPTION_COMPLUS', 'an unhandled .NET exception']],
  [0xe06d7363, ['EXCEPTION_CPP', 'an unhandled C++ exception']],
]);
const FIRST = 0x80000000;

/** What Windows says by an exit code of this size: its name, its number in hex, its meaning. Undefined for smaller ones. */
export function ntStatusInWords(exitCode: number): string | undefined {
  const status = exitCode >>> 0;
  if (status < FIRST) return undefined;
  const number = `0x${status.toString(16).toUpperCase()}`;
  const known = NT_STATUS.get(status);
  return known === undefined ? number : `${known[0]}, ${number}: ${known[1]}`;
}
