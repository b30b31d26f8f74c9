"""The errors of this package, and how any exception is told to the pool."""
from __future__ import annotations

import errno
import json
import os

from .values import is_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable

HERE = os.path.dirname(__file__)


class HandlerNotFoundError(LookupError):
    """The task names a handler that this worker does not have."""

    def __init__(self, handler: str, known: Iterable[str]) -> None:
        self.known = list(known)
        super().__init__('there is no handler %r; this worker has %s' % (handler, ', '.join(self.known) or 'none'))


class ReplyKindError(TypeError):
    """What a handler gave is no reply to what was asked for: a stream, not one value; a value, not bytes."""


class BodyTooLargeError(ValueError):
    """A reply that is larger than the pool allows."""

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__('%s has %d bytes, the limit is %d' % (what, size, limit))
        self.size, self.limit = size, limit


class CancelledError(Exception):
    """The caller gave up, and the handler was ended because of it."""


class VersionError(Exception):
    """The pool speaks another version of the protocol."""


def describe_error(error: BaseException, causes: int = 5) -> Dict[str, Any]:
    """What a FAILURE says of an exception: name, message, stack, code, data (16 KiB) and up to five causes."""
    import traceback  # here, because a worker should start fast
    try:
        message = str(error)
    except Exception as problem:
        message = '(its __str__ raised %s)' % type(problem).__name__
    trace = error.__traceback__
    while trace is not None and os.path.dirname(trace.tb_frame.f_code.co_filename) == HERE:
        trace = trace.tb_next  # the stack begins at the user's code
    stack = ''.join(traceback.format_exception(type(error), error, trace, chain=False))
    told: Dict[str, Any] = {'name': type(error).__name__, 'message': message[:65_536], 'stack': stack[:65_536]}
    data = {key: value for key, value in getattr(error, '__dict__', {}).items() if not key.startswith('_')}
    if isinstance(error, OSError) and error.errno is not None:
        told['code'] = errno.errorcode.get(error.errno, str(error.errno))
        data.update(errno=error.errno, filename=error.filename)
    data = {key: value for key, value in data.items() if value is not None and is_json(value)}
    if data and len(json.dumps(data)) <= 16_384:
        told['data'] = data
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and causes > 0:
        told['cause'] = describe_error(cause, causes - 1)
    return told


def encode_record(record: Dict[str, Any], limit: int) -> bytes:
    """The JSON of an error or a log line; one that does not fit keeps its short members and the start of its message."""
    body = json.dumps(record).encode()
    if len(body) <= limit:
        return body
    short = {key: record[key][:64] for key in ('name', 'level', 'source') if key in record}
    return json.dumps({**short, 'message': record['message'][:max(0, (limit - 512) // 12)]}).encode()
