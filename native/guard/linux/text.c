#include "text.h"

bool take_number(const char **cursor, unsigned long most, unsigned long *number) {
  const char *at = *cursor;
  unsigned long value = 0;
  for (; *at >= '0' && *at <= '9'; at++) {
    const unsigned long digit = (unsigned long)(*at - '0');
    if (value > most / 10 || value * 10 > most - digit) return false;
    value = value * 10 + digit;
  }
  if (at == *cursor) return false;
  *cursor = at;
  *number = value;
  return true;
}

bool whole_number(const char *text, unsigned long most, unsigned long *number) {
  return take_number(&text, most, number) && *text == '\0';
}
