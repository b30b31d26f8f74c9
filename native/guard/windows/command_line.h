#pragma once

#include <stdbool.h>
#include <wchar.h>

/**
 * What follows the first argument that is "--" in a command line, as it was written: quoted anew it could be another to
 * a program that has rules of its own. NULL where there is no such argument.
 */
const wchar_t *command_line_rest(const wchar_t *line);
