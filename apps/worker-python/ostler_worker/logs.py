"""Records of `logging` as log lines of the task in whose name they are written."""
from __future__ import annotations

import logging
import sys

from .task import current

LEVELS = {'warning': 'warn', 'critical': 'error'}  # the others have the same name in a pool


class LogHandler(logging.Handler):
    """A worker gives one to the root logger where nobody has set up logging; outside of tasks it writes to stderr."""

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


def set_up() -> None:
    """Only where the program has not: then its own handlers write, and what they print to stderr is captured there."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(LogHandler())
