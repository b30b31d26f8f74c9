"""Everything that goes to the pool: whole frames, one after the other, from any thread."""
from __future__ import annotations

import os
import threading

from .frames import MAGIC, Limits, frame_shape, split_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, List, Optional, Union

    Buffer = Union[bytes, memoryview]

LEDGER_MAGIC, LEDGER_HEADER = 0x4C54534F, 64
STARTED, ENCODED, GENERATION = 1, 2, 3  # words of the ledger's header


class Outbox:
    """Writes frames. With a ledger (memory that outlives a kill -9) terminal frames gather there, and go out many at a time."""

    def __init__(self, descriptor: int, limits: Limits) -> None:
        self.descriptor = descriptor
        self.limits = limits
        self.lock = threading.RLock()
        self.words: Optional[memoryview] = None
        self.area = memoryview(b'')
        self.capacity = self.held = self.count = 0  # bytes there are; bytes and frames that are not written yet
        self._deferred: List[bytes] = []

    def use_ledger(self, descriptor: int, size: int) -> None:
        """From now on terminal frames go through the memory file `descriptor`."""
        import mmap  # does not exist everywhere
        memory = memoryview(mmap.mmap(descriptor, size))[:size & ~7]
        self.words, self.area = memory[:LEDGER_HEADER].cast('I'), memory[LEDGER_HEADER:]
        self.words[0] = LEDGER_MAGIC
        self.capacity = len(self.area)

    def abandon(self) -> None:
        """In a forked child: the channel, the ledger and whoever held the lock are the parent's."""
        self.__init__(-1, self.limits)  # type: ignore[misc]

    def begin(self, task_id: int) -> None:
        """Says whose fault a death would be from now on."""
        if self.words is not None:
            self.words[STARTED] = task_id

    def publish(self, word: int, task_id: int, body: bytes = b'') -> None:
        """Sends a terminal frame. When this returns, no death of the worker can lose it."""
        size, limits = len(body), self.limits
        padded = (size + 7) & ~7
        if size > limits.max_frame or (self.capacity and padded + 32 > self.capacity):
            self.send(split_frames(limits, word, task_id, body))
            return
        frame = MAGIC, word, task_id, 0, size, limits.key ^ word ^ task_id ^ size, body, task_id, size
        with self.lock:
            words = self.words
            if words is None:
                self._write(frame_shape(padded).pack(*frame))
                return
            start = self.held
            if start + padded + 32 > self.capacity:
                self.flush()
                start = 0
            frame_shape(padded).pack_into(self.area, start, *frame)
            self.held = words[ENCODED] = start + padded + 32
            self.count += 1

    def send(self, frames: Iterable[bytes]) -> None:
        """Writes the frames of one message now, behind all that was held back."""
        if self.lock._is_owned():  # type: ignore[attr-defined]  # a finalizer or signal handler of the user, on top of a write of ours
            self._deferred.extend(frames)
            return
        with self.lock:
            self.flush()
            for frame in frames:
                self._write(frame)
            while self._deferred:
                self._write(self._deferred.pop(0))

    def flush(self) -> None:
        """Writes what the ledger holds back."""
        with self.lock:
            if self.count and self.words is not None:
                self._write(self.area[:self.held])
                self.words[ENCODED] = self.held = self.count = 0
                self.words[GENERATION] = (self.words[GENERATION] + 1) & 0xFFFFFFFF

    def _write(self, data: Buffer) -> None:
        try:
            written = os.write(self.descriptor, data)
            while written < len(data):
                written += os.write(self.descriptor, memoryview(data)[written:])
        except OSError:
            raise SystemExit(1) from None  # the pool is gone
