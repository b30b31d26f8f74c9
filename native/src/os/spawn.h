// Starting a process at a cost that does not depend on how large we are, and learning of its end.
#pragma once

#include <string>
#include <vector>

#include "os/error.h"

namespace ostler {

struct SpawnRequest {
  /// An absolute path; nothing is searched.
  std::string file;
  /// From argv[0] on.
  std::vector<std::string> args;
  /// NAME=value; nothing is inherited beside it.
  std::vector<std::string> env;
  /// What each descriptor of the process is to be: one of ours, or one of the two below.
  std::vector<int> descriptors;
};

/// A new stream socket, whose other end we get.
constexpr int kSocket = -1;
constexpr int kClosed = -2;

struct Spawned {
  int pid;
  /// Our ends, close-on-exec, by the number that the other end has in the process; -1 where there is none.
  std::vector<int> sockets;
};

/// Starts a process in a session of its own, with no signal blocked or ignored.
Result<Spawned> Spawn(const SpawnRequest& request);

struct ExitStatus {
  /// -1 where a signal ended it.
  int code;
  /// 0 where it exited.
  int signal;
};

/// Waits until a child of ours that is about to end has ended, and frees its pid.
Result<ExitStatus> WaitForExit(int pid);

}  // namespace ostler
