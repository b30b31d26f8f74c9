"""Ostler's worker SDK for Python (>= 3.9, standard library only): `serve(handlers)` makes a program a worker.

Every module is one idea. In the order of a task's walk: channel, frames, fields, assembly, inbox, turns or event_loop,
handlers, values, replies, outbox; stand_in is the second thread, handshake and last_words the beginning and the end.
With fork_per_task: forks, fork and child; __main__, program and target are the command line.
"""
from __future__ import annotations

from .channel import take_channel
from .errors import BodyTooLargeError, HandlerNotFoundError, ReplyKindError
from .handshake import VERSION, Info
from .task import Task
from .values import JsonValueError
from .worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping, Optional

    from .handlers import Handler

__all__ = ['serve', 'Task', 'Info', 'JsonValueError', 'BodyTooLargeError', 'ReplyKindError', 'HandlerNotFoundError']
__version__ = VERSION


def serve(handlers: Mapping[str, Handler], *, init: Optional[Handler] = None, close: Optional[Handler] = None,
          fork_per_task: bool = False) -> None:
    """Serves tasks until the pool closes the channel, then returns.

    `handlers`: { name: function(input) or function(input, task) }: plain, async, generator or async generator.
    `init(data, info)` runs before the first task and gets the pool's initData and `info.slot`, `info.worker_id`,
    `info.pool`; `close()` runs after the last one. Both may be async, and may take fewer arguments.
    `fork_per_task`: each task runs in a fork of this process, as init has left it. Not on Windows.
    """
    worker = Worker(handlers, take_channel())
    worker.run([init] if init else [], [close] if close else [], fork_per_task)
