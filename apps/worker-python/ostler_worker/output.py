"""What a task prints, as log lines in its name."""
from __future__ import annotations

import contextlib
import sys

from .replies import LEVELS
from .task import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .replies import Replies

MAX_LINE = 65_536  # characters; a longer printed line is cut


def capture_output(replies: Replies) -> None:
    """Turns text that a task writes to sys.stdout or sys.stderr into its log lines; other text stays as it is.

    The streams remain the same objects, so that logging handlers that were made earlier are captured as well.
    """
    for source in LEVELS:
        stream = getattr(sys, source)
        if stream is not None:
            _capture(source, stream, replies)


def flush_output() -> None:
    """Writes what is held back; nobody may be there any more to read it."""
    for source in LEVELS:
        stream = getattr(sys, source)
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()


def _capture(source: str, stream: Any, replies: Replies) -> None:
    write_through = stream.write

    def write(text: str) -> Any:
        task = current.get()
        if task is None or task._done or not isinstance(text, str):
            return write_through(text)
        with replies.outbox.lock:
            task._partial = task._partial or {}
            *lines, rest = (task._partial.get(source, '') + text).split('\n')
            if len(rest) > MAX_LINE:
                lines, rest = lines + [rest], ''
            task._partial[source] = rest
        if lines:
            replies.send_lines(task, source, lines)
        return len(text)

    if hasattr(stream, 'reconfigure'):
        stream.reconfigure(line_buffering=True)
    stream.write = write
