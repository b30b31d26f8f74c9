#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** The processes below this one, parents before children. Zero-initialised; freed never, for the guard ends with it. */
struct descendants {
  pid_t *pids;
  size_t count;
  size_t room;
};

/**
 * Stops every descendant, until a look at all of them finds none that isn't: a stopped process can't fork, and can't
 * reap a child either, so that the pids keep their meaning.
 */
void descendants_stop(struct descendants *descendants);

/** Kills what was found, children before parents. */
void descendants_kill(const struct descendants *descendants);

/** Whether one of them waits for nothing but a CPU. */
bool descendants_want_cpu(const struct descendants *descendants);
