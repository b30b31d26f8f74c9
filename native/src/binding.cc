// The only file that knows Node-API: it converts arguments, calls a topic of src/os/, and converts what comes back.
#include <napi.h>

#include "os/memory_map.h"
#include "os/orphans.h"
#include "os/scheduling.h"
#include "os/spawn.h"

namespace ostler {
namespace {

/// JavaScript sees { syscall, errno }; the package makes an OsControlError of it.
[[noreturn]] void Throw(Napi::Env env, const OsError& error) {
  Napi::Error thrown = Napi::Error::New(env, error.syscall);
  thrown.Set("syscall", Napi::String::New(env, error.syscall));
  thrown.Set("errno", Napi::Number::New(env, error.number));
  throw thrown;
}

template <class T>
T ValueOf(Napi::Env env, Result<T> result) {
  if (!result.ok()) Throw(env, result.error());
  return std::move(result.value());
}

std::vector<std::string> StringsOf(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> strings;
  strings.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) strings.push_back(array.Get(i).As<Napi::String>().Utf8Value());
  return strings;
}

std::vector<int> NumbersOf(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<int> numbers;
  numbers.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) numbers.push_back(array.Get(i).As<Napi::Number>().Int32Value());
  return numbers;
}

Napi::Array ArrayOf(Napi::Env env, const std::vector<int>& numbers) {
  Napi::Array array = Napi::Array::New(env, numbers.size());
  for (size_t i = 0; i < numbers.size(); i++) array.Set(static_cast<uint32_t>(i), Napi::Number::New(env, numbers[i]));
  return array;
}

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
  const ExitStatus status = ValueOf(info.Env(), WaitForExit(info[0].As<Napi::Number>().Int32Value()));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("code", Napi::Number::New(info.Env(), status.code));
  result.Set("signal", Napi::Number::New(info.Env(), status.signal));
  return result;
}

/// mapFile(fd, size): ArrayBuffer. Unmapped when the buffer is collected.
Napi::Value MapFileBinding(const Napi::CallbackInfo& info) {
  const int fd = info[0].As<Napi::Number>().Int32Value();
  const auto size = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  void* address = ValueOf(info.Env(), MapFile(fd, size));
  return Napi::ArrayBuffer::New(info.Env(), address, size, [size](Napi::Env, void* data) { UnmapFile(data, size); });
}

int NumberOf(const Napi::CallbackInfo& info, size_t index) { return info[index].As<Napi::Number>().Int32Value(); }

void Check(Napi::Env env, const Status& status) {
  if (status) Throw(env, *status);
}

/// adoptOrphans(adopt)
void AdoptOrphansBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), AdoptOrphans(info[0].As<Napi::Boolean>().Value()));
}

/// setThreadCpus(thread, cpus)
void SetThreadCpusBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), SetThreadCpus(NumberOf(info, 0), NumbersOf(info[1])));
}

/// threadCpus(thread): number[]
Napi::Value ThreadCpusBinding(const Napi::CallbackInfo& info) {
  return ArrayOf(info.Env(), ValueOf(info.Env(), ThreadCpus(NumberOf(info, 0))));
}

/// setThreadPolicy(thread, policy)
void SetThreadPolicyBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), SetThreadPolicy(NumberOf(info, 0), static_cast<Policy>(NumberOf(info, 1))));
}

/// threadPolicy(thread): number
Napi::Value ThreadPolicyBinding(const Napi::CallbackInfo& info) {
  const Policy policy = ValueOf(info.Env(), ThreadPolicy(NumberOf(info, 0)));
  return Napi::Number::New(info.Env(), static_cast<int>(policy));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("adoptOrphans", Napi::Function::New(env, AdoptOrphansBinding, "adoptOrphans"));
  exports.Set("mapFile", Napi::Function::New(env, MapFileBinding, "mapFile"));
  exports.Set("setThreadCpus", Napi::Function::New(env, SetThreadCpusBinding, "setThreadCpus"));
  exports.Set("setThreadPolicy", Napi::Function::New(env, SetThreadPolicyBinding, "setThreadPolicy"));
  exports.Set("threadCpus", Napi::Function::New(env, ThreadCpusBinding, "threadCpus"));
  exports.Set("threadPolicy", Napi::Function::New(env, ThreadPolicyBinding, "threadPolicy"));
  exports.Set("spawn", Napi::Function::New(env, SpawnBinding, "spawn"));
  exports.Set("waitForExit", Napi::Function::New(env, WaitForExitBinding, "waitForExit"));
  return exports;
}

}  // namespace
}  // namespace ostler

Napi::Object InitBinding(Napi::Env env, Napi::Object exports) { return ostler::Init(env, exports); }
NODE_API_MODULE(ostler_native, InitBinding)
