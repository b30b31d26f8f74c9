#pragma once

#include <stdbool.h>

/** What could not be done: the failing call, its errno, and the path or name it was about. Smaller than PIPE_BUF, so that it passes a pipe in one piece. */
struct failure {
  int error;
  char step[28];
  char detail[480];
};

/** Notes a failure with the present errno. Always false, so that a step can `return fail(…)`. */
bool fail(struct failure *failure, const char *step, const char *detail);

/** As fail(), for a value that is wrong before any call was made. */
bool refuse(struct failure *failure, const char *step, const char *detail);

/** The name of an errno ("ENOENT"), or its number where it has none here. Valid until the next call. */
const char *error_name(int error);
