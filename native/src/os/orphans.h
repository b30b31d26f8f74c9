// Processes below this one whose own parent has ended.
#pragma once

#include "os/error.h"

namespace ostler {

/// Whether they become our children (PR_SET_CHILD_SUBREAPER of prctl(2)), and not those of the system's first process.
Status AdoptOrphans(bool adopt);

}  // namespace ostler
