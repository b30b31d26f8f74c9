"""Ostler's worker SDK for Python (>= 3.8, standard library only): `serve(handlers)` makes a program a worker.

From top to bottom: frames, task metadata, values, errors, the task, the outbox (what goes to the pool), the worker.
The main thread reads a batch of tasks, runs their handlers one after the other, and reads again. While one of them
takes long, a second thread stands in for it at the channel: a thread that always read would cost a third of the
speed, because two busy threads keep handing the interpreter's lock to each other.
"""
import contextvars
import errno
import functools
import json
import math
import os
import re
import signal
import struct
import sys
import threading
import time
from collections import deque, namedtuple
from json.encoder import encode_basestring_ascii as quote
from queue import SimpleQueue
from time import perf_counter as clock
from types import MappingProxyType, SimpleNamespace

__all__ = ['serve', 'Task', 'JsonValueError', 'BodyTooLargeError', 'ReplyKindError', 'HandlerNotFoundError']
VERSION = '0.1.0'

# ---------------------------------------------------------------------------------------------------------- frames

PROTOCOL_VERSION = 1
HELLO, WELCOME, READY, TASK, RESULT, FAILURE, CHUNK, END, BODY, CREDIT, PROGRESS, LOG, CANCEL = 1, 2, 3, *range(16, 26)
PING, PONG, LAST_WORDS = 32, 33, 38
MORE, STREAM, CANCELLED, NOT_STARTED = 1, 2, 4, 8
BYTES, JSON, ATTACHMENTS = 0, 1, 2

MAGIC = 0x54534FF8
HEADER, TRAILER = struct.Struct('<6I'), struct.Struct('<2I')  # magic, word, id, metadata, body, check · id, length
MAX_METADATA, HANDSHAKE_MAX_FRAME, INITIAL_CREDIT = 65_536, 1 << 20, 1 << 18
READ_SIZE = 1 << 18


class Damage(Exception):
    """The task channel holds something that is not the protocol; the worker can only leave."""


def word_of(kind, flags=0, encoding=BYTES):
    """The header's second word: type, flags and encoding as one number."""
    return kind | flags << 8 | encoding << 16


@functools.lru_cache(maxsize=256)
def frame_shape(padded):
    """A whole frame as one Struct, which pads with zeros by itself: one call instead of four and a join."""
    return struct.Struct('<6I%ds2I' % padded)


def encode_frame(key, word, task_id, body=b'', metadata=b''):
    """One frame as bytes."""
    payload = metadata + body if metadata else body
    check = key ^ word ^ task_id ^ len(metadata) ^ len(body)
    return frame_shape((len(payload) + 7) & ~7).pack(
        MAGIC, word, task_id, len(metadata), len(body), check, payload, task_id, len(payload))


def split_frames(key, word, task_id, body, max_frame):
    """The frames of one body: a single one, or a first with MORE and the total, followed by BODY frames."""
    if len(body) <= max_frame:
        yield encode_frame(key, word, task_id, body)
        return
    yield encode_frame(key, word | MORE << 8, task_id, body[:max_frame], encode_field(9, struct.pack('<I', len(body))))
    for start in range(max_frame, len(body), max_frame):
        flags = MORE if start + max_frame < len(body) else 0
        yield encode_frame(key, word_of(BODY, flags), task_id, body[start:start + max_frame])


def read_frames(read, limits):
    """Yields every frame as (word, id, metadata, body), and None whenever it has to wait for more bytes.

    `read(size)` returns b'' at the end; `limits` has `key` and `max_frame`, which may change between two frames.
    """
    data = read(READ_SIZE)
    while data:
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
        yield None
        pieces, have = [data[position:]] if position < end else [], end - position
        while have < needed:  # joined once, so that a large frame in many reads costs no more than its length
            piece = read(max(READ_SIZE, needed - have))
            if not piece and have:
                raise Damage('the channel ends in the middle of a frame')
            if not piece:
                return
            pieces.append(piece)
            have += len(piece)
        data = b''.join(pieces)


# -------------------------------------------------------------------------------------------------------- metadata

def encode_field(tag, value):
    return struct.pack('<BBH', tag, 0, len(value)) + value


def decode_fields(metadata):
    """Metadata as { tag: bytes }."""
    fields, position = {}, 0
    while position < len(metadata):
        tag, length = metadata[position], int.from_bytes(metadata[position + 2:position + 4], 'little')
        position += 4 + length
        if position > len(metadata):
            raise Damage('metadata ends in the middle of a field')
        fields[tag] = metadata[position - length:position]
    return fields


def number_in(fields, tag, default):
    value = fields.get(tag)
    if value is not None and len(value) != 4:
        raise Damage('field %d has %d bytes, expected 4' % (tag, len(value)))
    return default if value is None else int.from_bytes(value, 'little')


def text_in(fields, tag, default):
    try:
        return str(fields[tag], 'utf-8') if tag in fields else default
    except UnicodeDecodeError:
        raise Damage('field %d is not UTF-8' % tag) from None


