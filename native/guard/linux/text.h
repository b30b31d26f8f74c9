#pragma once

#include <stdbool.h>

/** Reads digits up to `most` and moves the cursor behind them; false where there are none or the number is larger. */
bool take_number(const char **cursor, unsigned long most, unsigned long *number);

/** The whole text as a number of at most `most`. */
bool whole_number(const char *text, unsigned long most, unsigned long *number);
