#pragma once

#include "failure.h"
#include "options.h"

#include <stdbool.h>
#include <sys/types.h>

/** The process that is guarded. */
struct worker {
  pid_t pid;
  /** Read end of a pipe that tells a failure, or closes by exec; -1 when it has been read. */
  int proof;
  bool exited;
  /** As waitpid() gives it. */
  int status;
};

/** Forks it; the child sets itself up and execs. */
bool worker_start(struct worker *worker, struct options *options, struct failure *failure);

/** Waits for the proof: true where the worker's program runs, false where a step failed. */
bool worker_proven(struct worker *worker, struct failure *failure);
