"""One task in a process of its own, as the process sees it that has forked it."""
from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys

from .fields import encode_field
from .frames import BODY, CANCEL, CREDIT, END, FAILURE, MORE, RESULT, Damage, encode_frame, read_frames

assert sys.platform != 'win32'  # it has no fork()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional

    from .frames import Frame
    from .replies import Replies

NEWS = signal.SIGURG  # to a child for which something has been sent; a process that knows nothing of it ignores it
TERMINAL = {RESULT, FAILURE, END}


class Fork:
    """What comes from the child goes on to the pool, in whole messages; what the pool says of the task goes to the child."""

    def __init__(self, task_id: int, pid: int, ours: socket.socket, replies: Replies) -> None:
        self.id = task_id
        self.pid = pid
        self.replies = replies
        self.replied = False
        self.pending = bytearray()  # what the child's socket has no room for yet
        self.frames = read_frames(self._receive, replies.limits)
        self._socket = ours
        self._pieces: List[bytes] = []
        self._kind = 0  # of the message that is coming
        self._dry = self._ending = False  # nothing more has come from the child; nothing more will come for it
        self._pidfd = open_pidfd(pid)
        ours.setblocking(False)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # as the child does itself: who comes first does not matter
        self.descriptors = [ours.fileno(), *([] if self._pidfd is None else [self._pidfd])]

    # -- from the child

    def read(self, dead: bool) -> bool:
        """Sends on what has come; False when that was the reply, or all of a child that is dead."""
        messages: List[bytes] = []
        try:
            alive = self._read(messages, dead)
        except Damage:
            alive = False  # it died in the middle of a frame
        if self.replied:
            self.replies.running.pop(self.id)  # before the frame: once it is out, the id may belong to another task
        if messages:
            self.replies.outbox.send(messages)
        return alive

    def _read(self, messages: List[bytes], dead: bool) -> bool:
        for frame in self.frames:
            if frame is not None:
                messages.extend(self._message_of(frame))
                if self.replied:
                    return False
            elif self._dry or not dead:
                return not dead
        return False

    def _message_of(self, frame: Frame) -> List[bytes]:
        """The frames of the message that is whole with this one: no piece of another body may stand between them."""
        word, task_id, metadata, body = frame
        kind, more = word & 0xFF, word & MORE << 8
        encoded = encode_frame(self.replies.limits.key, word, task_id, body, metadata)
        if kind != BODY:
            if self._pieces:
                return [encoded]  # a log line, say
            self._kind = kind
        self._pieces.append(encoded)
        if more:
            return []
        whole, self._pieces = self._pieces, []
        self.replied = self._kind in TERMINAL
        return whole

    def _receive(self, size: int) -> Optional[bytes]:
        self._dry = False
        try:
            return self._socket.recv(size)
        except BlockingIOError:
            self._dry = True
            return None
        except OSError:
            return b''

    # -- to the child

    def _cancel(self) -> None:
        self._send(encode_frame(self.replies.limits.key, CANCEL, self.id))

    def _add_credit(self, credit: int) -> None:
        field = encode_field(48, struct.pack('<I', credit))
        self._send(encode_frame(self.replies.limits.key, CREDIT, self.id, b'', field))

    def _wake(self) -> None:
        """The child wakes by itself."""

    def end_input(self) -> None:
        """The pool has closed the channel."""
        self._ending = True
        self._send(b'')

    def _send(self, data: bytes) -> None:
        full = bool(self.pending)
        self.pending += data
        if not full:
            self.send_pending()
        with contextlib.suppress(OSError):
            os.kill(self.pid, NEWS)

    def send_pending(self) -> None:
        """As much as there is room for."""
        with contextlib.suppress(OSError):  # no room; or it is dead, which its end will tell
            while self.pending:
                del self.pending[:self._socket.send(self.pending)]
            if self._ending:
                self._ending = False
                self._socket.shutdown(socket.SHUT_WR)

    # -- its end

    def signal(self, number: int) -> None:
        """To the child and all that has stayed in its process group."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, number)

    def kill(self) -> int:
        """Kills what is left of it; how it had ended, as waitpid tells."""
        self.signal(signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.close()
        return status

    def close(self) -> None:
        """Gives its descriptors back."""
        self._socket.close()
        if self._pidfd is not None:
            os.close(self._pidfd)


def open_pidfd(pid: int) -> Optional[int]:
    """Notices the death of a child whose socket lives on in a process that it has started; None where there is none."""
    if sys.platform != 'linux':
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
