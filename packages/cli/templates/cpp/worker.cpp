#include "handlers.hpp"
#include "ostler_worker.hpp"

using ostler::Input;
using ostler::Json;
using ostler::Task;

int main() {
  return ostler::serve({
      // Gets what the caller sent, and replies with what it returns.
      {"default", [](const Input& input, Task&) { return input.text(); }},
      {"upper", [](const Input& input, Task&) { return upper(input.text()); }},
      // A JSON value in, a JSON value out.
      {"sum", [](const Input& input, Task& task) {
         task.log("info", "adding");
         return Json(sum(input.json()["a"].number(), input.json()["b"].number()));
       }},
  });
}
