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
  /// What its completion port has told since it was last asked (JOB_OBJECT_MSG_…). It may leave a message away, but of limits.
  Result<std::vector<int>> TakeMessages();
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
