#include "binding/convert.h"
#include "os/memory_map.h"
#include "os/orphans.h"
#include "os/scheduling.h"
#include "os/spawn.h"

namespace ostler {

void Describe(Napi::Error& thrown, const OsError& error) {
  thrown.Set("errno", Napi::Number::New(thrown.Env(), error.number));
}

namespace {

/// spawn(file, args, env, descriptors): { pid, sockets }
Napi::Value SpawnBinding(const Napi::CallbackInfo& info) {
  const SpawnRequest request{info[0].As<Napi::String>().Utf8Value(), StringsOf(info[1]), StringsOf(info[2]),
                             NumbersOf(info[3])};
  const Spawned spawned = ValueOf(info.Env(), Spawn(request));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("pid", Napi::Number::New(info.Env(), spawned.pid));
  result.Set("sockets", ArrayOf(info.Env(), spawned.sockets));
  return result;
}

/// waitForExit(pid): { code, signal }
Napi::Value WaitForExitBinding(const Napi::CallbackInfo& info) {
  const ExitStatus status = ValueOf(info.Env(), WaitForExit(NumberOf(info, 0)));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("code", Napi::Number::New(info.Env(), status.code));
  result.Set("signal", Napi::Number::New(info.Env(), status.signal));
  return result;
}

/// mapFile(fd, size): ArrayBuffer. Unmapped when the buffer is collected.
Napi::Value MapFileBinding(const Napi::CallbackInfo& info) {
  const auto size = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  void* address = ValueOf(info.Env(), MapFile(NumberOf(info, 0), size));
  return Napi::ArrayBuffer::New(info.Env(), address, size, [size](Napi::Env, void* data) { UnmapFile(data, size); });
}

/// adoptOrphans(adopt)
void AdoptOrphansBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), AdoptOrphans(info[0].As<Napi::Boolean>().Value()));
}

/// setThreadPolicy(thread, policy)
void SetThreadPolicyBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), SetPolicy(NumberOf(info, 0), static_cast<Policy>(NumberOf(info, 1))));
}

/// threadPolicy(thread): number
Napi::Value ThreadPolicyBinding(const Napi::CallbackInfo& info) {
  const Policy policy = ValueOf(info.Env(), PolicyOf(NumberOf(info, 0)));
  return Napi::Number::New(info.Env(), static_cast<int>(policy));
}

}  // namespace

void AddSystemExports(Napi::Env, Napi::Object exports) {
  Export(exports, "adoptOrphans", AdoptOrphansBinding);
  Export(exports, "mapFile", MapFileBinding);
  Export(exports, "setThreadPolicy", SetThreadPolicyBinding);
  Export(exports, "spawn", SpawnBinding);
  Export(exports, "threadPolicy", ThreadPolicyBinding);
  Export(exports, "waitForExit", WaitForExitBinding);
}

}  // namespace ostler
