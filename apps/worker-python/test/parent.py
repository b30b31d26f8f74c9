"""The pool's side of the conversation, as far as tests need it: start a worker, send frames, wait for frames."""
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from ostler_worker import errors, event_loop, fields, frames, handlers, inbox, outbox, replies, task, turns, values  # noqa: E402

sdk = SimpleNamespace()  # the parts of the package that tests look into, under one name
for part in errors, event_loop, fields, frames, handlers, inbox, outbox, replies, task, turns, values:
    vars(sdk).update(vars(part))

KEY = 0x9E3779B9
PATIENCE = 30  # seconds after which a frame that does not come is a failure
FIXTURE = os.path.join(HERE, 'handlers.py')


class Frame:
    def __init__(self, word, task_id, metadata, body):
        self.type, self.flags, self.encoding = word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF
        self.id, self.metadata, self.body = task_id, metadata, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def value(self):
        return sdk.decode_value(self.encoding, self.body)

    def __repr__(self):
        return 'Frame(type=%d, flags=%d, id=%d, body=%r)' % (self.type, self.flags, self.id, self.body[:200])


def number(tag, value):
    return sdk.encode_field(tag, struct.pack('<I', value))


class Parent:
    """A started worker; use it in a `with`, which kills what is left of it."""

    def __init__(self, *arguments, private=os.name != 'nt', ledger=0, environment=None, cwd=None, welcome=True, **limits):
        self.private, self.ledger = private, None
        inherited, variables = [], {'PYTHONPATH': os.path.dirname(HERE), 'PYTHONIOENCODING': 'utf-8', **(environment or {})}
        if ledger:
            self.ledger = tempfile.TemporaryFile(buffering=0)
            self.ledger.truncate(ledger)
            inherited.append(self.ledger.fileno())
            variables['OSTLER_LEDGER'] = str(self.ledger.fileno())
        if private:
            self.socket, theirs = socket.socketpair()
            self.socket.settimeout(PATIENCE)
            inherited.append(theirs.fileno())
            variables['OSTLER_CHANNEL'] = '%d,%d' % (theirs.fileno(), theirs.fileno())
        else:
            self.socket = theirs = None
        self.process = subprocess.Popen(
            [sys.executable, *(arguments or [FIXTURE])], cwd=cwd, env={**os.environ, **variables}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0, **({'pass_fds': inherited} if inherited else {}))
        if theirs is not None:
            theirs.close()
        self.limits = sdk.Limits()
        self.frames = (Frame(*frame) for frame in sdk.read_frames(self._receive, self.limits) if frame is not None)
        self.later = []  # frames that came while another one was waited for
        self.hello = None
        if welcome:
            self.welcome(ledger=ledger, **limits)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.socket, self.ledger, self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def welcome(self, *, ledger=0, init=None, max_body=1 << 26, max_frame=1 << 20, concurrency=1, version=1, ready=True):
        self.hello = self.expect(sdk.HELLO).json
        metadata = b''.join([
            number(32, KEY), number(33, max_body), number(34, max_frame), number(35, 3), number(36, 7),
            number(37, ledger) if ledger else b'', number(38, version), sdk.encode_field(39, b'tests'),
            number(40, concurrency)])
        self.send(sdk.WELCOME, 0, b'' if init is None else json.dumps(init).encode(), metadata=metadata, encoding=sdk.JSON)
        self.limits.key = KEY
        if ready:
            self.expect(sdk.READY)

    # -- sending

    def write(self, data):
        if self.socket is not None:
            self.socket.sendall(data)
        else:
            self.process.stdin.write(data)

    def send(self, kind, task_id, body=b'', *, metadata=b'', flags=0, encoding=0):
        self.write(self.encode(kind, task_id, body, metadata=metadata, flags=flags, encoding=encoding))

    def encode(self, kind, task_id, body=b'', *, metadata=b'', flags=0, encoding=0):
        return sdk.encode_frame(self.limits.key, sdk.word_of(kind, flags, encoding), task_id, body, metadata)

    def task(self, task_id, body=b'', handler=None, *, fields=b'', flags=0):
        """Sends bytes as they are and any other value as JSON."""
        self.write(self.encode_task(task_id, body, handler, fields=fields, flags=flags))

    def encode_task(self, task_id, body=b'', handler=None, *, fields=b'', flags=0):
        encoding = 0
        if not isinstance(body, bytes):
            encoding, body = sdk.encode_value(body)
        metadata = (sdk.encode_field(1, handler.encode()) if handler else b'') + fields
        return self.encode(sdk.TASK, task_id, body, metadata=metadata, flags=flags, encoding=encoding)

    def end_input(self):
        if self.socket is not None:
            self.socket.shutdown(socket.SHUT_WR)
        else:
            self.process.stdin.close()

    # -- receiving

    def _receive(self, size):
        if self.socket is None:
            return os.read(self.process.stdout.fileno(), size)
        try:
            return self.socket.recv(size)
        except ConnectionResetError:
            return b''

    def next(self):
        return self.later.pop(0) if self.later else next(self.frames)

    def expect(self, kind, task_id=None):
        """The next frame of this type; others are kept for later."""
        kinds = kind if isinstance(kind, tuple) else (kind,)
        for index, frame in enumerate(self.later):
            if frame.type in kinds and task_id in (None, frame.id):
                return self.later.pop(index)
        for frame in self.frames:
            if frame.type in kinds and task_id in (None, frame.id):
                return frame
            self.later.append(frame)
        raise AssertionError('the channel ended; before: %r; stderr: %s' % (self.later, self.errors()))

    def reply(self, task_id=None):
        return self.expect((sdk.RESULT, sdk.FAILURE, sdk.END), task_id)

    def call(self, task_id, body=b'', handler=None, **options):
        self.task(task_id, body, handler, **options)
        return self.reply(task_id)

    def rest(self):
        """All frames until the end of the channel."""
        frames, self.later = self.later + list(self.frames), []
        return frames

    def errors(self):
        return self.process.stderr.read().decode('utf-8', 'replace')

    def finish(self):
        """Ends the input and waits: (exit code, the frames that still came, stdout, stderr)."""
        self.end_input()
        frames = self.rest()
        out = self.process.stdout.read() if self.private else b''
        return self.process.wait(PATIENCE), frames, out, self.process.stderr.read()

    # -- the ledger

    def read_ledger(self):
        """(started, the terminal frames that may not have been written)."""
        data = os.pread(self.ledger.fileno(), 1 << 26, 0)
        magic, started, encoded, _ = struct.unpack_from('<4I', data)
        pieces = iter([data[64:64 + encoded]])
        frames = [Frame(*frame) for frame in sdk.read_frames(lambda _: next(pieces, b''), self.limits) if frame]
        return magic, started, frames
