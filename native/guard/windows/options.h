#pragma once

#include "cpus.h"
#include "failure.h"

#include <stdbool.h>

extern const char USAGE[];

/** As many jobs as one process can sensibly be nested in. */
enum { MOST_JOBS = 8 };

/** The command line. */
struct options {
  bool help;
  /** The place of the pipe to the pool among the inherited descriptors; -1 where there is none. */
  int control;
  /** Names of the jobs that the worker is in, the outermost first. */
  const wchar_t *jobs[MOST_JOBS];
  unsigned job_count;
  struct cpus cpus;
  /** A priority class, or 0 for the inherited one. */
  DWORD priority;
  const wchar_t *cwd;
  /** The program as it was named, and its whole command line as it was written. */
  const wchar_t *file;
  const wchar_t *command;
};

/** Reads the whole command line even behind a mistake, so that the control pipe is known to tell it to. */
bool options_parse(struct options *options, wchar_t **arguments, struct failure *failure);
