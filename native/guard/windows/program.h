#pragma once

#include "failure.h"

enum { LONGEST_PATH = 32768 };

/**
 * Where the program of a command is: a name is searched in the PATH, with .exe and .com; a path is taken as it is, from
 * the current folder. The current folder itself is not searched. A script of cmd.exe is refused: what it makes of
 * arguments can't be told beforehand.
 */
bool program_find(const wchar_t *file, wchar_t *path, struct failure *failure);
