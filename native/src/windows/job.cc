#include "os/job.h"

#include "windows/handle.h"
#include "windows/last_error.h"
#include "windows/text.h"

namespace ostler {
namespace {

const char* const kSet = "SetInformationJobObject";
const char* const kQuery = "QueryInformationJobObject";
constexpr double kUnitsPerMs = 10'000;
constexpr size_t kMostProcesses = 1 << 20;

/// Nothing leaves the job, nothing outlives it, and a crash is the end of a process, not a window that waits for a user.
constexpr DWORD kAlways = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;

OsError Closed(const char* call) { return OsError{call, ERROR_INVALID_HANDLE}; }

JOBOBJECT_EXTENDED_LIMIT_INFORMATION ExtendedOf(const JobLimits& limits) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
  DWORD& flags = info.BasicLimitInformation.LimitFlags;
  flags = kAlways;
  if (limits.job_memory) flags |= JOB_OBJECT_LIMIT_JOB_MEMORY;
  if (limits.process_memory) flags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
  if (limits.active_processes) flags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
  info.JobMemoryLimit = static_cast<SIZE_T>(limits.job_memory.value_or(0));
  info.ProcessMemoryLimit = static_cast<SIZE_T>(limits.process_memory.value_or(0));
  info.BasicLimitInformation.ActiveProcessLimit = limits.active_processes.value_or(0);
  return info;
}

constexpr DWORD kHardRate = JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP;

/// Absent also where the system knows no such thing.
std::optional<uint32_t> CpuRateOf(HANDLE job) {
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION info{};
  const BOOL known = QueryInformationJobObject(job, JobObjectCpuRateControlInformation, &info, sizeof info, nullptr);
  if (!known || (info.ControlFlags & kHardRate) != kHardRate) return std::nullopt;
  return info.CpuRate;
}

Status SetCpuRate(HANDLE job, std::optional<uint32_t> rate) {
  if (!rate && !CpuRateOf(job)) return std::nullopt;
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION info{};
  info.ControlFlags = rate ? kHardRate : 0;
  info.CpuRate = rate.value_or(0);
  if (SetInformationJobObject(job, JobObjectCpuRateControlInformation, &info, sizeof info)) return std::nullopt;
  return OsError{"SetInformationJobObject(JobObjectCpuRateControlInformation)", static_cast<int>(GetLastError())};
}

}  // namespace

struct Job::Handles {
  /// Null asks the system about the job of this process, so that a closed job must never come to a call.
  Handle job;
  Handle port;
};

Job::Job(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Job::~Job() = default;

Result<std::unique_ptr<Job>> Job::Create(const std::string& name) {
  auto handles = std::make_unique<Handles>();
  handles->job = Handle(CreateJobObjectW(nullptr, ToWide(name).c_str()));
  if (!handles->job) return LastError("CreateJobObjectW");
  if (GetLastError() == ERROR_ALREADY_EXISTS) return OsError{"CreateJobObjectW", ERROR_ALREADY_EXISTS};
  handles->port = Handle(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
  if (!handles->port) return LastError("CreateIoCompletionPort");
  JOBOBJECT_ASSOCIATE_COMPLETION_PORT port{};
  port.CompletionPort = handles->port.get();
  const auto what = JobObjectAssociateCompletionPortInformation;
  if (!SetInformationJobObject(handles->job.get(), what, &port, sizeof port)) return LastError(kSet);
  std::unique_ptr<Job> job(new Job(std::move(handles)));
  if (const Status refused = job->SetLimits({})) return *refused;
  return job;
}

Status Job::Assign(int pid) {
  if (!handles_) return Closed("AssignProcessToJobObject");
  const Handle process(OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, FALSE, static_cast<DWORD>(pid)));
  if (!process) return LastError("OpenProcess");
  if (!AssignProcessToJobObject(handles_->job.get(), process.get())) return LastError("AssignProcessToJobObject");
  return std::nullopt;
}

Status Job::SetLimits(const JobLimits& limits) {
  if (!handles_) return Closed(kSet);
  auto info = ExtendedOf(limits);
  const HANDLE job = handles_->job.get();
  if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info)) return LastError(kSet);
  return SetCpuRate(job, limits.cpu_rate);
}

Result<JobLimits> Job::Limits() const {
  if (!handles_) return Closed(kQuery);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
  const HANDLE job = handles_->job.get();
  if (!QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info, nullptr)) {
    return LastError(kQuery);
  }
  JobLimits limits;
  const DWORD flags = info.BasicLimitInformation.LimitFlags;
  if (flags & JOB_OBJECT_LIMIT_JOB_MEMORY) limits.job_memory = info.JobMemoryLimit;
  if (flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY) limits.process_memory = info.ProcessMemoryLimit;
  if (flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS) limits.active_processes = info.BasicLimitInformation.ActiveProcessLimit;
  limits.cpu_rate = CpuRateOf(job);
  return limits;
}

Result<JobUsage> Job::Usage() const {
  if (!handles_) return Closed(kQuery);
  const HANDLE job = handles_->job.get();
  JOBOBJECT_BASIC_ACCOUNTING_INFORMATION basic{};
  if (!QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &basic, sizeof basic, nullptr)) {
    return LastError(kQuery);
  }
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION peaks{};
  if (!QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &peaks, sizeof peaks, nullptr)) {
    return LastError(kQuery);
  }
  const double units = static_cast<double>(basic.TotalUserTime.QuadPart + basic.TotalKernelTime.QuadPart);
  return JobUsage{units / kUnitsPerMs, basic.ActiveProcesses, basic.TotalProcesses, peaks.PeakJobMemoryUsed,
                  peaks.PeakProcessMemoryUsed};
}

Result<std::vector<int>> Job::Processes() const {
  if (!handles_) return Closed(kQuery);
  // As many as there are while we ask.
  for (size_t room = 64; room <= kMostProcesses; room *= 2) {
    std::vector<ULONG_PTR> words(2 + room);
    auto* list = reinterpret_cast<JOBOBJECT_BASIC_PROCESS_ID_LIST*>(words.data());
    const DWORD bytes = static_cast<DWORD>(words.size() * sizeof words[0]);
    const HANDLE job = handles_->job.get();
    const BOOL told = QueryInformationJobObject(job, JobObjectBasicProcessIdList, list, bytes, nullptr);
    if (!told && GetLastError() != ERROR_MORE_DATA) return LastError(kQuery);
    if (!told || list->NumberOfProcessIdsInList < list->NumberOfAssignedProcesses) continue;
    return std::vector<int>(list->ProcessIdList, list->ProcessIdList + list->NumberOfProcessIdsInList);
  }
  return OsError{kQuery, ERROR_MORE_DATA};
}

Result<std::vector<int>> Job::TakeMessages() {
  if (!handles_) return Closed("GetQueuedCompletionStatus");
  std::vector<int> messages;
  DWORD message = 0;
  ULONG_PTR key = 0;
  OVERLAPPED* pid = nullptr;
  while (GetQueuedCompletionStatus(handles_->port.get(), &message, &key, &pid, 0)) {
    messages.push_back(static_cast<int>(message));
  }
  if (GetLastError() != WAIT_TIMEOUT) return LastError("GetQueuedCompletionStatus");
  return messages;
}

Status Job::Terminate(unsigned code) {
  if (!handles_) return Closed("TerminateJobObject");
  if (!TerminateJobObject(handles_->job.get(), code)) return LastError("TerminateJobObject");
  return std::nullopt;
}

void Job::Close() { handles_.reset(); }

std::optional<uint32_t> OwnCpuRate() { return CpuRateOf(nullptr); }

}  // namespace ostler
