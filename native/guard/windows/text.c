#include "text.h"

bool take_number(const wchar_t **cursor, unsigned long most, unsigned long *number) {
  const wchar_t *at = *cursor;
  unsigned long value = 0;
  for (; *at >= L'0' && *at <= L'9'; at++) {
    const unsigned long digit = (unsigned long)(*at - L'0');
    if (value > most / 10 || value * 10 > most - digit) return false;
    value = value * 10 + digit;
  }
  if (at == *cursor) return false;
  *cursor = at;
  *number = value;
  return true;
}

bool whole_number(const wchar_t *text, unsigned long most, unsigned long *number) {
  return take_number(&text, most, number) && *text == L'\0';
}

const wchar_t *after(const wchar_t *text, const wchar_t *name) {
  const size_t length = wcslen(name);
  return wcsncmp(text, name, length) == 0 ? text + length : NULL;
}
