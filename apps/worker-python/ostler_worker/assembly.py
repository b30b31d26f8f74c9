"""Puts the pieces of a split body together."""
from __future__ import annotations

from .fields import decode_fields, number_in
from .frames import BODY, MORE, TASK, Damage, Limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional

    from .frames import Frame


class Whole:
    """A body whose pieces are coming."""

    def __init__(self, word: int, task_id: int, metadata: bytes, missing: int) -> None:
        self.word, self.id, self.metadata, self.missing = word, task_id, metadata, missing
        self.pieces: List[bytes] = []
        self.cancelled = False


class Assembly:
    """At most one body at a time; `arriving` is the one, or None."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.arriving: Optional[Whole] = None

    def add(self, frame: Frame) -> Optional[Frame]:
        """The whole frame, once its last piece is here; until then None."""
        word, task_id, metadata, body = frame
        kind, more, whole = word & 0xFF, word & MORE << 8, self.arriving
        if kind != BODY and not more:
            if whole is not None and kind == TASK:
                raise Damage('task %d stands between the pieces of task %d' % (task_id, whole.id))
            return frame
        if kind != BODY:
            whole = self._announce(frame)
        elif whole is None or whole.id != task_id:
            raise Damage('a piece of a body that was not announced, of task %d' % task_id)
        whole.missing -= len(body)
        whole.pieces.append(body)
        if whole.missing < 0 or (whole.missing == 0) == bool(more):
            raise Damage('the pieces of the body of task %d do not add up' % task_id)
        self.arriving = whole if more else None
        return None if more else (whole.word, whole.id, whole.metadata, b''.join(whole.pieces))

    def _announce(self, frame: Frame) -> Whole:
        word, task_id, metadata, _ = frame
        total = number_in(decode_fields(metadata), 9, 0)
        if self.arriving is not None or total > self.limits.max_body:
            raise Damage('task %d announces a body of %d bytes, limit %d' % (task_id, total, self.limits.max_body))
        return Whole(word & ~(MORE << 8), task_id, metadata, total)
