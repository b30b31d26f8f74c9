#pragma once

#include "options.h"

#include <stdnoreturn.h>
#include <sys/types.h>

/** In the child: takes on everything that was asked for and becomes the worker, or tells `proof` why not and exits. */
noreturn void become_worker(struct options *options, pid_t guard, int proof);
