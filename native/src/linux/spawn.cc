#include "os/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "linux/descriptor.h"

namespace ostler {
namespace {

struct Ends {
  Descriptor ours;
  Descriptor theirs;
};

/// posix_spawn(3) keeps what it is told in structures that must be destroyed.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  int Duplicate(int from, int to) { return posix_spawn_file_actions_adddup2(&actions_, from, to); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& each : strings) pointers.push_back(const_cast<char*>(each.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// A copy of a descriptor above all that the process is to have: else one could be overwritten before it is used.
Result<int> Raised(int fd, int above) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, above);
  if (copy < 0) return OsError{"fcntl", errno};
  return copy;
}

Result<Ends> OpenSocket(int above) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return OsError{"socketpair", errno};
  Ends ends{Descriptor(pair[0]), Descriptor(pair[1])};
  if (pair[1] >= above) return ends;
  Result<int> raised = Raised(pair[1], above);
  if (!raised.ok()) return raised.error();
  ends.theirs = Descriptor(raised.value());
  return ends;
}

}  // namespace

Result<Spawned> Spawn(const SpawnRequest& request) {
  const int count = static_cast<int>(request.descriptors.size());
  FileActions actions;
  std::vector<Ends> sockets(count);
  for (int fd = 0; fd < count; fd++) {
    const int wanted = request.descriptors[fd];
    if (wanted == kClosed) continue;
    Result<Ends> ends = wanted == kSocket ? OpenSocket(count) : Result<Ends>(Ends{});
    if (!ends.ok()) return ends.error();
    if (wanted != kSocket) {
      Result<int> raised = Raised(wanted, count);
      if (!raised.ok()) return raised.error();
      ends.value().theirs = Descriptor(raised.value());
    }
    sockets[fd] = std::move(ends.value());
    if (const int error = actions.Duplicate(sockets[fd].theirs.get(), fd); error != 0) {
      return OsError{"posix_spawn_file_actions_adddup2", error};
    }
  }
  const Attributes attributes;
  pid_t pid = 0;
  const int error = posix_spawn(&pid, request.file.c_str(), actions.get(), attributes.get(),
                                Pointers(request.args).data(), Pointers(request.env).data());
  if (error != 0) return OsError{"posix_spawn", error};
  Spawned spawned{pid, {}};
  for (Ends& each : sockets) spawned.sockets.push_back(each.ours.release());
  return spawned;
}

Result<ExitStatus> WaitForExit(int pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return OsError{"waitpid", errno};
  }
  if (WIFSIGNALED(status)) return ExitStatus{-1, WTERMSIG(status)};
  return ExitStatus{WEXITSTATUS(status), 0};
}

}  // namespace ostler
