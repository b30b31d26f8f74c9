#pragma once

#include "failure.h"

/** The pipe to the pool: lines of text in both directions. */
struct control {
  /** NULL where there is none. */
  HANDLE pipe;
  /** Set when the worker is to be ended: by an order, or because the pool is gone. */
  HANDLE ending;
  /** The worker's process group. */
  DWORD group;
};

/** Takes the pipe over. */
bool control_open(struct control *control, HANDLE pipe, struct failure *failure);

/** Tells the pool that the worker runs, and from then on listens to what it orders: a pipe does one thing at a time. */
bool control_started(struct control *control, DWORD worker, struct failure *failure);

/** Tells the pool, or standard error where there is no pipe, what could not be done. */
void control_failed(const struct control *control, const struct failure *failure);
