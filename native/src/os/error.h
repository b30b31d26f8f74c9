// What went wrong in a call of the operating system, as a value.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ostler {

struct OsError {
  /// The call that failed, such as "sched_setaffinity".
  const char* syscall;
  /// errno on Linux, GetLastError() on Windows.
  int number;
};

/// What the system itself says of such a number, in the user's language. Windows only: Linux has names for them.
std::string ErrorText(int number);

/// A value, or why there is none.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(OsError error) : state_(error) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  T& value() { return std::get<T>(state_); }
  const OsError& error() const { return std::get<OsError>(state_); }

 private:
  std::variant<T, OsError> state_;
};

/// Nothing, or why it could not be done.
using Status = std::optional<OsError>;

}  // namespace ostler
