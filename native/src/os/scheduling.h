// On which CPUs a thread runs, and how it is preferred to others. `id` is a thread on Linux, a process on Windows, where
// all threads of a process share these.
#pragma once

#include <vector>

#include "os/error.h"

namespace ostler {

/// All of these CPUs, by their global numbers, and no other: EINVAL, or ERROR_INVALID_PARAMETER, where one does not exist
/// or may not be used.
Status SetCpus(int id, const std::vector<int>& cpus);

/// In ascending order.
Result<std::vector<int>> CpusOf(int id);

/// Linux only.
enum class Policy { kOther = 0, kBatch = 1, kIdle = 2 };

Status SetPolicy(int id, Policy policy);

/// EINVAL for a real-time thread.
Result<Policy> PolicyOf(int id);

/// Windows only.
enum class PriorityClass { kIdle = 0, kBelowNormal = 1, kNormal = 2, kAboveNormal = 3, kHigh = 4, kRealTime = 5 };

/// Set, then read back: without the privilege for the highest, Windows gives the next lower one and says nothing.
Status SetPriorityClassOf(int id, PriorityClass wanted);

Result<PriorityClass> PriorityClassOf(int id);

}  // namespace ostler
