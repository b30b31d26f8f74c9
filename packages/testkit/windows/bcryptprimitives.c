/* The one function of Windows' bcryptprimitives.dll that programs in Rust ask for, for a Wine that has no such library. */
#include <windows.h>

/* What advapi32 exports as RtlGenRandom. */
BOOLEAN NTAPI SystemFunction036(void *to, ULONG size);

#define MOST_AT_ONCE 0x10000000u

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *to, SIZE_T size) {
  while (size > 0) {
    const ULONG part = size < MOST_AT_ONCE ? (ULONG)size : MOST_AT_ONCE;
    if (!SystemFunction036(to, part)) return FALSE;
    to += part;
    size -= part;
  }
  return TRUE;
}
