#include "text.h"

#include <errno.h>
#include <unistd.h>

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

void each_number(int fd, number_visitor *visit, void *context) {
  char buffer[4096];
  unsigned long number = 0;
  ssize_t got;
  while ((got = read(fd, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)) {
    for (ssize_t i = 0; i < got; i++) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        number = number * 10 + (unsigned long)(buffer[i] - '0');
        continue;
      }
      if (number > 0) visit(number, context);
      number = 0;
    }
  }
}
