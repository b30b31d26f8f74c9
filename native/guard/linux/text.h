#pragma once

#include <stdbool.h>

/** Reads digits up to `most` and moves the cursor behind them; false where there are none or the number is larger. */
bool take_number(const char **cursor, unsigned long most, unsigned long *number);

typedef void number_visitor(unsigned long number, void *context);

/** Calls `visit` with every number but 0 of a file of numbers, whatever stands between them. */
void each_number(int fd, number_visitor *visit, void *context);

/** The whole text as a number of at most `most`. */
bool whole_number(const char *text, unsigned long most, unsigned long *number);
