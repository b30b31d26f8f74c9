// The handlers of this worker; put your own functions here.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>

inline std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

inline double sum(double a, double b) { return a + b; }