TaskFields = namedtuple('TaskFields', 'handler remaining_ms attempt tenant idempotency_key traceparent tracestate metadata')


@functools.lru_cache(maxsize=32)
def decode_task_fields(metadata):
    """Cached by the bytes, because many tasks have the same; therefore nothing in the result can change."""
    fields = decode_fields(metadata)
    try:
        user_metadata = json.loads(text_in(fields, 8, '{}'))
    except (ValueError, RecursionError):
        user_metadata = None
    if not isinstance(user_metadata, dict) or not all(isinstance(value, str) for value in user_metadata.values()):
        raise Damage('the metadata of a task is not a JSON object of strings')
    return TaskFields(text_in(fields, 1, 'default'), number_in(fields, 2, math.inf), number_in(fields, 3, 1),
                      text_in(fields, 4, ''), text_in(fields, 5, None), text_in(fields, 6, None),
                      text_in(fields, 7, None), MappingProxyType(user_metadata))


# ---------------------------------------------------------------------------------------------------------- values

MAX_DEPTH = 500  # levels of nesting that are sent; every receiver must take as many
POINTER = re.compile(r'(/([^~/]|~[01])*)*')
INDEX = re.compile(r'0|[1-9][0-9]*')


class JsonValueError(TypeError):
    """A value that JSON would change or cannot hold; `path` is its JSON Pointer ('' = the value itself)."""

    def __init__(self, path, problem):
        super().__init__('JSON cannot carry %s, at %s' % (problem, json.dumps(path) if path else 'the top'))
        self.path = path


def encode_value(value):
    """(encoding, body): JSON, with bytes-like values beside it as attachments. Raises JsonValueError."""
    attachments = []
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


def _plain(value, path, attachments, parents):
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
    copy = {} if is_dict else [None] * len(value)
    for key, item in value.items() if is_dict else enumerate(value):
        if is_dict and not isinstance(key, str):
            raise JsonValueError(path, 'a key of type %s' % type(key).__name__)
        token = key.replace('~', '~0').replace('/', '~1') if is_dict else key
        copy[key] = _plain(item, '%s/%s' % (path, token), attachments, parents)
    parents.discard(id(value))
    return copy


def _is_exact(integer):
    """Whether a reader that has only doubles gives back the same integer, exactly or by its shortest digits."""
    if -1 << 53 <= integer <= 1 << 53:
        return True
    from decimal import Decimal
    try:
        return float(integer) == integer or Decimal(repr(float(integer))) == integer
    except OverflowError:
        return False


def _refuse_constant(name):
    raise ValueError('%s is not JSON' % name)


_decode_json = json.JSONDecoder(parse_constant=_refuse_constant).decode


def decode_value(encoding, body):
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


def _attach(root, path, content):
    """Puts `content` in the place of the null at `path`, a JSON Pointer into root['']."""
    parent, key = root, ''
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


# ---------------------------------------------------------------------------------------------------------- errors

class HandlerNotFoundError(LookupError):
    """The task names a handler that this worker does not have."""

    def __init__(self, handler, known):
        super().__init__('there is no handler %r; this worker has %s' % (handler, ', '.join(known) or 'none'))
        self.known = list(known)


class ReplyKindError(TypeError):
    """What a handler gave is no reply to what was asked for: a stream, not one value; a value, not bytes."""


class BodyTooLargeError(ValueError):
    """A reply that is larger than the pool allows."""

    def __init__(self, what, size, limit):
        super().__init__('%s has %d bytes, the limit is %d' % (what, size, limit))
        self.size, self.limit = size, limit


class CancelledError(Exception):
    """The caller gave up, and the handler was ended because of it."""


class VersionError(Exception):
    """The pool speaks another version of the protocol."""


def describe_error(error, causes=5):
    """What a FAILURE says of an exception: name, message, stack, code, data (16 KiB) and up to five causes."""
    import traceback  # here, because a worker should start fast
    try:
        message = str(error)
    except Exception as problem:
        message = '(its __str__ raised %s)' % type(problem).__name__
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next  # the stack begins at the user's code
    stack = ''.join(traceback.format_exception(type(error), error, trace, chain=False))
    told = {'name': type(error).__name__, 'message': message[:65_536], 'stack': stack[:65_536]}
    data = {key: value for key, value in getattr(error, '__dict__', {}).items() if not key.startswith('_')}
    if isinstance(error, OSError) and error.errno is not None:
        told['code'] = errno.errorcode.get(error.errno, str(error.errno))
        data.update(errno=error.errno, filename=error.filename)
    data = {key: value for key, value in data.items() if value is not None and is_json(value)}
    if data and len(json.dumps(data)) <= 16_384:
        told['data'] = data
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and causes > 0:
        told['cause'] = describe_error(cause, causes - 1)
    return told


def is_json(value):
    try:
        return encode_value(value)[0] == JSON
    except JsonValueError:
        return False


