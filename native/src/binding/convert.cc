#include "binding/convert.h"

namespace ostler {

void Throw(Napi::Env env, const OsError& error) {
  Napi::Error thrown = Napi::Error::New(env, error.syscall);
  thrown.Set("syscall", Napi::String::New(env, error.syscall));
  Describe(thrown, error);
  throw thrown;
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

}  // namespace ostler
