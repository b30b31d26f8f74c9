#include "os/error.h"

#include <windows.h>

#include "windows/text.h"

namespace ostler {

std::string ErrorText(int number) {
  wchar_t text[512];
  const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
  DWORD length = FormatMessageW(flags, nullptr, static_cast<DWORD>(number), 0, text, 512, nullptr);
  while (length > 0 && (text[length - 1] == L' ' || text[length - 1] == L'.')) length--;
  return ToUtf8(std::wstring(text, length));
}

}  // namespace ostler
