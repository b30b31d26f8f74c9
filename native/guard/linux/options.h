#pragma once

#include "cpus.h"
#include "failure.h"
#include "limits.h"

#include <stdbool.h>
#include <stddef.h>

extern const char USAGE[];

/** The command line. */
struct options {
  bool help;
  /** The socket to the pool; -1 where there is none. */
  int control;
  /** Folders of the worker's control groups. */
  const char **groups;
  size_t group_count;
  struct cpus cpus;
  struct limits limits;
  /** SCHED_BATCH, SCHED_IDLE, or -1 for the inherited one. */
  int policy;
  bool reniced;
  int nice;
  const char *cwd;
  /** Ends with NULL, as exec wants it. */
  char **command;
};

/** Reads the whole command line even behind a mistake, so that the control socket is known to tell it to. */
bool options_parse(struct options *options, char **arguments, struct failure *failure);
