"""Frames, the units of the protocol: a header of 24 bytes, metadata, body, zeros, and a trailer of 8 bytes."""
from __future__ import annotations

import functools
import struct

TYPE_CHECKING = False  # typing itself takes longer to import than most of this package
if TYPE_CHECKING:
    from typing import Callable, Iterator, Optional, Tuple

    Frame = Tuple[int, int, bytes, bytes]  # word, id, metadata, body

PROTOCOL_VERSION = 1
HELLO, WELCOME, READY = 1, 2, 3
TASK, RESULT, FAILURE, CHUNK, END, BODY, CREDIT, PROGRESS, LOG, CANCEL = range(16, 26)
PING, PONG, LAST_WORDS = 32, 33, 38
MORE, STREAM, CANCELLED, NOT_STARTED = 1, 2, 4, 8
BYTES, JSON, ATTACHMENTS = 0, 1, 2

MAGIC = 0x54534FF8
HEADER, TRAILER = struct.Struct('<6I'), struct.Struct('<2I')  # magic, word, id, metadata, body, check · id, length
MAX_METADATA, HANDSHAKE_MAX_FRAME, INITIAL_CREDIT = 65_536, 1 << 20, 1 << 18
READ_SIZE = 1 << 18


class Damage(Exception):
    """The task channel holds something that is not the protocol; the worker can only leave."""


class Limits:
    """What the pool said in WELCOME, and every frame is measured by."""

    __slots__ = ('key', 'max_frame', 'max_body')

    def __init__(self, key: int = 0, max_frame: int = HANDSHAKE_MAX_FRAME, max_body: int = HANDSHAKE_MAX_FRAME) -> None:
        self.key = key
        self.max_frame = max_frame
        self.max_body = max_body


def word_of(kind: int, flags: int = 0, encoding: int = BYTES) -> int:
    """The header's second word: type, flags and encoding as one number."""
    return kind | flags << 8 | encoding << 16


@functools.lru_cache(maxsize=256)
def frame_shape(padded: int) -> struct.Struct:
    """A whole frame as one Struct, which pads with zeros by itself: one call instead of four and a join."""
    return struct.Struct('<6I%ds2I' % padded)


def encode_frame(key: int, word: int, task_id: int, body: bytes = b'', metadata: bytes = b'') -> bytes:
    """One frame as bytes."""
    payload = metadata + body if metadata else body
    check = key ^ word ^ task_id ^ len(metadata) ^ len(body)
    return frame_shape((len(payload) + 7) & ~7).pack(
        MAGIC, word, task_id, len(metadata), len(body), check, payload, task_id, len(payload))


def split_frames(limits: Limits, word: int, task_id: int, body: bytes) -> Iterator[bytes]:
    """The frames of one body: a single one, or a first with MORE and the total, followed by BODY frames."""
    key, max_frame = limits.key, limits.max_frame
    if len(body) <= max_frame:
        yield encode_frame(key, word, task_id, body)
        return
    total = struct.pack('<BBHI', 9, 0, 4, len(body))
    yield encode_frame(key, word | MORE << 8, task_id, body[:max_frame], total)
    for start in range(max_frame, len(body), max_frame):
        flags = MORE if start + max_frame < len(body) else 0
        yield encode_frame(key, word_of(BODY, flags), task_id, body[start:start + max_frame])


def read_frames(read: Callable[[int], Optional[bytes]], limits: Limits) -> Iterator[Optional[Frame]]:
    """Yields every frame, and None whenever it has to wait for more bytes.

    `read(size)` returns b'' at the end, and None where nothing has come yet; `limits` may change between two frames.
    """
    data = b''
    while True:
        position, end, needed = 0, len(data), HEADER.size
        while end - position >= 24:
            magic, word, task_id, metadata_length, body_length, check = HEADER.unpack_from(data, position)
            if (magic != MAGIC or check != limits.key ^ word ^ task_id ^ metadata_length ^ body_length
                    or metadata_length > MAX_METADATA or body_length > limits.max_frame):
                raise Damage('expected a frame, got %r' % data[position:position + 24])
            payload = metadata_length + body_length
            trailer = position + 24 + ((payload + 7) & ~7)
            if trailer + 8 > end:
                needed = trailer + 8 - position
                break
            if TRAILER.unpack_from(data, trailer) != (task_id, payload):
                raise Damage('the frame of task %d was altered on its way' % task_id)
            body_start = position + 24 + metadata_length
            yield word, task_id, data[position + 24:body_start], data[body_start:body_start + body_length]
            position = trailer + 8
        if end:
            yield None
        pieces, have = [data[position:]] if position < end else [], end - position
        while have < needed:  # joined once, so that a large frame in many reads costs no more than its length
            piece = read(max(READ_SIZE, needed - have))
            if piece is None:
                yield None
                continue
            if not piece and have:
                raise Damage('the channel ends in the middle of a frame')
            if not piece:
                return
            pieces.append(piece)
            have += len(piece)
        data = b''.join(pieces)
