#pragma once

#include <stdbool.h>
#include <sys/types.h>

/**
 * Gives the scheduling group of a session the nice value of its leader. Kernels with autogroups (most desktops and
 * distributions) share the CPU between sessions first: within a session of its own, a nice value or the idle policy
 * would mean nothing to the rest of the machine. False where it should be tried again later: ordinary users have ten
 * of these a second, all together.
 */
bool autogroup_renice(pid_t leader, int nice);
