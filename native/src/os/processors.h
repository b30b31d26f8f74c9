// The processors that are there. Windows only: Linux tells it by files of /sys.
#pragma once

#include <vector>

#include "os/error.h"

namespace ostler {

struct Processor {
  /// Its global number, see windows/processor_groups.h.
  int number;
  int core;
  int package;
  int node;
  /// The lowest number of those that share its last cache; -1 where the system does not tell.
  int cache;
};

/// In ascending order.
Result<std::vector<Processor>> AllProcessors();

}  // namespace ostler
