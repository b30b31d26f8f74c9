#include "binding/windows_job.h"

#include "binding/convert.h"
#include "os/job.h"

namespace ostler {
namespace {

template <class T>
std::optional<T> Limit(const Napi::Object& limits, const char* name) {
  const Napi::Value value = limits.Get(name);
  if (!value.IsNumber()) return std::nullopt;
  return static_cast<T>(value.As<Napi::Number>().Int64Value());
}

void SetCount(Napi::Object& object, const char* name, double value) {
  object.Set(name, Napi::Number::New(object.Env(), value));
}

template <class T>
void SetLimit(Napi::Object& object, const char* name, const std::optional<T>& value) {
  if (value) SetCount(object, name, static_cast<double>(*value));
}

/// A job as an object of JavaScript; it is closed when that is collected, or by its close().
class JobObject : public Napi::ObjectWrap<JobObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Job",
                       {
                           InstanceMethod<&JobObject::Assign>("assign"),
                           InstanceMethod<&JobObject::SetLimits>("setLimits"),
                           InstanceMethod<&JobObject::Limits>("limits"),
                           InstanceMethod<&JobObject::Usage>("usage"),
                           InstanceMethod<&JobObject::Processes>("processes"),
                           InstanceMethod<&JobObject::TakeMessages>("takeMessages"),
                           InstanceMethod<&JobObject::Terminate>("terminate"),
                           InstanceMethod<&JobObject::Close>("close"),
                       });
  }

  explicit JobObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<JobObject>(info),
        job_(ValueOf(info.Env(), Job::Create(info[0].As<Napi::String>().Utf8Value()))) {}

 private:
  void Assign(const Napi::CallbackInfo& info) { Check(info.Env(), job_->Assign(NumberOf(info, 0))); }

  void SetLimits(const Napi::CallbackInfo& info) {
    const auto given = info[0].As<Napi::Object>();
    JobLimits limits;
    limits.job_memory = Limit<uint64_t>(given, "jobMemory");
    limits.process_memory = Limit<uint64_t>(given, "processMemory");
    limits.active_processes = Limit<uint32_t>(given, "activeProcesses");
    limits.cpu_rate = Limit<uint32_t>(given, "cpuRate");
    Check(info.Env(), job_->SetLimits(limits));
  }

  Napi::Value Limits(const Napi::CallbackInfo& info) {
    const JobLimits limits = ValueOf(info.Env(), job_->Limits());
    Napi::Object result = Napi::Object::New(info.Env());
    SetLimit(result, "jobMemory", limits.job_memory);
    SetLimit(result, "processMemory", limits.process_memory);
    SetLimit(result, "activeProcesses", limits.active_processes);
    SetLimit(result, "cpuRate", limits.cpu_rate);
    return result;
  }

  Napi::Value Usage(const Napi::CallbackInfo& info) {
    const JobUsage usage = ValueOf(info.Env(), job_->Usage());
    Napi::Object result = Napi::Object::New(info.Env());
    SetCount(result, "cpuMs", usage.cpu_ms);
    SetCount(result, "activeProcesses", usage.active_processes);
    SetCount(result, "totalProcesses", usage.total_processes);
    SetCount(result, "peakJobMemory", static_cast<double>(usage.peak_job_memory));
    SetCount(result, "peakProcessMemory", static_cast<double>(usage.peak_process_memory));
    return result;
  }

  Napi::Value Processes(const Napi::CallbackInfo& info) {
    return ArrayOf(info.Env(), ValueOf(info.Env(), job_->Processes()));
  }

  Napi::Value TakeMessages(const Napi::CallbackInfo& info) {
    return ArrayOf(info.Env(), ValueOf(info.Env(), job_->TakeMessages()));
  }

  void Terminate(const Napi::CallbackInfo& info) {
    Check(info.Env(), job_->Terminate(info[0].As<Napi::Number>().Uint32Value()));
  }

  void Close(const Napi::CallbackInfo&) { job_->Close(); }

  std::unique_ptr<Job> job_;
};

/// ownCpuRate(): number | undefined
Napi::Value OwnCpuRateBinding(const Napi::CallbackInfo& info) {
  const std::optional<uint32_t> rate = OwnCpuRate();
  if (!rate) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), *rate);
}

}  // namespace

void AddJobExports(Napi::Object exports) {
  exports.Set("Job", JobObject::Define(exports.Env()));
  Export(exports, "ownCpuRate", OwnCpuRateBinding);
}

}  // namespace ostler
