"""Names the task that left behind what ends the worker now, as far as that can be known."""
from __future__ import annotations

from .errors import describe_error, encode_record
from .frames import LAST_WORDS
from .task import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .replies import Replies
    from .task import Task


def say_last_words(replies: Replies, error: BaseException) -> None:
    """Nothing of a SystemExit in the main thread: its exit code is the message."""
    owner = _owner_of(error)
    if owner is None and isinstance(error, SystemExit):
        return
    told, task_id = describe_error(error), 0
    if owner is not None:
        told['handler'], task_id = owner.handler, owner.id
    replies.say(LAST_WORDS, task_id, encode_record(told, replies.limits.max_frame))


def _owner_of(error: BaseException) -> Optional[Task]:
    owner, trace = None, error.__traceback__
    while trace is not None:  # an event loop's Handle._run has the context of the callback
        if trace.tb_frame.f_code.co_name == '_run':
            context = getattr(trace.tb_frame.f_locals.get('self'), '_context', None)
            owner = owner if context is None else context.get(current)
        trace = trace.tb_next
    return owner
