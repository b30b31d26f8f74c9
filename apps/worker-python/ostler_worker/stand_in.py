"""The second thread, which stands in for the main one at the channel while a task takes long.

A thread that always read would cost a third of the speed, because two busy threads keep handing the interpreter's lock
to each other.
"""
from __future__ import annotations

import threading
import time
from queue import SimpleQueue

from .channel import is_readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .inbox import Inbox
    from .outbox import Outbox

TICK_SECONDS = 2e-3  # a task that takes longer than one to two of these finds the stand-in at the channel
QUIET_TICKS = 50  # so long the stand-in keeps looking at a worker without tasks; then it sleeps until there are some


class StandIn:
    """Sends what is held back, and reads in the main thread's place, when a task takes long."""

    def __init__(self, inbox: Inbox, outbox: Outbox) -> None:
        self.inbox = inbox
        self.outbox = outbox
        self.watched = False  # whether it is awake
        self.alarms: SimpleQueue[None] = SimpleQueue()  # what wakes it

    def start(self, always: bool) -> None:
        """`always`: it reads all the time, because the main thread lives in an event loop."""
        work = self._read_always if always else self._watch
        threading.Thread(target=work, daemon=True, name='ostler').start()

    def wake(self) -> None:
        """The main thread has tasks; called after it has said so in `turn`, as the thread looks the other way round."""
        if not self.watched:
            self.watched = True
            self.alarms.put(None)

    def _watch(self) -> None:
        seen, quiet = None, 0
        while True:
            turn = self.inbox.turn
            if turn is not None and turn is seen:
                self.outbox.flush()
                self._read_for_main_thread()
                continue
            seen, quiet = turn, quiet + 1 if turn is None else 0
            if quiet > QUIET_TICKS:
                self.watched = False
                if self.inbox.turn is None:
                    self.alarms.get()
                self.watched, quiet = True, 0
            time.sleep(TICK_SECONDS)

    def _read_for_main_thread(self) -> None:
        inbox = self.inbox
        if inbox.ended:
            time.sleep(TICK_SECONDS)
        elif is_readable(inbox.descriptor, TICK_SECONDS) and inbox.reading.acquire(blocking=False):
            try:
                if not inbox.ended and is_readable(inbox.descriptor, 0):  # the main thread may have been faster
                    inbox.read()
            finally:
                inbox.reading.release()

    def _read_always(self) -> None:
        with self.inbox.reading:
            while self.inbox.read():
                pass
