"""The task, as its handler sees it."""
from __future__ import annotations

import contextvars
import threading
from time import perf_counter as clock

from .errors import encode_record
from .frames import INITIAL_CREDIT, JSON
from .values import JsonValueError, encode_value, is_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from typing import Any, Callable, Dict, Mapping, Optional, Protocol

    from .fields import TaskFields
    from .replies import Replies

    class Begun(Protocol):
        """A task that has begun, in this process or in a fork of it: what may come for it over the channel."""

        id: int

        def _cancel(self) -> None: ...
        def _add_credit(self, credit: int) -> None: ...
        def _wake(self) -> None: ...


class Task:
    """What a handler is told about its task, and what it can tell the pool."""

    # Of what few tasks use, the class has the beginning; an object for each task should be cheap.
    _event: Optional[threading.Event] = None
    _aio: Optional[asyncio.Task[Any]] = None
    _waker: Optional[Callable[[], object]] = None  # where a stream waits for credit in an event loop
    _partial: Optional[Dict[str, str]] = None
    _cancel_asked = _done = False
    _credit = INITIAL_CREDIT
    _began = 0.0

    def __init__(self, replies: Replies, task_id: int, word: int, fields: TaskFields, body: bytes) -> None:
        self.id = task_id
        self._replies = replies
        self._word = word
        self._fields = fields
        self._body: Optional[bytes] = body

    @property
    def handler(self) -> str:
        """The name by which the caller chose its handler."""
        return self._fields.handler

    @property
    def attempt(self) -> int:
        """1 for the first time that this task runs."""
        return self._fields.attempt

    @property
    def tenant(self) -> str:
        """On whose behalf it runs; '' where the caller did not say."""
        return self._fields.tenant

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the caller gave along."""
        return self._fields.metadata

    @property
    def idempotency_key(self) -> Optional[str]:
        """The same for every attempt of the same work."""
        return self._fields.idempotency_key

    @property
    def traceparent(self) -> Optional[str]:
        """As in W3C Trace Context."""
        return self._fields.traceparent

    @property
    def tracestate(self) -> Optional[str]:
        """As in W3C Trace Context."""
        return self._fields.tracestate

    @property
    def slot(self) -> int:
        """The lowest number that no other live worker has."""
        return self._replies.slot

    @property
    def cancelled(self) -> threading.Event:
        """An event that is set when the caller gives up."""
        if self._event is None:
            event = threading.Event()
            self._event = event  # first this, then the look at the flag: _cancel() on the other thread does the reverse
            if self._cancel_asked:
                event.set()
        return self._event

    def remaining_ms(self) -> float:
        """Milliseconds until the task's time is up; math.inf without a limit, never below 0."""
        return max(0.0, self._fields.remaining_ms - (clock() - self._began) * 1000)

    def progress(self, value: object) -> None:
        """Hands a JSON value to the caller's onProgress; raises JsonValueError."""
        encoding, body = encode_value(value)
        if encoding != JSON:
            raise JsonValueError('', 'bytes in a progress value')
        self._replies.send_progress(self, body)

    def log(self, level: str, message: str, **fields: object) -> None:
        """Writes a log line of this task; a field that JSON cannot carry is written as its repr."""
        record: Dict[str, Any] = {'level': str(level), 'message': str(message)}
        if fields:
            record['fields'] = {key: value if is_json(value) else repr(value) for key, value in fields.items()}
        self._replies.send_logs(self, [encode_record(record, self._replies.limits.max_frame)])

    def _cancel(self) -> None:
        self._cancel_asked = True
        if self._event is not None:
            self._event.set()
        if self._aio is not None:
            self._aio.get_loop().call_soon_threadsafe(self._aio.cancel)

    def _add_credit(self, credit: int) -> None:
        with self._replies.outbox.lock:
            self._credit += credit

    def _wake(self) -> None:
        """Credit has come, or the end of the channel."""
        if self._waker is not None:
            self._waker()


current: contextvars.ContextVar[Optional[Task]] = contextvars.ContextVar('ostler task', default=None)
