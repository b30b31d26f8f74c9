/** What comes nearest to an error number of Windows, for those that our calls can give. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'ENOSYS', // ERROR_INVALID_FUNCTION
  2: 'ENOENT', // ERROR_FILE_NOT_FOUND
  3: 'ENOENT', // ERROR_PATH_NOT_FOUND
  4: 'EMFILE', // ERROR_TOO_MANY_OPEN_FILES
  5: 'EACCES', // ERROR_ACCESS_DENIED
  6: 'EBADF', // ERROR_INVALID_HANDLE
  8: 'ENOMEM', // ERROR_NOT_ENOUGH_MEMORY
  14: 'ENOMEM', // ERROR_OUTOFMEMORY
  50: 'ENOTSUP', // ERROR_NOT_SUPPORTED
  87: 'EINVAL', // ERROR_INVALID_PARAMETER
  109: 'EPIPE', // ERROR_BROKEN_PIPE
  120: 'ENOSYS', // ERROR_CALL_NOT_IMPLEMENTED
  123: 'ENOENT', // ERROR_INVALID_NAME
  127: 'ENOSYS', // ERROR_PROC_NOT_FOUND
  170: 'EBUSY', // ERROR_BUSY
  183: 'EEXIST', // ERROR_ALREADY_EXISTS
  193: 'ENOEXEC', // ERROR_BAD_EXE_FORMAT
  206: 'ENAMETOOLONG', // ERROR_FILENAME_EXCED_RANGE
  216: 'ENOEXEC', // ERROR_EXE_MACHINE_TYPE_MISMATCH
  234: 'EAGAIN', // ERROR_MORE_DATA
  267: 'ENOTDIR', // ERROR_DIRECTORY
  740: 'EACCES', // ERROR_ELEVATION_REQUIRED
  998: 'EFAULT', // ERROR_NOACCESS
  1260: 'EACCES', // ERROR_ACCESS_DISABLED_BY_POLICY
  1314: 'EPERM', // ERROR_PRIVILEGE_NOT_HELD
  1450: 'EAGAIN', // ERROR_NO_SYSTEM_RESOURCES
  1455: 'ENOMEM', // ERROR_COMMITMENT_LIMIT
  1816: 'EAGAIN', // ERROR_NOT_ENOUGH_QUOTA
};

/** The name of the errno that stands for what a call of Windows said; EIO for what has no like. */
export function errnoOfWindows(syscall: string, winerr: number): string {
  // There is no process of that number.
  if (syscall === 'OpenProcess' && winerr === 87) return 'ESRCH';
  return NAMES[winerr] ?? 'EIO';
}
