#pragma once

#include <windows.h>

#include <utility>
#include <vector>

#include "os/error.h"
#include "windows/processor_groups.h"

namespace ostler {

/// What the system tells of its processors, record after record; each says how long it is.
class ProcessorRecords {
 public:
  static Result<ProcessorRecords> Read(LOGICAL_PROCESSOR_RELATIONSHIP what);

  template <class Visit>
  void Each(Visit visit) const {
    for (size_t at = 0; at < bytes_.size();) {
      const auto* record = reinterpret_cast<const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX*>(bytes_.data() + at);
      if (record->Size == 0) return;
      visit(*record);
      at += record->Size;
    }
  }

 private:
  explicit ProcessorRecords(std::vector<char> bytes) : bytes_(std::move(bytes)) {}
  std::vector<char> bytes_;
};

/// The groups of this machine, asked anew each time: processors can be added to a running one.
Result<processor_groups> ActiveProcessors();

}  // namespace ostler
