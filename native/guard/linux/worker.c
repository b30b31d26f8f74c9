#include "worker.h"

#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool worker_start(struct worker *worker, struct options *options, struct failure *failure) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return fail(failure, "pipe2", "");
  const pid_t guard = getpid();
  const pid_t pid = fork();
  if (pid == 0) become_worker(options, guard, ends[1]);
  close(ends[1]);
  *worker = (struct worker){.pid = pid, .proof = ends[0]};
  return pid > 0 || fail(failure, "fork", "");
}

bool worker_proven(struct worker *worker, struct failure *failure) {
  ssize_t got;
  do got = read(worker->proof, failure, sizeof *failure);
  while (got < 0 && errno == EINTR);
  close(worker->proof);
  worker->proof = -1;
  return got != sizeof *failure;
}
