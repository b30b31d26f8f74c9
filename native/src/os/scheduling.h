// On which CPUs a thread runs, and by which policy.
#pragma once

#include <vector>

#include "os/error.h"

namespace ostler {

enum class Policy { kOther = 0, kBatch = 1, kIdle = 2 };

/// All of these CPUs, by their global numbers, and no other: EINVAL where one does not exist or may not be used.
Status SetThreadCpus(int thread, const std::vector<int>& cpus);

/// In ascending order.
Result<std::vector<int>> ThreadCpus(int thread);

Status SetThreadPolicy(int thread, Policy policy);

/// EINVAL for a real-time thread.
Result<Policy> ThreadPolicy(int thread);

}  // namespace ostler
