#pragma once

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>

/** The folders of a worker's control groups: one with version 2, one per hierarchy with version 1. */
struct groups {
  const char *const *folders;
  size_t count;
};

/** Puts the calling process into all of them. */
bool groups_join(struct groups groups, struct failure *failure);

/** Kills all members at once where the kernel can (version 2 since 5.14). */
void groups_kill_whole(struct groups groups);

/** Kills the members one by one where the kernel can't kill the group. True where there were any. */
bool groups_kill_members(struct groups groups);

/** Removes the folders, and the one above each when that was its last. */
void groups_remove(struct groups groups);
