// A worker of Ostler in C++: copy this folder and put your own handlers in.
#include "ostler_worker.hpp"

using ostler::Input;
using ostler::Task;

int main() {
  return ostler::serve({
      // Gets what the caller sent, and replies with what it returns.
      {"default", [](const Input& input, Task&) { return input.text(); }},
      // A JSON value in, a JSON value out.
      {"sum", [](const Input& input, Task&) {
         return ostler::Json(input.json()["a"].number() + input.json()["b"].number());
       }},
      // A stream: each item goes out at once, as fast as the caller takes them.
      {"count", ostler::stream([](const Input& input, Task& task) {
         for (int item = 1; item <= std::stoi(input.text()); item++) task.emit(std::to_string(item));
       })},
  });
}
