"""JSON values, with bytes beside them as attachments."""
from __future__ import annotations

import json
import math
import re
import struct

from .frames import ATTACHMENTS, JSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, NoReturn, Set, Tuple

MAX_DEPTH = 500  # levels of nesting that are sent; every receiver must take as many
POINTER = re.compile(r'(/([^~/]|~[01])*)*')
INDEX = re.compile(r'0|[1-9][0-9]*')


class JsonValueError(TypeError):
    """A value that JSON would change or cannot hold; `path` is its JSON Pointer ('' = the value itself)."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__('JSON cannot carry %s, at %s' % (problem, json.dumps(path) if path else 'the top'))
        self.path = path


def encode_value(value: object) -> Tuple[int, bytes]:
    """(encoding, body): JSON, with bytes-like values beside it as attachments. Raises JsonValueError."""
    attachments: List[Tuple[bytes, bytes]] = []
    plain = _plain(value, '', attachments, set())
    try:
        body = json.dumps(plain, ensure_ascii=False, separators=(',', ':')).encode()
    except UnicodeEncodeError:  # half a surrogate pair survives only as an escape
        body = json.dumps(plain, separators=(',', ':')).encode()
    if not attachments:
        return JSON, body
    paths, contents = zip(*attachments)
    lengths = [len(part) for attachment in attachments for part in attachment]
    table = struct.pack('<%dI' % (2 + len(lengths)), len(body), len(paths), *lengths)
    return ATTACHMENTS, b''.join((table, body) + paths + contents)


def is_json(value: object) -> bool:
    """Whether JSON alone carries the value unchanged."""
    try:
        return encode_value(value)[0] == JSON
    except JsonValueError:
        return False


def _plain(value: Any, path: str, attachments: List[Tuple[bytes, bytes]], parents: Set[int]) -> object:
    """A copy that JSON holds exactly, with None where an attachment was."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, float) and math.isfinite(value) or isinstance(value, int) and _is_exact(value):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            attachments.append((path.encode(), bytes(value)))
        except UnicodeEncodeError:
            raise JsonValueError(path, 'bytes behind a key that is not Unicode text') from None
        return None
    if isinstance(value, (int, float)):
        raise JsonValueError(path, '%r (a double cannot hold it)' % value)
    if not isinstance(value, (dict, list, tuple)):
        raise JsonValueError(path, 'a value of type %s' % type(value).__name__)
    if id(value) in parents or len(parents) == MAX_DEPTH:
        raise JsonValueError(path, 'a circular reference' if id(value) in parents else 'more than 500 levels')
    parents.add(id(value))
    is_dict = isinstance(value, dict)
    copy: Any = {} if is_dict else [None] * len(value)
    items: Iterable[Tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if is_dict and not isinstance(key, str):
            raise JsonValueError(path, 'a key of type %s' % type(key).__name__)
        token = key.replace('~', '~0').replace('/', '~1') if is_dict else key
        copy[key] = _plain(item, '%s/%s' % (path, token), attachments, parents)
    parents.discard(id(value))
    return copy


def _is_exact(integer: int) -> bool:
    """Whether a reader that has only doubles gives back the same integer, exactly or by its shortest digits."""
    if -1 << 53 <= integer <= 1 << 53:
        return True
    from decimal import Decimal
    try:
        return float(integer) == integer or Decimal(repr(float(integer))) == integer
    except OverflowError:
        return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError('%s is not JSON' % name)


_decode_json = json.JSONDecoder(parse_constant=_refuse_constant).decode


def decode_value(encoding: int, body: bytes) -> Any:
    """The value of a JSON body; attachments are memoryviews of `body`. Raises ValueError."""
    if encoding == JSON:
        return _decode_json(str(body, 'utf-8'))
    if encoding != ATTACHMENTS or len(body) < 8:
        raise ValueError('a body of %d bytes in encoding %d is no JSON value' % (len(body), encoding))
    json_length, count = struct.unpack_from('<2I', body)
    start = 8 + 8 * count
    lengths = struct.unpack_from('<%dI' % (2 * count), body, 8) if start <= len(body) else ()
    if start + json_length + sum(lengths) != len(body):
        raise ValueError('the parts of a body with attachments do not add up to its length')
    root = {'': _decode_json(str(body[start:start + json_length], 'utf-8'))}
    path_at = start + json_length
    content_at = path_at + sum(lengths[::2])
    for path_length, length in zip(lengths[::2], lengths[1::2]):
        path = str(body[path_at:path_at + path_length], 'utf-8')
        _attach(root, path, memoryview(body)[content_at:content_at + length])
        path_at += path_length
        content_at += length
    return root['']


def _attach(root: Dict[str, Any], path: str, content: memoryview) -> None:
    """Puts `content` in the place of the null at `path`, a JSON Pointer into root['']."""
    parent: Any = root
    key: Any = ''
    try:
        if not POINTER.fullmatch(path):
            raise LookupError
        for token in path.split('/')[1:]:
            parent, key = parent[key], token.replace('~1', '/').replace('~0', '~')
            if isinstance(parent, list) and INDEX.fullmatch(token):
                key = int(token)
        if parent[key] is not None:
            raise LookupError
        parent[key] = content
    except (LookupError, TypeError):
        raise ValueError('there is no null for the attachment %r' % path) from None
