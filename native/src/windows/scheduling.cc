#include "os/scheduling.h"

#include <algorithm>

#include "windows/cpu_set_masks.h"
#include "windows/last_error.h"
#include "windows/live_process.h"
#include "windows/processor_records.h"

namespace ostler {
namespace {

const DWORD kClasses[] = {IDLE_PRIORITY_CLASS,         BELOW_NORMAL_PRIORITY_CLASS, NORMAL_PRIORITY_CLASS,
                          ABOVE_NORMAL_PRIORITY_CLASS, HIGH_PRIORITY_CLASS,         REALTIME_PRIORITY_CLASS};

constexpr DWORD kRead = PROCESS_QUERY_LIMITED_INFORMATION;
constexpr DWORD kWrite = PROCESS_SET_INFORMATION | PROCESS_QUERY_LIMITED_INFORMATION;
const char* const kSetMask = "SetProcessAffinityMask";

/// The CPUs of some places in groups, as bits.
using Masks = std::vector<GROUP_AFFINITY>;

void Add(Masks& masks, const processor_place& place) {
  const KAFFINITY bit = static_cast<KAFFINITY>(1) << place.bit;
  for (GROUP_AFFINITY& each : masks) {
    if (each.Group != place.group) continue;
    each.Mask |= bit;
    return;
  }
  GROUP_AFFINITY added{};
  added.Group = static_cast<WORD>(place.group);
  added.Mask = bit;
  masks.push_back(added);
}

Result<Masks> MasksOf(const processor_groups& groups, const std::vector<int>& cpus) {
  Masks masks;
  for (const int cpu : cpus) {
    processor_place place{};
    if (cpu < 0 || !processor_place_of(&groups, static_cast<unsigned>(cpu), &place)) {
      return OsError{kSetMask, ERROR_INVALID_PARAMETER};
    }
    Add(masks, place);
  }
  return masks;
}

std::vector<int> NumbersOf(const processor_groups& groups, const Masks& masks) {
  std::vector<int> numbers;
  for (const GROUP_AFFINITY& each : masks) {
    for (unsigned bit = 0; bit < 64; bit++) {
      if ((static_cast<uint64_t>(each.Mask) >> bit & 1) == 0) continue;
      const int number = processor_number_of(&groups, processor_place{each.Group, bit});
      if (number >= 0) numbers.push_back(number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// The groups in which a process has threads.
Result<std::vector<USHORT>> GroupsOf(HANDLE process, const processor_groups& groups_there) {
  // Nothing to ask, which Wine would not answer.
  if (groups_there.count == 1) return std::vector<USHORT>{0};
  USHORT count = MOST_PROCESSOR_GROUPS;
  std::vector<USHORT> groups(count);
  if (!GetProcessGroupAffinity(process, &count, groups.data())) return LastError("GetProcessGroupAffinity");
  groups.resize(count);
  return groups;
}

/// The mask of a process within its one group, or all that is active in those that it has.
Result<Masks> HardMasks(HANDLE process, const processor_groups& groups) {
  const Result<std::vector<USHORT>> members = GroupsOf(process, groups);
  if (!members.ok()) return members.error();
  DWORD_PTR own = 0;
  DWORD_PTR all = 0;
  if (!GetProcessAffinityMask(process, &own, &all)) return LastError("GetProcessAffinityMask");
  Masks masks;
  for (const USHORT group : members.value()) {
    if (group >= groups.count) continue;
    GROUP_AFFINITY each{};
    each.Group = group;
    // 0 where it has threads in several.
    each.Mask = members.value().size() == 1 && own != 0 ? own : static_cast<KAFFINITY>(groups.active[group]);
    masks.push_back(each);
  }
  return masks;
}

Status SetMasks(HANDLE process, const processor_groups& groups, const Masks& masks) {
  const Result<std::vector<USHORT>> members = GroupsOf(process, groups);
  if (!members.ok()) return members.error();
  const bool stays = masks.size() == 1 && members.value().size() == 1 && members.value()[0] == masks[0].Group;
  if (!stays) return SetCpuSetMasks(process, masks);
  if (!SetProcessAffinityMask(process, masks[0].Mask)) return LastError(kSetMask);
  return CpuSetMasks(process).empty() ? std::nullopt : SetCpuSetMasks(process, {});
}

}  // namespace

Status SetCpus(int id, const std::vector<int>& cpus) {
  if (cpus.empty()) return OsError{kSetMask, ERROR_INVALID_PARAMETER};
  const Result<processor_groups> groups = ActiveProcessors();
  if (!groups.ok()) return groups.error();
  const Result<Masks> masks = MasksOf(groups.value(), cpus);
  if (!masks.ok()) return masks.error();
  const Result<Handle> process = OpenLive(id, kWrite);
  if (!process.ok()) return process.error();
  if (const Status refused = SetMasks(process.value().get(), groups.value(), masks.value())) return refused;
  const Result<std::vector<int>> given = CpusOf(id);
  if (!given.ok()) return given.error();
  if (given.value() == NumbersOf(groups.value(), masks.value())) return std::nullopt;
  return OsError{kSetMask, ERROR_INVALID_PARAMETER};
}

Result<std::vector<int>> CpusOf(int id) {
  const Result<Handle> process = OpenLive(id, kRead);
  if (!process.ok()) return process.error();
  const Result<processor_groups> groups = ActiveProcessors();
  if (!groups.ok()) return groups.error();
  const Masks chosen = CpuSetMasks(process.value().get());
  if (!chosen.empty()) return NumbersOf(groups.value(), chosen);
  const Result<Masks> hard = HardMasks(process.value().get(), groups.value());
  if (!hard.ok()) return hard.error();
  return NumbersOf(groups.value(), hard.value());
}

Status SetPriorityClassOf(int id, PriorityClass wanted) {
  const Result<Handle> process = OpenLive(id, kWrite);
  if (!process.ok()) return process.error();
  if (!SetPriorityClass(process.value().get(), kClasses[static_cast<int>(wanted)])) return LastError("SetPriorityClass");
  const Result<PriorityClass> given = PriorityClassOf(id);
  if (!given.ok()) return given.error();
  if (given.value() != wanted) return OsError{"SetPriorityClass", ERROR_PRIVILEGE_NOT_HELD};
  return std::nullopt;
}

Result<PriorityClass> PriorityClassOf(int id) {
  const Result<Handle> process = OpenLive(id, kRead);
  if (!process.ok()) return process.error();
  const DWORD found = GetPriorityClass(process.value().get());
  if (found == 0) return LastError("GetPriorityClass");
  const auto* at = std::find(std::begin(kClasses), std::end(kClasses), found);
  if (at == std::end(kClasses)) return OsError{"GetPriorityClass", ERROR_NOT_SUPPORTED};
  return static_cast<PriorityClass>(at - std::begin(kClasses));
}

}  // namespace ostler
