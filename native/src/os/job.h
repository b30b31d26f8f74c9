// A group of processes that is limited, counted and ended as a whole. Windows only: Linux has control groups, which are files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/error.h"

namespace ostler {

/// Absent is no limit.
struct JobLimits {
  /// Bytes of committed memory of all of its processes together, and of each.
  std::optional<uint64_t> job_memory;
  std::optional<uint64_t> process_memory;
  std::optional<uint32_t> active_processes;
  /// Hundredths of a percent of all CPUs: 10000 is all of them.
  std::optional<uint32_t> cpu_rate;
};

struct JobUsage {
  double cpu_ms;
  /// That live, and that there ever were.
  uint32_t active_processes;
  uint32_t total_processes;
  /// The most bytes of committed memory that there ever were.
  uint64_t peak_job_memory;
  uint64_t peak_process_memory;
};

/// What the system has told since it was last asked. It may leave such a message away, but of limits.
struct JobEvents {
  uint32_t started = 0;
  uint32_t ended = 0;
  uint32_t crashed = 0;
  uint32_t emptied = 0;
  /// Times that something was refused for a limit.
  uint32_t over_job_memory = 0;
  uint32_t over_process_memory = 0;
  uint32_t over_active_processes = 0;
};

/// Everything in it ends when it is closed, or when we end, however that comes about. Nothing breaks away from it.
class Job {
 public:
  /// ERROR_ALREADY_EXISTS for a name that is in use.
  static Result<std::unique_ptr<Job>> Create(const std::string& name);
  ~Job();

  /// ERROR_ACCESS_DENIED where the process is in a job that this one can't be nested in.
  Status Assign(int pid);
  /// Replaces them. What the system makes of them is for the caller to ask.
  Status SetLimits(const JobLimits& limits);
  Result<JobLimits> Limits() const;
  Result<JobUsage> Usage() const;
  Result<std::vector<int>> Processes() const;
  Result<JobEvents> TakeEvents();
  Status Terminate(unsigned code);
  /// From now on every call answers ERROR_INVALID_HANDLE.
  void Close();

 private:
  struct Handles;
  explicit Job(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

/// The part of the CPUs that the job which holds this process lets it have, as in JobLimits; absent is all.
std::optional<uint32_t> OwnCpuRate();

}  // namespace ostler
