#include "os/scheduling.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace ostler {
namespace {

struct FreeCpuSet {
  void operator()(cpu_set_t* set) const { CPU_FREE(set); }
};

/// A mask for CPUs up to a number: the usual type ends at 1023.
class CpuMask {
 public:
  explicit CpuMask(int cpus) : cpus_(cpus), set_(CPU_ALLOC(cpus)) { CPU_ZERO_S(size(), set_.get()); }

  size_t size() const { return CPU_ALLOC_SIZE(cpus_); }
  cpu_set_t* get() const { return set_.get(); }
  void Add(int cpu) { CPU_SET_S(cpu, size(), set_.get()); }

  std::vector<int> Numbers() const {
    std::vector<int> numbers;
    for (int cpu = 0; cpu < static_cast<int>(8 * size()); cpu++) {
      if (CPU_ISSET_S(cpu, size(), set_.get())) numbers.push_back(cpu);
    }
    return numbers;
  }

 private:
  int cpus_;
  std::unique_ptr<cpu_set_t, FreeCpuSet> set_;
};

/// More than any kernel is built for.
constexpr int kMostCpus = 1 << 20;

const int kPolicies[] = {SCHED_OTHER, SCHED_BATCH, SCHED_IDLE};

}  // namespace

Status SetCpus(int thread, const std::vector<int>& cpus) {
  const Result<std::vector<int>> before = CpusOf(thread);
  if (!before.ok()) return before.error();
  const auto [least, most] = std::minmax_element(cpus.begin(), cpus.end());
  if (cpus.empty() || *least < 0 || *most >= kMostCpus) return OsError{"sched_setaffinity", EINVAL};
  CpuMask mask(*most + 1);
  for (const int cpu : cpus) mask.Add(cpu);
  if (sched_setaffinity(thread, mask.size(), mask.get()) < 0) return OsError{"sched_setaffinity", errno};
  const Result<std::vector<int>> after = CpusOf(thread);
  if (!after.ok()) return after.error();
  if (after.value() == mask.Numbers()) return std::nullopt;
  // The kernel leaves away what does not exist, and says nothing.
  SetCpus(thread, before.value());
  return OsError{"sched_setaffinity", EINVAL};
}

Result<std::vector<int>> CpusOf(int thread) {
  for (int cpus = 1024; cpus <= kMostCpus; cpus *= 2) {
    const CpuMask mask(cpus);
    if (sched_getaffinity(thread, mask.size(), mask.get()) >= 0) return mask.Numbers();
    if (errno != EINVAL) break;  // EINVAL: the kernel's own mask is longer
  }
  return OsError{"sched_getaffinity", errno};
}

Status SetPolicy(int thread, Policy policy) {
  const sched_param none{};
  if (sched_setscheduler(thread, kPolicies[static_cast<int>(policy)], &none) < 0) {
    return OsError{"sched_setscheduler", errno};
  }
  return std::nullopt;
}

Result<Policy> PolicyOf(int thread) {
  const int policy = sched_getscheduler(thread);
  if (policy < 0) return OsError{"sched_getscheduler", errno};
  const int plain = policy & ~SCHED_RESET_ON_FORK;
  for (int i = 0; i < 3; i++) {
    if (kPolicies[i] == plain) return static_cast<Policy>(i);
  }
  return OsError{"sched_getscheduler", EINVAL};
}

}  // namespace ostler
