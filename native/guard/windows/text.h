#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/** Reads digits up to `most` and moves the cursor behind them; false where there are none or the number is larger. */
bool take_number(const wchar_t **cursor, unsigned long most, unsigned long *number);

/** The whole text as a number of at most `most`. */
bool whole_number(const wchar_t *text, unsigned long most, unsigned long *number);

/** What follows `name` in a text that begins with it; else NULL. */
const wchar_t *after(const wchar_t *text, const wchar_t *name);
