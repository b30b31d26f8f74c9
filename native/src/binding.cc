// The only file that knows Node-API: it converts arguments, calls a topic of src/os/, and converts what comes back.
#include <napi.h>

#include "os/memory_map.h"

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

/// mapFile(fd, size): ArrayBuffer. Unmapped when the buffer is collected.
Napi::Value MapFileBinding(const Napi::CallbackInfo& info) {
  const int fd = info[0].As<Napi::Number>().Int32Value();
  const auto size = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  void* address = ValueOf(info.Env(), MapFile(fd, size));
  return Napi::ArrayBuffer::New(info.Env(), address, size, [size](Napi::Env, void* data) { UnmapFile(data, size); });
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("mapFile", Napi::Function::New(env, MapFileBinding, "mapFile"));
  return exports;
}

}  // namespace
}  // namespace ostler

Napi::Object InitBinding(Napi::Env env, Napi::Object exports) { return ostler::Init(env, exports); }
NODE_API_MODULE(ostler_native, InitBinding)
