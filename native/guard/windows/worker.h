#pragma once

#include "descriptors.h"
#include "failure.h"
#include "job.h"
#include "options.h"

/** The process that is guarded. */
struct worker {
  HANDLE process;
  DWORD pid;
};

/** Starts it, under everything that was asked for before its first instruction; or not at all. */
bool worker_start(struct worker *worker, const struct options *options, const struct job *job,
                  struct descriptors *descriptors, struct failure *failure);
