"""What is said to the pool about tasks: their one terminal frame each, and before it chunks, progress and log lines."""
from __future__ import annotations

from json import encoder

from .errors import BodyTooLargeError, CancelledError, ReplyKindError, describe_error, encode_record
from .frames import (BYTES, CANCELLED, CHUNK, END, FAILURE, JSON, LOG, NOT_STARTED, PROGRESS, RESULT, STREAM, encode_frame,
                     split_frames, word_of)
from .values import encode_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Tuple

    from .frames import Limits
    from .outbox import Outbox
    from .task import Begun, Task

quote: Callable[[str], str] = getattr(encoder, 'encode_basestring_ascii')  # typeshed does not know it

LEVELS = {'stdout': 'info', 'stderr': 'error'}  # of the lines that a task prints there


class Replies:
    """Speaks to the pool in frames."""

    def __init__(self, outbox: Outbox, limits: Limits) -> None:
        self.outbox = outbox
        self.limits = limits
        self.slot = 0
        self.running: Dict[int, Begun] = {}  # by id, where tasks run at once

    def say(self, kind: int, task_id: int = 0, body: bytes = b'', flags: int = 0) -> None:
        """Sends one frame, whose body is JSON if it has one."""
        word = word_of(kind, flags, JSON if body else BYTES)
        self.outbox.send([encode_frame(self.limits.key, word, task_id, body)])

    def warn(self, message: str) -> None:
        """A line of no task."""
        self.say(LOG, 0, encode_record({'level': 'warn', 'message': message}, self.limits.max_frame))

    # -- terminal frames

    def finish(self, task: Task, word: int, body: bytes = b'') -> None:
        """Sends a task's one terminal frame, behind all that it printed."""
        if task._partial:
            self.send_partial(task)
        self.running.pop(task.id, None)  # before the frame: once it is out, the id may belong to another task
        self.outbox.publish(word, task.id, body)
        task._done = True

    def reply(self, task: Task, result: object) -> None:
        """One value is the reply; a caller that takes chunks gets it as the only one."""
        if task._word & STREAM << 8:
            self.send_chunk(task, result)
            self.finish(task, END)
        else:
            encoding, body = self.encode_reply(task, result)
            self.finish(task, word_of(RESULT, 0, encoding), body)

    def fail(self, task: Task, error: BaseException) -> None:
        """The task has failed; the worker lives on."""
        flags = CANCELLED if task._cancel_asked else 0
        self.finish(task, word_of(FAILURE, flags, JSON), self.encode_error(error))

    def give_back(self, task_id: int) -> None:
        """The task has not begun, and never will."""
        error = CancelledError('the caller gave up before it began')
        self.say(FAILURE, task_id, self.encode_error(error), CANCELLED | NOT_STARTED)

    def encode_reply(self, task: Task, value: Any) -> Tuple[int, bytes]:
        """The encoding of the request decides that of the reply."""
        if task._word >> 16 & 0xFF != BYTES:
            encoding, body = encode_value(value)
        elif value is None or isinstance(value, (str, bytes, bytearray, memoryview)):
            encoding, body = BYTES, value.encode() if isinstance(value, str) else bytes(value or b'')
        else:
            raise ReplyKindError('handler %r gave a %s, but its caller sent bytes and gets bytes: give bytes, str or None, or '
                                 'call it by call(), which takes JSON values' % (task.handler, type(value).__name__))
        if len(body) > self.limits.max_body:
            raise BodyTooLargeError('the reply of handler %r' % task.handler, len(body), self.limits.max_body)
        return encoding, body

    def encode_error(self, error: BaseException) -> bytes:
        """The body of a FAILURE."""
        return encode_record(describe_error(error), self.limits.max_frame)

    # -- before them

    def require_stream(self, task: Task) -> None:
        """Raises where the caller takes one value only."""
        if not task._word & STREAM << 8:
            raise ReplyKindError('handler %r streams, but its caller takes one value: call it by stream()' % task.handler)

    def send_chunk(self, task: Task, value: object) -> None:
        """One item of a stream."""
        encoding, body = self.encode_reply(task, value)
        task._add_credit(-len(body))
        self.outbox.send(split_frames(self.limits, word_of(CHUNK, 0, encoding), task.id, body))

    def send_progress(self, task: Task, body: bytes) -> None:
        """For the caller's onProgress; nothing once the task is done."""
        if len(body) > self.limits.max_frame:
            raise BodyTooLargeError('a progress value', len(body), self.limits.max_frame)
        if not task._done:
            self.say(PROGRESS, task.id, body)

    def send_logs(self, task: Task, bodies: Iterable[bytes]) -> None:
        """Writes many at once, because a write for each would take most of the time."""
        key, word, task_id = self.limits.key, word_of(LOG, 0, JSON), 0 if task._done else task.id
        self.outbox.send([b''.join([encode_frame(key, word, task_id, body) for body in bodies])])

    def send_lines(self, task: Task, source: str, lines: List[str]) -> None:
        """Lines that the task has printed."""
        level, limit = LEVELS[source], self.limits.max_frame
        form = '{"level":"%s","message":%%s,"source":"%s"}' % (level, source)
        bodies = [(form % quote(line[:-1] if line[-1:] == '\r' else line)).encode() for line in lines]
        if any([len(body) > limit for body in bodies]):
            bodies = [encode_record({'level': level, 'message': line, 'source': source}, limit) for line in lines]
        self.send_logs(task, bodies)

    def send_partial(self, task: Task) -> None:
        """The lines that a task has begun to print, and will not end."""
        for source, text in (task._partial or {}).items():
            if text:
                self.send_lines(task, source, [text])
