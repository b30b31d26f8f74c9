#include "os/processors.h"

#include <algorithm>

#include "windows/last_error.h"
#include "windows/processor_records.h"

namespace ostler {

Result<ProcessorRecords> ProcessorRecords::Read(LOGICAL_PROCESSOR_RELATIONSHIP what) {
  static const char* const kCall = "GetLogicalProcessorInformationEx";
  DWORD length = 0;
  GetLogicalProcessorInformationEx(what, nullptr, &length);
  if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return LastError(kCall);
  std::vector<char> bytes(length);
  auto* first = reinterpret_cast<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX*>(bytes.data());
  if (!GetLogicalProcessorInformationEx(what, first, &length)) return LastError(kCall);
  bytes.resize(length);
  return ProcessorRecords(std::move(bytes));
}

Result<processor_groups> ActiveProcessors() {
  const Result<ProcessorRecords> records = ProcessorRecords::Read(RelationGroup);
  if (!records.ok()) return records.error();
  processor_groups groups{};
  records.value().Each([&groups](const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX& record) {
    for (WORD i = 0; i < record.Group.ActiveGroupCount && groups.count < MOST_PROCESSOR_GROUPS; i++) {
      groups.active[groups.count++] = record.Group.GroupInfo[i].ActiveProcessorMask;
    }
  });
  return groups;
}

namespace {

/// Fills in what each record says, as long as the processors of the machine stay the same.
class Topology {
 public:
  explicit Topology(const processor_groups& groups) : groups_(groups) {
    processor_place place{};
    for (unsigned number = 0; processor_place_of(&groups_, number, &place); number++) {
      processors_.push_back(Processor{static_cast<int>(number), -1, -1, -1, -1});
    }
  }

  void Take(const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX& record) {
    if (record.Relationship == RelationProcessorCore) {
      Mark(record.Processor, &Processor::core, cores_++);
    } else if (record.Relationship == RelationProcessorPackage) {
      Mark(record.Processor, &Processor::package, packages_++);
    } else if (record.Relationship == RelationNumaNode) {
      Mark(record.NumaNode.GroupMask, &Processor::node, static_cast<int>(record.NumaNode.NodeNumber));
    } else if (record.Relationship == RelationCache && record.Cache.Level == kLastCache) {
      Mark(record.Cache.GroupMask, &Processor::cache, LowestOf(record.Cache.GroupMask));
    }
  }

  std::vector<Processor> processors() const { return processors_; }

 private:
  static constexpr BYTE kLastCache = 3;

  void Mark(const PROCESSOR_RELATIONSHIP& relation, int Processor::* field, int value) {
    for (WORD i = 0; i < relation.GroupCount; i++) Mark(relation.GroupMask[i], field, value);
  }

  void Mark(const GROUP_AFFINITY& affinity, int Processor::* field, int value) {
    for (unsigned bit = 0; bit < 64; bit++) {
      const int number = NumberIn(affinity, bit);
      if (number >= 0) processors_[static_cast<size_t>(number)].*field = value;
    }
  }

  int LowestOf(const GROUP_AFFINITY& affinity) const {
    for (unsigned bit = 0; bit < 64; bit++) {
      const int number = NumberIn(affinity, bit);
      if (number >= 0) return number;
    }
    return -1;
  }

  int NumberIn(const GROUP_AFFINITY& affinity, unsigned bit) const {
    const bool is_in = (static_cast<uint64_t>(affinity.Mask) >> bit & 1) != 0;
    return is_in ? processor_number_of(&groups_, processor_place{affinity.Group, bit}) : -1;
  }

  processor_groups groups_;
  std::vector<Processor> processors_;
  int cores_ = 0;
  int packages_ = 0;
};

}  // namespace

Result<std::vector<Processor>> AllProcessors() {
  const Result<processor_groups> groups = ActiveProcessors();
  if (!groups.ok()) return groups.error();
  const Result<ProcessorRecords> records = ProcessorRecords::Read(RelationAll);
  if (!records.ok()) return records.error();
  Topology topology(groups.value());
  records.value().Each([&topology](const auto& record) { topology.Take(record); });
  return topology.processors();
}

}  // namespace ostler
