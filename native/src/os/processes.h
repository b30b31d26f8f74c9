// The processes of the machine, and what is done to one as a whole. Windows only: Linux tells and takes it by /proc and kill(2).
#pragma once

#include <cstdint>
#include <vector>

#include "os/error.h"

namespace ostler {

struct ProcessEntry {
  int pid;
  /// Its number may have been given to another process since.
  int parent;
  int threads;
};

Result<std::vector<ProcessEntry>> AllProcesses();

struct ProcessTimes {
  /// Unix milliseconds, to 100 ns.
  double start_ms;
  double cpu_ms;
};

/// A process that has ended is gone (ERROR_INVALID_PARAMETER of OpenProcess), even where somebody holds a handle of it.
Result<ProcessTimes> TimesOf(int pid);

struct ProcessMemory {
  /// Physical memory, also what it shares with others.
  uint64_t resident;
  uint64_t peak;
  /// Memory that it has been promised and that nobody shares, in RAM or not.
  uint64_t committed;
};

Result<ProcessMemory> MemoryOf(int pid);

/// Stops all of its threads. One that is suspended stays so: a Resume undoes any number of these.
Status Suspend(int pid);

Status Resume(int pid);

/// Whether all of its threads are suspended.
Result<bool> IsSuspended(int pid);

/// Ends it with this exit code.
Status Terminate(int pid, unsigned code);

/// How many handles this process has open.
Result<int> OwnHandles();

}  // namespace ostler
