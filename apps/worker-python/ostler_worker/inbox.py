"""What comes from the pool: tasks, which wait here, and what is said about those that have begun."""
from __future__ import annotations

import os
import threading
from collections import deque

from .assembly import Assembly
from .errors import CancelledError
from .fields import decode_fields, decode_task_fields, number_in
from .frames import CANCEL, CREDIT, NOT_STARTED, PING, PONG, TASK, Damage, read_frames
from .task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, List, Optional, Union

    from .frames import Frame, Limits
    from .replies import Replies
    from .task import Begun


class Busy:
    """Stands in the place of a task while the main thread does something else than reading."""


BUSY = Busy()


class Inbox:
    """Reads the channel, on whichever thread holds `reading`."""

    def __init__(self, descriptor: int, limits: Limits, replies: Replies) -> None:
        self.descriptor = descriptor
        self.limits = limits
        self.replies = replies
        self.frames = read_frames(self._receive, limits)
        self.reading = threading.Lock()  # held by whoever takes frames off the channel
        self.giving_back = threading.Lock()  # held from before a task stops waiting until the pool is told that it is given back
        self.assembly = Assembly(limits)
        self.ended = False  # no frame will come any more
        self.waiting: Deque[Task] = deque()  # tasks that have not begun: who removes one from it owns it
        self.quarter = 1  # of those that were waiting: so many replies go out together
        self.on_arrival: Optional[Callable[[], object]] = None  # tasks have come, or the end: for an event loop
        self.turn: Union[Task, Busy, None] = BUSY  # what the main thread is busy with: None while it reads

    def read(self) -> bool:
        """Takes the frames of one read off the channel; False at its end. The caller holds `reading`."""
        batch: List[Task] = []
        try:
            for frame in self.frames:
                if frame is None:
                    self._deliver(batch)
                    return True
                word, task_id, metadata, body = frame
                if word & 0x1FF != TASK or self.assembly.arriving is not None:
                    self._deliver(batch)
                    batch = []
                    task = self._assemble(frame)
                    if task is None:
                        continue
                    word, task_id, metadata, body = task
                batch.append(Task(self.replies, task_id, word, decode_task_fields(metadata), body))
        except Damage as damage:
            self.leave_damaged(damage)
        self.ended = True
        for begun in self.begun():
            begun._wake()
        self._tell()
        return False

    def may_send(self, task: Task) -> bool:
        """Whether there is credit for a chunk; raises when there never will be."""
        if task._cancel_asked:
            raise CancelledError('the caller gave up')
        if task._credit <= 0 and self.ended:
            raise CancelledError('the pool closed the channel')
        return task._credit > 0

    def begun(self) -> List[Begun]:
        """The tasks that have begun and are not done."""
        turn = self.turn
        return [*self.replies.running.values(), *([turn] if isinstance(turn, Task) else [])]

    def cancel(self, task_id: int, unless_begun: int = 0) -> None:
        """The caller has given up."""
        arriving = self.assembly.arriving
        if arriving is not None and arriving.id == task_id:
            arriving.cancelled = True  # it is given back when it has come: its pieces need its id until then
            return
        with self.giving_back:
            if self._take_back(task_id):
                self.replies.give_back(task_id)
                return
        begun = self._find_begun(task_id)
        if begun is not None and not unless_begun:
            begun._cancel()
            begun._wake()

    def _take_back(self, task_id: int) -> bool:
        """Whether the task was waiting; now nobody will run it."""
        try:
            self.waiting.remove(next(task for task in self.waiting.copy() if task.id == task_id))
        except (StopIteration, ValueError):  # not waiting, or not any more
            return False
        return True

    def leave_damaged(self, damage: Damage) -> None:
        """Nothing behind damage can be trusted."""
        self.replies.outbox.flush()
        os.write(2, ('ostler_worker: damage on the task channel: %s\n' % damage).encode('utf-8', 'replace'))
        os._exit(70)

    def _receive(self, size: int) -> bytes:
        try:
            return os.read(self.descriptor, size)
        except OSError:
            return b''  # reset: the pool is gone

    def _deliver(self, batch: List[Task]) -> None:
        if batch:
            self.waiting.extend(batch)
            self.quarter = len(self.waiting) // 4
            self._tell()

    def _tell(self) -> None:
        if self.on_arrival is not None:
            self.on_arrival()

    def _assemble(self, frame: Frame) -> Optional[Frame]:
        """A whole TASK that is to run, or None; other frames are heeded here."""
        arriving = self.assembly.arriving
        whole = self.assembly.add(frame)
        if whole is None:
            return None
        if whole[0] & 0xFF != TASK:
            self._on_control(whole)
            return None
        if arriving is not None and arriving.cancelled:
            self.replies.give_back(whole[1])
            return None
        return whole

    def _on_control(self, frame: Frame) -> None:
        word, task_id, metadata, _ = frame
        kind = word & 0xFF
        if kind == PING:
            self.replies.say(PONG, task_id)
        elif kind == CANCEL:
            self.cancel(task_id, word >> 8 & NOT_STARTED)
        elif kind == CREDIT:
            begun = self._find_begun(task_id)
            if begun is not None:
                begun._add_credit(number_in(decode_fields(metadata), 48, 0))
                begun._wake()

    def _find_begun(self, task_id: int) -> Optional[Begun]:
        return next((begun for begun in self.begun() if begun.id == task_id), None)
