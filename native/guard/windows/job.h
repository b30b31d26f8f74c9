#pragma once

#include "failure.h"
#include "options.h"

/** The job that is the guard's alone, so that its end is the end of all that is in it, and those around it. */
struct job {
  HANDLE own;
  /** From the outermost to our own, which is the last. */
  HANDLE all[MOST_JOBS + 1];
  unsigned count;
  HANDLE port;
};

/** Opens the jobs that the pool has named, and makes our own. */
bool job_open(struct job *job, const struct options *options, struct failure *failure);

/** Whether a process is in every one of them. */
bool job_holds(const struct job *job, HANDLE process, struct failure *failure);

/** Puts a process into every one of them, and says which can't take it. */
bool job_assign(const struct job *job, const struct options *options, HANDLE process, struct failure *failure);

/** The jobs around our own are the pool's to keep. */
void job_release_others(struct job *job);

/** Ends everything in our job. Gives up on what does not end, when nothing else has for a second. */
void job_end(struct job *job, UINT code);
