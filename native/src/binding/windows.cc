#include "binding/convert.h"
#include "binding/windows_job.h"
#include "os/processes.h"
#include "os/processors.h"
#include "os/scheduling.h"
#include "os/shared_memory.h"

namespace ostler {

void Describe(Napi::Error& thrown, const OsError& error) {
  thrown.Set("winerr", Napi::Number::New(thrown.Env(), error.number));
  thrown.Set("text", Napi::String::New(thrown.Env(), ErrorText(error.number)));
}

namespace {

Napi::Number Number(Napi::Env env, double value) { return Napi::Number::New(env, value); }

/// setPriorityClass(pid, class)
void SetPriorityClassBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), SetPriorityClassOf(NumberOf(info, 0), static_cast<PriorityClass>(NumberOf(info, 1))));
}

/// priorityClass(pid): number
Napi::Value PriorityClassBinding(const Napi::CallbackInfo& info) {
  return Number(info.Env(), static_cast<int>(ValueOf(info.Env(), PriorityClassOf(NumberOf(info, 0)))));
}

/// processes(): [pid, parent, threads][]
Napi::Value ProcessesBinding(const Napi::CallbackInfo& info) {
  const auto found = ValueOf(info.Env(), AllProcesses());
  Napi::Array list = Napi::Array::New(info.Env(), found.size());
  uint32_t at = 0;
  for (const ProcessEntry& each : found) list.Set(at++, ArrayOf(info.Env(), {each.pid, each.parent, each.threads}));
  return list;
}

/// processTimes(pid): { startTime, cpuMs }
Napi::Value ProcessTimesBinding(const Napi::CallbackInfo& info) {
  const ProcessTimes times = ValueOf(info.Env(), TimesOf(NumberOf(info, 0)));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("startTime", Number(info.Env(), times.start_ms));
  result.Set("cpuMs", Number(info.Env(), times.cpu_ms));
  return result;
}

/// processMemory(pid): { resident, peak, committed }
Napi::Value ProcessMemoryBinding(const Napi::CallbackInfo& info) {
  const ProcessMemory memory = ValueOf(info.Env(), MemoryOf(NumberOf(info, 0)));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("resident", Number(info.Env(), static_cast<double>(memory.resident)));
  result.Set("peak", Number(info.Env(), static_cast<double>(memory.peak)));
  result.Set("committed", Number(info.Env(), static_cast<double>(memory.committed)));
  return result;
}

/// suspend(pid), resume(pid), isSuspended(pid): boolean
void SuspendBinding(const Napi::CallbackInfo& info) { Check(info.Env(), Suspend(NumberOf(info, 0))); }

void ResumeBinding(const Napi::CallbackInfo& info) { Check(info.Env(), Resume(NumberOf(info, 0))); }

Napi::Value IsSuspendedBinding(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ValueOf(info.Env(), IsSuspended(NumberOf(info, 0))));
}

/// terminate(pid, code)
void TerminateBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), Terminate(NumberOf(info, 0), info[1].As<Napi::Number>().Uint32Value()));
}

/// errorText(winerr): string
Napi::Value ErrorTextBinding(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), ErrorText(NumberOf(info, 0)));
}

/// ownHandles(): number
Napi::Value OwnHandlesBinding(const Napi::CallbackInfo& info) {
  return Number(info.Env(), ValueOf(info.Env(), OwnHandles()));
}

/// processors(): [number, core, package, node, cache][]
Napi::Value ProcessorsBinding(const Napi::CallbackInfo& info) {
  const auto found = ValueOf(info.Env(), AllProcessors());
  Napi::Array list = Napi::Array::New(info.Env(), found.size());
  uint32_t at = 0;
  for (const Processor& each : found) {
    list.Set(at++, ArrayOf(info.Env(), {each.number, each.core, each.package, each.node, each.cache}));
  }
  return list;
}

using OpenMemory = Result<SharedMemory> (*)(const std::string&, size_t);

/// createMemory(name, size), openMemory(name, size): ArrayBuffer. Given back when the buffer is collected.
Napi::Value MemoryBinding(const Napi::CallbackInfo& info, OpenMemory open) {
  const auto size = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  const SharedMemory memory = ValueOf(info.Env(), open(info[0].As<Napi::String>().Utf8Value(), size));
  return Napi::ArrayBuffer::New(info.Env(), memory.address, size,
                                [memory](Napi::Env, void*) { CloseSharedMemory(memory); });
}

Napi::Value CreateMemoryBinding(const Napi::CallbackInfo& info) { return MemoryBinding(info, CreateSharedMemory); }

Napi::Value OpenMemoryBinding(const Napi::CallbackInfo& info) { return MemoryBinding(info, OpenSharedMemory); }

}  // namespace

void AddSystemExports(Napi::Env, Napi::Object exports) {
  Export(exports, "createMemory", CreateMemoryBinding);
  Export(exports, "errorText", ErrorTextBinding);
  Export(exports, "isSuspended", IsSuspendedBinding);
  Export(exports, "openMemory", OpenMemoryBinding);
  Export(exports, "ownHandles", OwnHandlesBinding);
  Export(exports, "priorityClass", PriorityClassBinding);
  Export(exports, "processMemory", ProcessMemoryBinding);
  Export(exports, "processTimes", ProcessTimesBinding);
  Export(exports, "processes", ProcessesBinding);
  Export(exports, "processors", ProcessorsBinding);
  Export(exports, "resume", ResumeBinding);
  Export(exports, "setPriorityClass", SetPriorityClassBinding);
  Export(exports, "suspend", SuspendBinding);
  Export(exports, "terminate", TerminateBinding);
  AddJobExports(exports);
}

}  // namespace ostler
