#include "command_line.h"

static bool is_blank(wchar_t c) { return c == L' ' || c == L'\t'; }

/** The end of the argument that begins here, by the rules of the C library: a backslash before a quotation mark takes it back. */
static const wchar_t *argument_end(const wchar_t *at) {
  bool quoted = false;
  for (; *at != L'\0' && (quoted || !is_blank(*at)); at++) {
    unsigned backslashes = 0;
    while (*at == L'\\') {
      backslashes++;
      at++;
    }
    if (*at == L'"' && backslashes % 2 == 0) quoted = !quoted;
    if (*at == L'\0' || (!quoted && is_blank(*at))) return at;
  }
  return at;
}

const wchar_t *command_line_rest(const wchar_t *line) {
  // The name of the program has rules of its own: a backslash is one, and a quotation mark ends where the next is.
  const wchar_t *at = line;
  for (bool quoted = false; *at != L'\0' && (quoted || !is_blank(*at)); at++) {
    if (*at == L'"') quoted = !quoted;
  }
  for (;;) {
    while (is_blank(*at)) at++;
    if (*at == L'\0') return NULL;
    const wchar_t *end = argument_end(at);
    const bool is_separator = end - at == 2 && at[0] == L'-' && at[1] == L'-';
    at = end;
    if (!is_separator) continue;
    while (is_blank(*at)) at++;
    return at;
  }
}
