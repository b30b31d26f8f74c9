#include "program.h"

#include <string.h>
#include <wchar.h>

static const char STEP[] = "CreateProcessW";

static bool ends_with(const wchar_t *text, const wchar_t *end) {
  const size_t length = wcslen(text);
  const size_t wanted = wcslen(end);
  return length >= wanted && lstrcmpiW(text + length - wanted, end) == 0;
}

static bool is_script(const wchar_t *path) { return ends_with(path, L".cmd") || ends_with(path, L".bat"); }

static bool is_path(const wchar_t *file) { return wcspbrk(file, L"\\/:") != NULL; }

static bool is_file(const wchar_t *path) {
  const DWORD attributes = GetFileAttributesW(path);
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

/** With an ending of its own, or with this one. */
static bool find_with(const wchar_t *file, const wchar_t *ending, wchar_t *path) {
  if (is_path(file)) {
    const size_t length = wcslen(file);
    if (length + wcslen(ending) >= LONGEST_PATH) return false;
    wcscpy(path, file);
    wcscat(path, ending);
    return is_file(path);
  }
  static wchar_t folders[LONGEST_PATH];
  const DWORD length = GetEnvironmentVariableW(L"PATH", folders, LONGEST_PATH);
  if (length == 0 || length >= LONGEST_PATH) return false;
  const DWORD found = SearchPathW(folders, file, ending, LONGEST_PATH, path, NULL);
  return found > 0 && found < LONGEST_PATH && is_file(path);
}

bool program_find(const wchar_t *file, wchar_t *path, struct failure *failure) {
  static const wchar_t *const ENDINGS[] = {L"", L".exe", L".com", L".cmd", L".bat"};
  for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
    if (!find_with(file, ENDINGS[i], path)) continue;
    return !is_script(path) || refuse(failure, ERROR_BAD_EXE_FORMAT, STEP, path);
  }
  const DWORD attributes = is_path(file) ? GetFileAttributesW(file) : INVALID_FILE_ATTRIBUTES;
  return refuse(failure, attributes == INVALID_FILE_ATTRIBUTES ? ERROR_FILE_NOT_FOUND : ERROR_ACCESS_DENIED, STEP, file);
}
