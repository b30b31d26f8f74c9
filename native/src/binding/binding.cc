// This folder alone knows Node-API: it converts arguments, calls a topic of src/os/, and converts what comes back.
#include "binding/convert.h"
#include "os/scheduling.h"

namespace ostler {
namespace {

/// setCpus(id, cpus)
void SetCpusBinding(const Napi::CallbackInfo& info) {
  Check(info.Env(), SetCpus(NumberOf(info, 0), NumbersOf(info[1])));
}

/// cpusOf(id): number[]
Napi::Value CpusOfBinding(const Napi::CallbackInfo& info) {
  return ArrayOf(info.Env(), ValueOf(info.Env(), CpusOf(NumberOf(info, 0))));
}

}  // namespace
}  // namespace ostler

Napi::Object InitBinding(Napi::Env env, Napi::Object exports) {
  ostler::Export(exports, "setCpus", ostler::SetCpusBinding);
  ostler::Export(exports, "cpusOf", ostler::CpusOfBinding);
  ostler::AddSystemExports(env, exports);
  return exports;
}
NODE_API_MODULE(ostler_native, InitBinding)
