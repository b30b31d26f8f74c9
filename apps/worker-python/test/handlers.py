"""The worker that the tests start: one handler per behaviour."""
import asyncio
import ctypes
import hashlib
import logging
import math
import os
import random
import signal
import subprocess
import sys
import threading

from ostler_worker import serve

logging.basicConfig(level='INFO', format='%(message)s')  # before serve(): its handler has the stream of now
about, calls, NOBODY = {}, [], 65_534


def init(data, info):
    about.update(data=data, slot=info.slot, worker=info.worker_id, pool=info.pool)
    if data == {'fail': True}:
        raise RuntimeError('no model')
    if data == {'processes': 0}:
        import resource
        os.setuid(NOBODY) if os.getuid() == 0 else None  # root has no limit
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if data == {'thread': True}:
        threading.Thread(target=threading.Event().wait, name='helper', daemon=True).start()
    if data == {'print': True}:
        print('warming up')


def tell(value, task):
    return {'id': task.id, 'handler': task.handler, 'attempt': task.attempt, 'tenant': task.tenant,
            'metadata': dict(task.metadata), 'key': task.idempotency_key, 'slot': task.slot,
            'limited': task.remaining_ms() != math.inf, 'trace': [task.traceparent, task.tracestate], 'about': about}


class OddError(Exception):
    def __init__(self):
        super().__init__('odd')
        self.reason, self.unknown, self._hidden = {'n': 1}, object(), 2


def fail(value):
    try:
        open('/does/not/exist')
    except OSError as error:
        raise OddError() from error


def talk(value, task):
    print('one\ntwo', end='')
    print('wrong', file=sys.stderr)
    logging.info('logged')
    task.log('warn', 'careful', size=3, odd=task)
    task.progress({'done': 0.5})
    return value


def talk_raw(value):
    print('captured')
    os.write(1, b'raw\n')
    if os.name != 'nt':
        library = ctypes.CDLL(None)
        library.puts(b'native')
        library.fflush(None)
    child = 'import sys; print("child got %r" % sys.stdin.read()); print("child", file=sys.stderr)'
    subprocess.run([sys.executable, '-c', child], check=True)
    return b'%d' % len(sys.stdin.read())


def fork(value):
    pid = os.fork()
    if pid == 0:
        print('from the child')
        return b'never'  # a child that comes back into the worker
    return b'%d' % os.waitpid(pid, 0)[1]


def numbers(value, task):
    for number in range(int(value)):
        yield b'%d' % number


def flood(value, task):
    """Streams until it is stopped, and says so."""
    try:
        while True:
            yield bytes(65_536)
    finally:
        task.log('info', 'closed')


async def flood_async(value, task):
    try:
        while True:
            yield bytes(65_536)
    finally:
        await asyncio.sleep(0)
        task.log('info', 'closed')


async def numbers_async(value, task):
    for number in range(int(value)):
        await asyncio.sleep(0)
        yield b'%d' % number


def wait(value, task):
    """Tells that it runs, then waits until it is cancelled."""
    task.progress('waiting')
    task.cancelled.wait()
    return b'saw it'


def wait_and_give_up(value, task):
    task.progress('waiting')
    task.cancelled.wait()
    raise RuntimeError('gave up')


def wait_for_signal(value):
    signal.sigwait({signal.SIGUSR1})
    return b'woken'


async def wait_async(value, task):
    task.progress('waiting')
    await asyncio.Event().wait()


meeting = {}


async def meet(value, task):
    """Ends when a second task has come: two at once."""
    mine = meeting.setdefault('first', asyncio.Event())
    if len(meeting) == 2:
        mine.set()
    meeting[task.id] = True
    if len(meeting) >= 3:
        mine.set()
    await mine.wait()
    print('met')
    return value


async def leave_behind(value, task):
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, sys.exit, 3)
    return b'left'


def in_thread(value):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return value


def whoami(value):
    calls.append(value)
    return {'pid': os.getpid(), 'parent': os.getppid(), 'calls': len(calls), 'random': random.random(), **about}


def die(value):
    os.kill(os.getpid(), int(value))


def leave_child(value):
    return subprocess.Popen(['sleep', '1000']).pid


def leave_daemon(value):
    """Its parent is gone, and it has a session of its own."""
    return int(subprocess.check_output(['sh', '-c', 'setsid sleep 1000 >/dev/null 2>&1 & echo $!']))


def print_native(value):
    ctypes.CDLL(None).puts(b'native')
    return b'done'


def wait_blind(value, task):
    """Looks at nothing that comes for it until SIGUSR1."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGURG})
    task.progress(os.getpid())
    signal.sigwait({signal.SIGUSR1})
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGURG})
    task.cancelled.wait()
    return b'saw it'


def wait_deaf(value, task):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    task.progress(os.getpid())
    threading.Event().wait()


def vanish(value):
    os._exit(5)


def vanish_with_heir(value):
    """Its descriptors live on in a process that Python knows nothing of."""
    if ctypes.CDLL(None).fork() == 0:
        signal.pause()
    os._exit(6)


class Weird(BaseException):
    pass


def weird(value):
    raise Weird('not an Exception')


def close():
    print('closed')


handlers = {
    'default': lambda value: value, 'tell': tell, 'fail': fail, 'talk': talk, 'talk_raw': talk_raw, 'fork': fork,
    'numbers': numbers, 'numbers_async': numbers_async, 'flood': flood, 'flood_async': flood_async,
    'wait': wait, 'wait_and_give_up': wait_and_give_up, 'wait_async': wait_async, 'wait_for_signal': wait_for_signal, 'meet': meet,
    'leave_behind': leave_behind, 'whoami': whoami, 'die': die, 'leave_child': leave_child, 'leave_daemon': leave_daemon,
    'print_native': print_native, 'wait_deaf': wait_deaf, 'wait_blind': wait_blind, 'in_thread': in_thread, 'weird': weird,
    'sha512': lambda value: hashlib.sha512(value).digest(),
    'number': lambda value: 5, 'nothing': lambda value: None, 'text': lambda value: 'grün', 'not_json': lambda value: {'a/b': [float('nan')]},
    'view': lambda value: memoryview(bytearray(b'view')), 'attach': lambda value: {'copy': bytes(value['data']), 'kind': type(value['data']).__name__},
    'large': lambda value: bytes(int(value)), 'exit': lambda value: sys.exit(int(value)), 'vanish': vanish, 'vanish_with_heir': vanish_with_heir,
    'no_memory': lambda value: bytearray(1 << 62), 'kind': lambda value: type(value).__name__,
}

if __name__ == '__main__':
    if hasattr(signal, 'pthread_sigmask'):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # for all threads: it waits for sigwait
    serve(handlers, init=init, close=close, fork_per_task='FORK' in os.environ)
