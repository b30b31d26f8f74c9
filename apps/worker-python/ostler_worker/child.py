"""What a forked child does: one task, told to the process that has forked it."""
from __future__ import annotations

import os
import signal
import sys

from .event_loop import EventLoop
from .forks import flush_all
from .inbox import Inbox
from .last_words import say_last_words
from .outbox import Outbox
from .stand_in import StandIn
from .turns import Turns

assert sys.platform != 'win32'  # it has no fork()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, Optional

    from .task import Task
    from .worker import Worker


class ChildOutbox(Outbox):
    """Its reader kills this process when it has the reply; what the task has printed must be out by then."""

    def publish(self, word: int, task_id: int, body: bytes = b'') -> None:
        """As always, behind all output."""
        flush_all()
        super().publish(word, task_id, body)


class Ear:
    """Starts the second thread of a child when a signal says that something has come: few tasks need it, and it costs a fifth."""

    def __init__(self) -> None:
        self._heard = False
        self._stand_in: Optional[StandIn] = None

    def on_signal(self, *_: object) -> None:
        """May come before the child is ready for it."""
        self._heard = True
        self._listen()

    def open(self, stand_in: StandIn) -> None:
        """From now on."""
        self._stand_in = stand_in
        if self._heard or sys.platform != 'linux':  # elsewhere the end of the channel is all that tells of the parent's death
            self._listen()

    def _listen(self) -> None:
        stand_in, self._stand_in = self._stand_in, None
        if stand_in is not None:
            stand_in.start(always=False)
            stand_in.wake()


ear = Ear()


def run_child(worker: Worker, task: Task, descriptor: int) -> NoReturn:
    """Ends the process."""
    parent, replies = os.getppid(), worker.replies
    worker.outbox = replies.outbox = ChildOutbox(descriptor, replies.limits)
    worker.inbox = inbox = Inbox(descriptor, replies.limits, replies)
    replies.running = {}
    inbox.turn = task

    def leave_if_orphaned() -> None:
        if os.getppid() != parent:  # where no signal tells it
            os.killpg(0, signal.SIGKILL)

    inbox.on_arrival = leave_if_orphaned
    ear.open(StandIn(inbox, replies.outbox))
    code = 0
    try:
        Turns(inbox, replies, worker.handlers, EventLoop(inbox, replies)).run(task)
    except BaseException as error:
        replies.send_partial(task)
        say_last_words(replies, error)
        code = exit_code_of(error)
    flush_all()
    os._exit(code)


def exit_code_of(error: BaseException) -> int:
    """As the interpreter would end, which also prints what it would."""
    if not isinstance(error, SystemExit):
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF
    print(error.code, file=sys.stderr)
    return 1
