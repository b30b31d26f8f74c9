"""Tasks in turn, on the main thread: it reads a batch of them, runs their handlers one after the other, and reads again."""
from __future__ import annotations

from time import perf_counter as clock

from .frames import END, RESULT, TASK
from .inbox import BUSY
from .task import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .event_loop import EventLoop
    from .handlers import Handlers
    from .inbox import Inbox
    from .replies import Replies
    from .stand_in import StandIn
    from .task import Task

HOLD_SECONDS = 150e-6  # a reply may wait so long for company


class Turns:
    """Takes tasks out of the inbox and runs them."""

    def __init__(self, inbox: Inbox, replies: Replies, handlers: Handlers, loop: EventLoop) -> None:
        self.inbox = inbox
        self.replies = replies
        self.handlers = handlers
        self.loop = loop
        self.since = 0.0  # when the first task began whose reply is held back

    def serve(self, stand_in: StandIn) -> None:
        """Until the channel ends."""
        while self._wait_for_tasks(stand_in):
            task = self.take()
            while task is not None:
                self.run(task)
                task = self.take()

    def _wait_for_tasks(self, stand_in: StandIn) -> bool:
        """Reads until there may be tasks; False when there will be none."""
        inbox = self.inbox
        self.replies.outbox.flush()
        inbox.turn = None
        with inbox.reading:
            if not inbox.waiting:
                if inbox.ended:
                    return False
                inbox.read()
        inbox.turn = BUSY
        stand_in.wake()
        return True

    def take(self) -> Optional[Task]:
        """The next waiting task, or None."""
        inbox, outbox, now = self.inbox, self.replies.outbox, clock()
        waiting = inbox.waiting
        if not outbox.count:
            self.since = now
        elif outbox.count >= inbox.quarter or now - self.since > HOLD_SECONDS:
            outbox.flush()
            self.since = now
        while waiting:
            try:  # announced, then claimed: a CANCEL on the other thread finds it in one of the two places
                inbox.turn = task = waiting[0]
                waiting.remove(task)
            except (IndexError, ValueError):
                continue  # recalled in between
            if inbox.giving_back.locked():  # what was recalled may have been before this one: its answer goes first
                with inbox.giving_back:
                    pass
            task._began = now
            outbox.begin(task.id)
            return task
        return None

    def run(self, task: Task) -> None:
        """From the call of its handler to its terminal frame."""
        current.set(task)
        replies = self.replies
        try:
            result = self.handlers.call(task)
            if task._word == TASK and type(result) is bytes and len(result) <= replies.limits.max_body:
                replies.finish(task, RESULT, result)  # bytes for bytes: the short way
                return
            if hasattr(result, '__next__'):
                self._stream(task, result)
                return
            if not hasattr(result, '__await__') and not hasattr(result, '__anext__'):
                replies.reply(task, result)
                return
        except SystemExit:
            raise
        except BaseException as error:
            replies.fail(task, error)
            return
        self.loop.run(self.loop.reply(task, result))

    def _stream(self, task: Task, items: Any) -> None:
        inbox = self.inbox
        self.replies.require_stream(task)
        try:
            for item in items:
                while not inbox.may_send(task):
                    with inbox.reading:
                        if not inbox.may_send(task):
                            inbox.read()
                self.replies.send_chunk(task, item)
        finally:
            getattr(items, 'close', int)()
        self.replies.finish(task, END)
