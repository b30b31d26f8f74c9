#pragma once

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** The socket to the pool: lines of text in both directions. */
struct control {
  /** -1 where there is none. */
  int fd;
  /** The pool is gone. */
  bool ended;
  size_t used;
  char buffer[128];
};

/** What the pool asks for. */
struct order {
  enum { ORDER_SIGNAL, ORDER_KILL } what;
  int signal;
};

/** Takes the descriptor over: the worker will not inherit it. */
bool control_open(struct control *control, int fd, struct failure *failure);

void control_started(struct control *control, pid_t worker);

/** Tells the pool, or standard error where there is no socket, what could not be done. */
void control_failed(struct control *control, const struct failure *failure);

/** Reads once what is there; sets `ended` at end of file. */
void control_read(struct control *control);

/** Takes the next order out of what was read; false where there is no whole line. */
bool control_next(struct control *control, struct order *order);
