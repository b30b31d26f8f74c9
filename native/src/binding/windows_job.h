#pragma once

#include <napi.h>

namespace ostler {

/// Adds the class Job(name), which has a method for each call of os/job.h, and ownCpuRate().
void AddJobExports(Napi::Object exports);

}  // namespace ostler
