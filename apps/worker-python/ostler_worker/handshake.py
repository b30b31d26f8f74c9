"""HELLO, WELCOME, and what WELCOME says."""
from __future__ import annotations

import json
import os
import sys

from .errors import VersionError
from .fields import decode_fields, number_in, text_in
from .frames import BODY, HANDSHAKE_MAX_FRAME, HELLO, PROTOCOL_VERSION, WELCOME, Damage
from .values import decode_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, List

    from .frames import Frame
    from .inbox import Inbox
    from .replies import Replies

VERSION = '0.1.0'
CAPABILITIES = ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency']


class Info:
    """What a worker knows of its place; `init` gets it."""

    def __init__(self, slot: int, worker_id: int, pool: str) -> None:
        self.slot = slot
        self.worker_id = worker_id
        self.pool = pool


class Welcome:
    """The pool's answer to HELLO."""

    def __init__(self, frame: Frame) -> None:
        word, _, metadata, body = frame
        fields = decode_fields(metadata)
        self.key: int = number_in(fields, 32, 0)
        self.max_frame: int = number_in(fields, 34, HANDSHAKE_MAX_FRAME)
        self.ledger_size: int = number_in(fields, 37, 0)
        self.version: int = number_in(fields, 38, PROTOCOL_VERSION)
        self.concurrency: int = number_in(fields, 40, 1)
        self.info = Info(number_in(fields, 35, 0), number_in(fields, 36, 0), text_in(fields, 39, ''))
        self.init_data: Any = decode_value(word >> 16 & 0xFF, body) if body else None

    def check_version(self) -> None:
        """Raises where the pool speaks what this package does not."""
        if self.version != PROTOCOL_VERSION:
            raise VersionError('the pool speaks protocol %d, ostler_worker %s speaks protocol %d'
                               % (self.version, VERSION, PROTOCOL_VERSION))


def say_hello(replies: Replies, handlers: Iterable[str], capabilities: List[str]) -> None:
    """Who we are, and what we can do."""
    hello = {
        'protocol': {'min': PROTOCOL_VERSION, 'max': PROTOCOL_VERSION},
        'sdk': {'name': 'ostler-python', 'version': VERSION},
        'runtime': {'name': sys.implementation.name, 'version': '%d.%d.%d' % sys.version_info[:3]},
        'pid': os.getpid(),
        'capabilities': capabilities,
        'handlers': [{'name': name} for name in handlers],
    }
    replies.say(HELLO, 0, json.dumps(hello).encode())


def await_welcome(inbox: Inbox) -> Welcome:
    """Reads until it has come; its limits hold from then on."""
    for frame in inbox.frames:
        if frame is None:
            continue
        word, _, metadata, _ = frame
        if word & 0xFF == WELCOME:
            inbox.limits.max_body = number_in(decode_fields(metadata), 33, 1 << 26)
        elif word & 0xFF != BODY:
            raise Damage('expected WELCOME, got a frame of type %d' % (word & 0xFF))
        whole = inbox.assembly.add(frame)
        if whole is not None:
            welcome = Welcome(whole)
            inbox.limits.key, inbox.limits.max_frame = welcome.key, welcome.max_frame
            return welcome
    sys.exit(0)  # the channel was closed before the pool said a word
