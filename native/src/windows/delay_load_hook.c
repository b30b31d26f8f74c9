/**
 * The addon calls node.exe, which may have another name, as the host of an embedder has: whatever program has loaded it
 * takes the place. For mingw-w64; with MSVC, cmake-js brings its own.
 */
#include <windows.h>

#include <delayimp.h>
#include <string.h>

static FARPROC WINAPI take_host(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return NULL;
  HMODULE shared = GetModuleHandleW(L"libnode.dll");
  return (FARPROC)(ULONG_PTR)(shared != NULL ? shared : GetModuleHandleW(NULL));
}

PfnDliHook __pfnDliNotifyHook2 = take_host;
