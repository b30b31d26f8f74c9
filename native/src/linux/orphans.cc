#include "os/orphans.h"

#include <sys/prctl.h>

#include <cerrno>

namespace ostler {

Status AdoptOrphans(bool adopt) {
  if (prctl(PR_SET_CHILD_SUBREAPER, adopt ? 1 : 0) < 0) return OsError{"prctl", errno};
  return std::nullopt;
}

}  // namespace ostler
