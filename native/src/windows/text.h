#pragma once

#include <string>

namespace ostler {

/// Between the texts of JavaScript, as UTF-8, and those of Windows.
std::wstring ToWide(const std::string& text);
std::string ToUtf8(const std::wstring& text);

}  // namespace ostler
