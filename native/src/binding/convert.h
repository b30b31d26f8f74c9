// Between Node-API and what the topics of src/os/ take and give.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "os/error.h"

namespace ostler {

/// JavaScript sees { syscall, errno }, on Windows { syscall, winerr, text }; the package makes an OsControlError of it.
[[noreturn]] void Throw(Napi::Env env, const OsError& error);

/// Says in a thrown error what is known of it: each system has its own numbers.
void Describe(Napi::Error& thrown, const OsError& error);

/// Adds what this system alone can do.
void AddSystemExports(Napi::Env env, Napi::Object exports);

template <class T>
T ValueOf(Napi::Env env, Result<T> result) {
  if (!result.ok()) Throw(env, result.error());
  return std::move(result.value());
}

inline void Check(Napi::Env env, const Status& status) {
  if (status) Throw(env, *status);
}

std::vector<std::string> StringsOf(const Napi::Value& value);
std::vector<int> NumbersOf(const Napi::Value& value);
Napi::Array ArrayOf(Napi::Env env, const std::vector<int>& numbers);

inline int NumberOf(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::Number>().Int32Value();
}

template <class Call>
void Export(Napi::Object exports, const char* name, Call call) {
  exports.Set(name, Napi::Function::New(exports.Env(), call, name));
}

}  // namespace ostler
