// A plain program that checks the handlers: exit code 0 where all is well.
#include "../handlers.hpp"

#include <iostream>

namespace {

int failures = 0;

void check(const char* what, bool holds) {
  std::cout << (holds ? "ok      " : "FAILED  ") << what << "\n";
  if (!holds) failures++;
}

}  // namespace

int main() {
  check("upper makes capitals", upper("hello") == "HELLO");
  check("sum adds", sum(1, 2) == 3);
  return failures == 0 ? 0 : 1;
}
