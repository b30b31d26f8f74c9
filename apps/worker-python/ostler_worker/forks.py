"""A process of its own for every task: a fork of this one, which has imported everything and run init.

This process has no second thread, runs no handler, and is the only one that writes to the pool; so a task that is killed
in the middle of a frame, or of anything, leaves the channel whole. Its child talks to it as a worker does to a pool, on a
pair of sockets, and is killed with all that it has started when its reply has come.
"""
from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import threading
from time import perf_counter as clock

from .descendants import Descendants, die_with
from .fork import Fork
from .libc import flush_stdio
from .output import flush_output

assert sys.platform != 'win32'  # it has no fork()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, NoReturn

    from .inbox import Inbox
    from .replies import Replies
    from .task import Task

    RunChild = Callable[[Task, int], NoReturn]


class ForkError(RuntimeError):
    """There could be no process for the task: a limit of processes, files or memory is reached."""


class Forks:
    """The walk of tasks through processes of their own; `run(task, descriptor)` is what each of these does."""

    def __init__(self, inbox: Inbox, replies: Replies, run: RunChild) -> None:
        self.inbox = inbox
        self.replies = replies
        self.run = run
        self.descendants = Descendants()
        self.poll = select.poll()
        self.watched: Dict[int, Fork] = {}  # by each descriptor that tells something of them

    def serve(self, concurrency: int) -> None:
        """Until the channel ends."""
        inbox, running = self.inbox, self.replies.running
        self.poll.register(inbox.descriptor, select.POLLIN)
        while True:
            while inbox.waiting and len(running) < concurrency:
                self._start(inbox.waiting.popleft())
            if inbox.ended and not running:
                return
            for descriptor, _ in self.poll.poll():
                fork = self.watched.get(descriptor)
                if descriptor == inbox.descriptor:
                    self._read_channel()
                elif fork is not None:
                    self._advance(fork, descriptor)

    def prepare(self) -> None:
        """Makes this process fit to be forked, once its init is over."""
        others = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
        if others:
            self.replies.warn('init has left threads behind (%s): a forked task has none of them, and what one of them has '
                              'locked stays locked there' % ', '.join(others))
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._terminate)
        if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # else nobody could say how a child has ended
        self.descendants.adopt()
        gc.collect()
        gc.freeze()  # else a child's look for garbage would touch, and so copy, all memory

    # -- the life of one

    def _start(self, task: Task) -> None:
        task._began = clock()
        flush_all()  # what is not written yet would be written twice
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                fork = self._fork(task, ours, theirs)
        except OSError as error:
            refusal = ForkError('there can be no process for the task: %s' % error.strerror)
            refusal.__cause__ = error
            self.replies.fail(task, refusal)
            return
        self.replies.running[task.id] = fork
        for descriptor in fork.descriptors:
            self.watched[descriptor] = fork
            self.poll.register(descriptor, select.POLLIN)

    def _fork(self, task: Task, ours: socket.socket, theirs: socket.socket) -> Fork:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            ours.close()
            raise
        if pid:
            return Fork(task.id, pid, ours, self.replies)
        if signal.getsignal(signal.SIGTERM) == self._terminate:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setpgid(0, 0)
        die_with(parent)
        ours.close()
        for other in set(self.watched.values()):
            other.close()
        self.run(task, theirs.detach())

    def _advance(self, fork: Fork, descriptor: int) -> None:
        """Takes what the child has sent; when that was its reply, or its end, makes an end of it."""
        ours = fork.descriptors[0]
        if fork.pending:
            fork.send_pending()
            self._watch_room(fork)
        if fork.read(dead=descriptor != ours):
            return
        for watched in fork.descriptors:
            del self.watched[watched]
            self.poll.unregister(watched)
        status = fork.kill()
        if not self.watched:
            self.descendants.sweep()
        if not fork.replied:
            self._die_as(status)

    def _watch_room(self, fork: Fork) -> None:
        self.poll.modify(fork.descriptors[0], select.POLLIN | (select.POLLOUT if fork.pending else 0))

    def _read_channel(self) -> None:
        if self.inbox.read():
            for fork in set(self.watched.values()):
                if fork.pending:
                    self._watch_room(fork)
            return
        self.poll.unregister(self.inbox.descriptor)
        for fork in set(self.watched.values()):
            fork.end_input()

    # -- the end of all

    def _die_as(self, status: int) -> NoReturn:
        """The pool must see how the task ended, and blame it: so this process ends in the same way."""
        for fork in set(self.watched.values()):
            fork.kill()
        self.descendants.sweep()
        flush_all()
        if os.WIFSIGNALED(status):
            import resource
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))  # one core is enough
            number = os.WTERMSIG(status)
            if number != signal.SIGKILL:
                signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        os._exit(os.WEXITSTATUS(status))

    def _terminate(self, number: int, _: object) -> None:
        """SIGTERM goes to the worker's process group, in which its children are not."""
        for fork in set(self.watched.values()):
            fork.signal(number)
        if not self.watched:
            self._die_as(number)


def flush_all() -> None:
    """Writes what Python and C hold back of stdout and stderr."""
    flush_output()
    flush_stdio()