def encode_record(record, limit):
    """The JSON of an error or a log line; one that does not fit keeps its short members and the start of its message."""
    body = json.dumps(record).encode()
    if len(body) <= limit:
        return body
    short = {key: record[key][:64] for key in ('name', 'level', 'source') if key in record}
    return json.dumps({**short, 'message': record['message'][:max(0, (limit - 512) // 12)]}).encode()


# ------------------------------------------------------------------------------------------------------------ task

_current = contextvars.ContextVar('ostler task', default=None)


class Task:
    """What a handler is told about its task, and what it can tell the pool."""

    # Of what few tasks use, the class has the beginning; an object for each task should be cheap.
    _event = _aio = _partial = None
    _cancel_asked = _done = False
    _credit = INITIAL_CREDIT

    def __init__(self, worker, task_id, word, fields, body):
        self.id = task_id
        self._worker = worker
        self._word = word
        self._fields = fields
        self._body = body

    handler = property(lambda self: self._fields.handler)
    attempt = property(lambda self: self._fields.attempt, doc='1 for the first time that this task runs.')
    tenant = property(lambda self: self._fields.tenant)
    metadata = property(lambda self: self._fields.metadata)
    idempotency_key = property(lambda self: self._fields.idempotency_key)
    traceparent = property(lambda self: self._fields.traceparent)
    tracestate = property(lambda self: self._fields.tracestate)
    slot = property(lambda self: self._worker.info.slot, doc='The lowest number that no other live worker has.')

    @property
    def cancelled(self):
        """A threading.Event that is set when the caller gives up."""
        if self._event is None:
            event = threading.Event()
            self._event = event  # first this, then the look at the flag: _cancel() on the other thread does the reverse
            if self._cancel_asked:
                event.set()
        return self._event

    def remaining_ms(self):
        """Milliseconds until the task's time is up; math.inf without a limit, never below 0."""
        return max(0.0, self._fields.remaining_ms - (clock() - self._began) * 1000)

    def progress(self, value):
        """Hands a JSON value to the caller's onProgress; raises JsonValueError."""
        encoding, body = encode_value(value)
        if encoding != JSON:
            raise JsonValueError('', 'bytes in a progress value')
        self._worker.send_progress(self, body)

    def log(self, level, message, **fields):
        """Writes a log line of this task; a field that JSON cannot carry is written as its repr."""
        record = {'level': str(level), 'message': str(message)}
        if fields:
            record['fields'] = {key: value if is_json(value) else repr(value) for key, value in fields.items()}
        self._worker.send_logs(self, [encode_record(record, self._worker.limits.max_frame)])

    def _cancel(self):
        self._cancel_asked = True
        if self._event is not None:
            self._event.set()
        if self._aio is not None:
            self._aio.get_loop().call_soon_threadsafe(self._aio.cancel)

    def _wake(self):
        """Credit has come, or the end of the channel; replaced where a stream waits for it in an event loop."""


# ---------------------------------------------------------------------------------------------------------- outbox

LEDGER_MAGIC, LEDGER_HEADER = 0x4C54534F, 64
STARTED, ENCODED, GENERATION = 1, 2, 3  # words of the ledger's header


class Outbox:
    """Everything that goes to the pool: whole frames, one after the other, from any thread.

    With a ledger (memory that outlives a kill -9) terminal frames gather there and are written many at a time.
    """

    def __init__(self, descriptor, limits):
        self.descriptor = descriptor
        self.limits = limits
        self.lock = threading.RLock()
        self.words = self.area = None
        self.capacity = self.held = self.count = 0  # bytes there are; bytes and frames that are not written yet
        self._deferred = []

    def use_ledger(self, descriptor, size):
        import mmap  # does not exist everywhere
        memory = memoryview(mmap.mmap(descriptor, size))[:size & ~7]
        self.words, self.area = memory[:LEDGER_HEADER].cast('I'), memory[LEDGER_HEADER:]
        self.words[0] = LEDGER_MAGIC
        self.capacity = len(self.area)

    def begin(self, task_id):
        """Says whose fault a death would be from now on."""
        if self.words is not None:
            self.words[STARTED] = task_id

    def publish(self, word, task_id, body=b''):
        """Sends a terminal frame. When this returns, no death of the worker can lose it."""
        size, limits = len(body), self.limits
        padded = (size + 7) & ~7
        if size > limits.max_frame or (self.capacity and padded + 32 > self.capacity):
            self.send(split_frames(limits.key, word, task_id, body, limits.max_frame))
            return
        frame = MAGIC, word, task_id, 0, size, limits.key ^ word ^ task_id ^ size, body, task_id, size
        with self.lock:
            if not self.capacity:
                self._write(frame_shape(padded).pack(*frame))
                return
            start = self.held
            if start + padded + 32 > self.capacity:
                self.flush()
                start = 0
            frame_shape(padded).pack_into(self.area, start, *frame)
            self.held = self.words[ENCODED] = start + padded + 32
            self.count += 1

    def send(self, frames):
        """Writes the frames of one message now, behind all that was held back."""
        if self.lock._is_owned():  # a finalizer or signal handler of the user, on top of a write of ours
            self._deferred.extend(frames)
            return
        with self.lock:
            self.flush()
            for frame in frames:
                self._write(frame)
            while self._deferred:
                self._write(self._deferred.pop(0))

    def flush(self):
        with self.lock:
            if self.count:
                self._write(self.area[:self.held])
                self.words[ENCODED] = self.held = self.count = 0
                self.words[GENERATION] = (self.words[GENERATION] + 1) & 0xFFFFFFFF

    def _write(self, data):
        try:
            written = os.write(self.descriptor, data)
            while written < len(data):
                written += os.write(self.descriptor, memoryview(data)[written:])
        except OSError:
            raise SystemExit(1) from None  # the pool is gone


# ---------------------------------------------------------------------------------------------------------- worker

HOLD_SECONDS = 150e-6  # a reply may wait so long for company
TICK_SECONDS = 2e-3  # a task that takes longer than one to two of these finds the stand-in at the channel
QUIET_TICKS = 50  # so long the stand-in keeps looking at a worker without tasks; then it sleeps until there are some
LEVELS = {'stdout': 'info', 'stderr': 'error'}  # of the lines that a task prints there
MAX_LINE = 65_536  # characters; a longer printed line is cut


def serve(handlers, *, init=None, close=None):
    """Serves tasks until the pool closes the channel, then returns.

    `handlers`: { name: function(input) or function(input, task) }: plain, async, generator or async generator.
    `init(data, info)` runs before the first task and gets the pool's initData and `info.slot`, `info.worker_id`,
    `info.pool`; `close()` runs after the last one. Both may be async, and may take fewer arguments.
    """
    Worker(handlers).run(init, close)


def positional_count(function, at_most):
    """How many of `at_most` positional arguments a callable takes."""
    import inspect
    try:
        kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return 1  # some builtins have no signature
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return at_most
    return min(at_most, sum(kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds))


def take_channel():
    """(read, write) descriptors for the protocol alone: no print, native library or child process reaches them."""
    null = os.open(os.devnull, os.O_RDWR)
    offered = os.environ.pop('OSTLER_CHANNEL', None)  # popped, because it is not for our children
    if offered:
        channel = tuple(map(int, offered.split(',')))
    elif os.isatty(0):
        sys.exit('This is a worker of Ostler, started by a pool: new ProcessPool({ command: ["python3", "%s"] })' % sys.argv[0])
    else:
        channel = os.dup(0), os.dup(1)
        os.dup2(2, 1)
    os.dup2(null, 0)
    os.close(null)
    for descriptor in channel:
        os.set_inheritable(descriptor, False)
        if os.name == 'nt':
            import msvcrt
            msvcrt.setmode(descriptor, os.O_BINARY)
        else:
            os.set_blocking(descriptor, True)
    return channel


def take_ledger():
    offered = os.environ.pop('OSTLER_LEDGER', None)
    if not offered or os.name == 'nt' or sys.byteorder != 'little':
        return None
    os.set_inheritable(int(offered), False)
    return int(offered)


def is_readable(descriptor, seconds):
    """Whether a read would return at once; waits for that, up to `seconds`."""
    if os.name != 'nt':
        import select
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    import ctypes
    import msvcrt
    handle, available = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor)), ctypes.c_ulong()
    peek = functools.partial(ctypes.windll.kernel32.PeekNamedPipe, handle, None, 0, None, ctypes.byref(available), None)
    if peek() and not available.value:
        time.sleep(seconds)
        return not peek() or available.value > 0
    return True  # closed pipes too: the read will say so


class Worker:
    """One conversation with the pool."""

    def __init__(self, handlers):
        self.handlers = {name: (function, positional_count(function, 2) > 1) for name, function in handlers.items()}
        self.limits = SimpleNamespace(key=0, max_frame=HANDSHAKE_MAX_FRAME, max_body=HANDSHAKE_MAX_FRAME)
        self.descriptor, writes = take_channel()
        self.ledger = take_ledger()
        self.outbox = Outbox(writes, self.limits)
        self.frames = read_frames(self._receive, self.limits)
        self.reading = threading.Lock()  # held by whoever takes frames off the channel
        self.assembly = None  # the body whose pieces are coming
        self.ended = False  # no frame will come any more
        self.waiting = deque()  # tasks that have not begun: who removes one from it owns it
        self.quarter = 1  # of those that were waiting: so many replies go out together
        self.since = 0.0  # when the first task began whose reply is held back
        self.turn = self  # what the main thread is busy with: a task, something else, or None while it reads
        self.watched, self.alarms = False, SimpleQueue()  # whether the stand-in is awake; what wakes it
        self.running = {}  # by id, where tasks run at once (concurrency > 1)
        self.loop = self.arrived = None  # the event loop, and an asyncio.Event where it waits for tasks

    # -- the walk of the conversation

    def run(self, init, close):
        try:
            self._shake_hands()
        except Damage as damage:
            self._leave_damaged(damage)
        self._settle_in()
        try:
            self._initialize(init)
            self._say(READY)
            if self.concurrency > 1:
                self._in_loop(self._serve_together())
            else:
                self._serve_in_turn()
            self._hook(close)
            self._close_loop()
        except BaseException as error:
            self._say_last_words(error)
            raise
        finally:
            self.outbox.flush()

    def _shake_hands(self):
        capabilities = ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency']
        hello = {
            'protocol': {'min': PROTOCOL_VERSION, 'max': PROTOCOL_VERSION},
            'sdk': {'name': 'ostler-python', 'version': VERSION},
            'runtime': {'name': sys.implementation.name, 'version': '%d.%d.%d' % sys.version_info[:3]},
            'pid': os.getpid(),
            'capabilities': capabilities + (['ledger'] if self.ledger is not None else []),
            'handlers': [{'name': name} for name in self.handlers],
        }
        self._say(HELLO, 0, json.dumps(hello).encode())
        for frame in self.frames:
            if frame is None:
                continue
            word, _, metadata, _ = frame
            if word & 0xFF == WELCOME:
                self.limits.max_body = number_in(decode_fields(metadata), 33, 1 << 26)
            elif word & 0xFF != BODY:
                raise Damage('expected WELCOME, got a frame of type %d' % (word & 0xFF))
            welcome = self._assemble(*frame)
            if welcome is not None:
                self._accept(*welcome)
                return
        sys.exit(0)  # the channel was closed before the pool said a word

    def _accept(self, word, _, metadata, body):
        fields = decode_fields(metadata)
        self.limits.key = number_in(fields, 32, 0)
        self.limits.max_frame = number_in(fields, 34, HANDSHAKE_MAX_FRAME)
        version = number_in(fields, 38, PROTOCOL_VERSION)
        if version != PROTOCOL_VERSION:
            self._fail_start(VersionError('the pool speaks protocol %d, ostler_worker.py %s speaks protocol %d'
                                          % (version, VERSION, PROTOCOL_VERSION)))
        self.concurrency = number_in(fields, 40, 1)
        self.info = SimpleNamespace(slot=number_in(fields, 35, 0), worker_id=number_in(fields, 36, 0),
                                    pool=text_in(fields, 39, ''))
        self.init_data = decode_value(word >> 16 & 0xFF, body) if body else None
        ledger_size = number_in(fields, 37, 0)
        if self.ledger is not None:
            if ledger_size:
                self.outbox.use_ledger(self.ledger, ledger_size)
            os.close(self.ledger)

    def _settle_in(self):
        """Makes the process fit for tasks: interrupts, output, forks, and the second thread."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the pool's; SIG_IGN would reach our children
        for source in LEVELS:
            self._capture(source)
        if hasattr(os, 'register_at_fork'):
            os.register_at_fork(after_in_child=self._forget)
        second = self._read_always if self.concurrency > 1 else self._stand_in
        threading.Thread(target=second, daemon=True, name='ostler').start()

    def _initialize(self, init):
        try:
            self._hook(init, self.init_data, self.info)
        except Exception as error:
            self._fail_start(error)

    def _fail_start(self, error):
        self._say(FAILURE, 0, self._encode_error(error))
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)

    def _hook(self, hook, *arguments):
        if hook is None:
            return
        result = hook(*arguments[:positional_count(hook, len(arguments))])
        if hasattr(result, '__await__'):
            async def wait():
                await result
            self._in_loop(wait())

    def _say_last_words(self, error):
        """Names the task that left behind what ends us now, as far as that can be known."""
        for task in self._begun():
            self._send_partial(task)
        owner, trace = None, error.__traceback__
        while trace is not None:  # an event loop's Handle._run has the context of the callback
            if trace.tb_frame.f_code.co_name == '_run':
                context = getattr(trace.tb_frame.f_locals.get('self'), '_context', None)
                owner = owner if context is None else context.get(_current)
            trace = trace.tb_next
        if owner is not None or not isinstance(error, SystemExit):
            told, task_id = describe_error(error), 0
            if owner is not None:
                told['handler'], task_id = owner.handler, owner.id
            self._say(LAST_WORDS, task_id, encode_record(told, self.limits.max_frame))

    def _leave_damaged(self, damage):
        self.outbox.flush()
        os.write(2, ('ostler_worker: damage on the task channel: %s\n' % damage).encode('utf-8', 'replace'))
        os._exit(70)

    def _forget(self):
        """In a forked child, which must never speak for the worker."""
        for descriptor in {self.descriptor, self.outbox.descriptor}:  # they may be one
            os.close(descriptor)
        self.outbox.__init__(-1, self.limits)
        _current.set(None)

    # -- reading, on either thread

    def _receive(self, size):
        try:
            return os.read(self.descriptor, size)
        except OSError:
            return b''  # reset: the pool is gone

    def _read(self):
        """Takes the frames of one read off the channel; False at its end. The caller holds `reading`."""
        batch = []
        try:
            for frame in self.frames:
                if frame is None:
                    self._deliver(batch)
                    return True
                word, task_id, metadata, body = frame
                if word & 0x1FF != TASK or self.assembly is not None:
                    self._deliver(batch)
                    batch = []
                    arriving, frame = self.assembly, self._assemble(word, task_id, metadata, body)
                    if frame is None:
                        continue
                    word, task_id, metadata, body = frame
                    if word & 0xFF != TASK:
                        self._on_control(word, task_id, metadata)
                        continue
                    if arriving is not None and arriving.cancelled:
                        self._give_back(task_id)
                        continue
                batch.append(Task(self, task_id, word, decode_task_fields(metadata), body))
        except Damage as damage:
            self._leave_damaged(damage)
        self.ended = True
        for task in self._begun():
            task._wake()
        self._tell_loop()
        return False

    def _deliver(self, batch):
        if batch:
            self.waiting.extend(batch)
            self.quarter = len(self.waiting) // 4
            self._tell_loop()

    def _tell_loop(self):
        if self.arrived is not None:
            self.loop.call_soon_threadsafe(self.arrived.set)

    def _assemble(self, word, task_id, metadata, body):
        """The whole frame, once its last piece is here; until then None."""
        kind, more, whole = word & 0xFF, word & MORE << 8, self.assembly
        if kind != BODY and not more:
            if whole is not None and kind == TASK:
                raise Damage('task %d stands between the pieces of task %d' % (task_id, whole.id))
            return word, task_id, metadata, body
        if kind != BODY:
            total = number_in(decode_fields(metadata), 9, 0)
            if whole is not None or total > self.limits.max_body:
                raise Damage('task %d announces a body of %d bytes, limit %d' % (task_id, total, self.limits.max_body))
            whole = SimpleNamespace(word=word ^ more, id=task_id, metadata=metadata, missing=total, pieces=[],
                                    cancelled=False)
        elif whole is None or whole.id != task_id:
            raise Damage('a piece of a body that was not announced, of task %d' % task_id)
        whole.missing -= len(body)
        whole.pieces.append(body)
        if whole.missing < 0 or (whole.missing == 0) == bool(more):
            raise Damage('the pieces of the body of task %d do not add up' % task_id)
        self.assembly = whole if more else None
        return None if more else (whole.word, whole.id, whole.metadata, b''.join(whole.pieces))

    def _on_control(self, word, task_id, metadata):
        kind = word & 0xFF
        if kind == PING:
            self._say(PONG, task_id)
        elif kind == CANCEL:
            self._on_cancel(task_id, word >> 8 & NOT_STARTED)
        elif kind == CREDIT:
            task = self._find_running(task_id)
            if task is not None:
                with self.outbox.lock:
                    task._credit += number_in(decode_fields(metadata), 48, 0)
                task._wake()

    def _on_cancel(self, task_id, unless_begun=False):
        if self.assembly is not None and self.assembly.id == task_id:
            self.assembly.cancelled = True  # it is given back when it has come: its pieces need its id until then
            return
        task = next((task for task in self.waiting.copy() if task.id == task_id), None)
        try:
            self.waiting.remove(task)
        except ValueError:  # not waiting, or not any more
            task = self._find_running(task_id)
            if task is not None and not unless_begun:
                task._cancel()
                task._wake()
        else:
            self._give_back(task_id)

    def _give_back(self, task_id):
        error = CancelledError('the caller gave up before it began')
        self._say(FAILURE, task_id, self._encode_error(error), CANCELLED | NOT_STARTED)

    def _begun(self):
        return {task for task in [self.turn, *self.running.values()] if isinstance(task, Task)}

    def _find_running(self, task_id):
        turn = self.turn
        return turn if isinstance(turn, Task) and turn.id == task_id else self.running.get(task_id)

    # -- the second thread

    def _stand_in(self):
        """When a task takes long: sends what is held back, and reads in the main thread's place."""
        seen, quiet = None, 0
        while True:
            turn = self.turn
            if turn is not None and turn is seen:
                self.outbox.flush()
                self._read_for_main_thread()
                continue
            seen, quiet = turn, quiet + 1 if turn is None else 0
            if quiet > QUIET_TICKS:
                self.watched = False
                if self.turn is None:
                    self.alarms.get()
                self.watched, quiet = True, 0
            time.sleep(TICK_SECONDS)

    def _read_for_main_thread(self):
        if self.ended:
            time.sleep(TICK_SECONDS)
        elif is_readable(self.descriptor, TICK_SECONDS) and self.reading.acquire(blocking=False):
            try:
                if not self.ended and is_readable(self.descriptor, 0):  # the main thread may have been faster
                    self._read()
            finally:
                self.reading.release()

    def _read_always(self):
        """The second thread where the main thread lives in an event loop."""
        with self.reading:
            while self._read():
                pass

    # -- tasks in turn, on the main thread

    def _serve_in_turn(self):
        while self._wait_for_tasks():
            task = self._take()
            while task is not None:
                self._run(task)
                task = self._take()

    def _wait_for_tasks(self):
        """Reads until there may be tasks; False when there will be none."""
        self.outbox.flush()
        self.turn = None
        with self.reading:
            if not self.waiting:
                if self.ended:
                    return False
                self._read()
        self.turn = self  # first this, then the look at `watched`: the stand-in does the reverse
        if not self.watched:
            self.watched = True
            self.alarms.put(None)
        return True

    def _take(self):
        """The next waiting task, or None."""
        outbox, waiting, now = self.outbox, self.waiting, clock()
        if not outbox.count:
            self.since = now
        elif outbox.count >= self.quarter or now - self.since > HOLD_SECONDS:
            outbox.flush()
            self.since = now
        while waiting:
            try:  # announced, then claimed: a CANCEL on the other thread finds it in one of the two places
                self.turn = task = waiting[0]
                waiting.remove(task)
            except (IndexError, ValueError):
                continue  # recalled in between
            task._began = now
            outbox.begin(task.id)
            return task
        return None

    def _run(self, task):
        _current.set(task)
        try:
            result = self._call(task)
            if task._word == TASK and type(result) is bytes and len(result) <= self.limits.max_body:
                self._finish(task, RESULT, result)  # bytes for bytes: the short way
                return
            if hasattr(result, '__next__'):
                self._stream(task, result)
                return
            if not hasattr(result, '__await__') and not hasattr(result, '__anext__'):
                self._reply(task, result)
                return
        except SystemExit:
            raise
        except BaseException as error:
            self._fail(task, error)
            return
        self._in_loop(self._reply_in_loop(task, result))

    def _call(self, task):
        found = self.handlers.get(task._fields.handler)
        if found is None:
            raise HandlerNotFoundError(task.handler, self.handlers)
        function, takes_task = found
        body, task._body = task._body, None
        encoding = task._word >> 16 & 0xFF
        value = decode_value(encoding, body) if encoding else body
        return function(value, task) if takes_task else function(value)

    def _reply(self, task, result):
        """One value is the reply; a caller that takes chunks gets it as the only one."""
        if task._word & STREAM << 8:
            self._send_chunk(task, result)
            self._finish(task, END)
        else:
            encoding, body = self._encode_reply(task, result)
            self._finish(task, word_of(RESULT, 0, encoding), body)

    def _stream(self, task, items):
        self._require_stream(task)
        try:
            for item in items:
                while not self._may_send(task):
                    with self.reading:
                        if not self._may_send(task):
                            self._read()
                self._send_chunk(task, item)
        finally:
            getattr(items, 'close', int)()
        self._finish(task, END)

    # -- the event loop

    def _in_loop(self, coroutine):
        """One loop for the life of the worker, so that what handlers keep open can live in it."""
        import asyncio
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(coroutine)

    async def _reply_in_loop(self, task, result):
        """Waits for what a handler returned, and replies; only SystemExit leaves it."""
        import asyncio
        try:
            task._aio = asyncio.current_task()  # from here on CANCEL interrupts
            if task._cancel_asked:
                raise CancelledError('the caller gave up')
            if hasattr(result, '__await__'):
                result = await result
            if hasattr(result, '__anext__') or hasattr(result, '__next__'):
                await self._stream_in_loop(task, result)
            else:
                self._reply(task, result)
        except (SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            self._fail(task, error)
        finally:
            task._aio = None

    async def _stream_in_loop(self, task, items):
        import asyncio
        self._require_stream(task)
        credit = asyncio.Event()
        task._wake = lambda: self.loop.call_soon_threadsafe(credit.set)
        try:
            while True:
                try:
                    item = await items.__anext__() if hasattr(items, '__anext__') else next(items)
                except (StopIteration, StopAsyncIteration):
                    break
                while task._cancel_asked or not self._may_send(task):  # the interrupt will come, and only once
                    await credit.wait()
                    credit.clear()
                self._send_chunk(task, item)
        finally:
            if hasattr(items, 'aclose'):
                await items.aclose()
            else:
                getattr(items, 'close', int)()
        self._finish(task, END)

    async def _serve_together(self):
        import asyncio
        self.arrived, jobs = asyncio.Event(), set()
        while True:
            task = self._take()
            if task is not None:
                job = self.loop.create_task(self._perform(task))
                jobs.add(job)
                job.add_done_callback(jobs.discard)
            elif self.ended and not self.waiting:
                break
            else:
                await self.arrived.wait()
                self.arrived.clear()
        await asyncio.gather(*jobs)

    async def _perform(self, task):
        _current.set(task)
        self.running[task.id] = task
        try:
            result = self._call(task)
        except SystemExit:
            raise
        except BaseException as error:
            self._fail(task, error)
        else:
            await self._reply_in_loop(task, result)
        self.outbox.flush()

    def _close_loop(self):
        if self.loop is None:
            return
        import asyncio
        leftovers = asyncio.all_tasks(self.loop)
        for leftover in leftovers:
            leftover.cancel()

        async def finish():
            await asyncio.gather(*leftovers, return_exceptions=True)
            await self.loop.shutdown_asyncgens()

        self.loop.run_until_complete(finish())
        self.loop.close()

    # -- replies

    def _encode_reply(self, task, value):
        """The encoding of the request decides that of the reply."""
        if task._word >> 16 & 0xFF != BYTES:
            encoding, body = encode_value(value)
        elif value is None or isinstance(value, (str, bytes, bytearray, memoryview)):
            encoding, body = BYTES, value.encode() if isinstance(value, str) else bytes(value or b'')
        else:
            raise ReplyKindError('handler %r gave a %s, but its caller sent bytes and gets bytes: give bytes, str or None, or '
                            'call it by call(), which takes JSON values' % (task.handler, type(value).__name__))
        if len(body) > self.limits.max_body:
            raise BodyTooLargeError('the reply of handler %r' % task.handler, len(body), self.limits.max_body)
        return encoding, body

    def _require_stream(self, task):
        if not task._word & STREAM << 8:
            raise ReplyKindError('handler %r streams, but its caller takes one value: call it by stream()' % task.handler)

    def _may_send(self, task):
        """Whether there is credit for a chunk; raises when there never will be."""
        if task._cancel_asked:
            raise CancelledError('the caller gave up')
        if task._credit <= 0 and self.ended:
            raise CancelledError('the pool closed the channel')
        return task._credit > 0

    def _send_chunk(self, task, value):
        encoding, body = self._encode_reply(task, value)
        with self.outbox.lock:
            task._credit -= len(body)
        word = word_of(CHUNK, 0, encoding)
        self.outbox.send(split_frames(self.limits.key, word, task.id, body, self.limits.max_frame))

    def _fail(self, task, error):
        flags = CANCELLED if task._cancel_asked else 0
        self._finish(task, word_of(FAILURE, flags, JSON), self._encode_error(error))

    def _finish(self, task, word, body=b''):
        """Sends a task's one terminal frame, behind all that it printed."""
        self._send_partial(task)
        self.running.pop(task.id, None)  # before the frame: once it is out, the id may belong to another task
        self.outbox.publish(word, task.id, body)
        task._done = True

    def _say(self, kind, task_id=0, body=b'', flags=0):
        """Sends one frame, whose body is JSON if it has one."""
        word = word_of(kind, flags, JSON if body else BYTES)
        self.outbox.send([encode_frame(self.limits.key, word, task_id, body)])

    def _encode_error(self, error):
        return encode_record(describe_error(error), self.limits.max_frame)

    # -- what a task says besides

    def send_progress(self, task, body):
        if len(body) > self.limits.max_frame:
            raise BodyTooLargeError('a progress value', len(body), self.limits.max_frame)
        if not task._done:
            self._say(PROGRESS, task.id, body)

    def send_logs(self, task, bodies):
        """Writes many at once, because a write for each would take most of the time."""
        key, word, task_id = self.limits.key, word_of(LOG, 0, JSON), 0 if task._done else task.id
        self.outbox.send([b''.join([encode_frame(key, word, task_id, body) for body in bodies])])

    def _send_lines(self, task, source, lines):
        level, limit = LEVELS[source], self.limits.max_frame
        form = '{"level":"%s","message":%%s,"source":"%s"}' % (level, source)
        bodies = [(form % quote(line[:-1] if line[-1:] == '\r' else line)).encode() for line in lines]
        if any([len(body) > limit for body in bodies]):
            bodies = [encode_record({'level': level, 'message': line, 'source': source}, limit) for line in lines]
        self.send_logs(task, bodies)

    def _send_partial(self, task):
        """The lines that a task has begun to print, and will not end."""
        for source, text in (task._partial or {}).items():
            if text:
                self._send_lines(task, source, [text])

    def _capture(self, source):
        """Turns text that a task writes to sys.stdout or sys.stderr into its log lines; other text stays as it is.

        The stream remains the same object, so that logging handlers that were made earlier are captured as well.
        """
        stream = getattr(sys, source)
        if stream is None:
            return
        write_through = stream.write

        def write(text):
            task = _current.get()
            if task is None or task._done or not isinstance(text, str):
                return write_through(text)
            with self.outbox.lock:
                task._partial = task._partial or {}
                *lines, rest = (task._partial.get(source, '') + text).split('\n')
                if len(rest) > MAX_LINE:
                    lines, rest = lines + [rest], ''
                task._partial[source] = rest
            if lines:
                self._send_lines(task, source, lines)
            return len(text)

        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(line_buffering=True)
        stream.write = write
