"""Records of `logging` as log lines of the task in whose name they are written."""
from __future__ import annotations

import sys

from .task import current

LEVELS = {'warning': 'warn', 'critical': 'error'}  # the others have the same name in a pool


def set_up() -> None:
    """
    Gives the root logger a handler where `logging` is loaded and the program has set up none: its own handlers write
    otherwise, and what they print to stderr is captured there. It is not for us to load `logging`, which takes longer than the SDK.
    """
    if 'logging' not in sys.modules:
        return
    import logging

    class LogHandler(logging.Handler):
        """Outside of tasks it writes to stderr."""

        def emit(self, record: logging.LogRecord) -> None:
            """Sends the record, with its level and the name of its logger."""
            try:
                task, message, level = current.get(), self.format(record), record.levelname.lower()
                if task is None or task._done:
                    print(message, file=sys.stderr)
                else:
                    task.log(LEVELS.get(level, level), message, logger=record.name)
            except Exception:
                self.handleError(record)

    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(LogHandler())
