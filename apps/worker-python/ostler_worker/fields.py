"""Metadata: the fields that travel in front of a frame's body."""
from __future__ import annotations

import functools
import json
import math
import struct
from types import MappingProxyType

from .frames import Damage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Mapping, Optional, TypeVar, Union

    Default = TypeVar('Default')


def encode_field(tag: int, value: bytes) -> bytes:
    """One field as bytes."""
    return struct.pack('<BBH', tag, 0, len(value)) + value


def decode_fields(metadata: bytes) -> Dict[int, bytes]:
    """Metadata as { tag: bytes }."""
    fields, position = {}, 0
    while position < len(metadata):
        tag, length = metadata[position], int.from_bytes(metadata[position + 2:position + 4], 'little')
        position += 4 + length
        if position > len(metadata):
            raise Damage('metadata ends in the middle of a field')
        fields[tag] = metadata[position - length:position]
    return fields


def number_in(fields: Dict[int, bytes], tag: int, default: Default) -> Union[int, Default]:
    """The u32 under `tag`, or `default`."""
    value = fields.get(tag)
    if value is None:
        return default
    if len(value) != 4:
        raise Damage('field %d has %d bytes, expected 4' % (tag, len(value)))
    return int.from_bytes(value, 'little')


def text_in(fields: Dict[int, bytes], tag: int, default: Default) -> Union[str, Default]:
    """The text under `tag`, or `default`."""
    try:
        return str(fields[tag], 'utf-8') if tag in fields else default
    except UnicodeDecodeError:
        raise Damage('field %d is not UTF-8' % tag) from None


class TaskFields:
    """What the metadata of a TASK says."""

    __slots__ = ('handler', 'remaining_ms', 'attempt', 'tenant', 'idempotency_key', 'traceparent', 'tracestate', 'metadata')

    def __init__(self, fields: Dict[int, bytes], metadata: Mapping[str, str]) -> None:
        self.handler: str = text_in(fields, 1, 'default')
        self.remaining_ms: float = number_in(fields, 2, math.inf)
        self.attempt: int = number_in(fields, 3, 1)
        self.tenant: str = text_in(fields, 4, '')
        self.idempotency_key: Optional[str] = text_in(fields, 5, None)
        self.traceparent: Optional[str] = text_in(fields, 6, None)
        self.tracestate: Optional[str] = text_in(fields, 7, None)
        self.metadata = metadata


@functools.lru_cache(maxsize=32)
def decode_task_fields(metadata: bytes) -> TaskFields:
    """Cached by the bytes, because many tasks have the same; therefore nobody may change the result."""
    fields = decode_fields(metadata)
    try:
        user_metadata = json.loads(text_in(fields, 8, '{}'))
    except (ValueError, RecursionError):
        user_metadata = None
    if not isinstance(user_metadata, dict) or not all(isinstance(value, str) for value in user_metadata.values()):
        raise Damage('the metadata of a task is not a JSON object of strings')
    return TaskFields(fields, MappingProxyType(user_metadata))
