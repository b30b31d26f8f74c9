"""The descriptors on which a worker and its pool talk."""
from __future__ import annotations

import functools
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional


taken = False


class Channel:
    """Descriptors for the protocol alone: no print, native library or child process reaches them."""

    def __init__(self, reads: int, writes: int, ledger: Optional[int]) -> None:
        self.reads = reads
        self.writes = writes
        self.ledger = ledger  # of the memory file, where the pool offers one and this system can map it


def take_channel() -> Channel:
    """Once in the life of a process."""
    global taken
    if taken:
        raise RuntimeError('serve() was called, but this process is a worker already; '
                           'in a module that is imported put the call under if __name__ == "__main__"')
    taken = True
    null = os.open(os.devnull, os.O_RDWR)
    offered = os.environ.pop('OSTLER_CHANNEL', None)  # popped, because it is not for our children
    if offered:
        reads, writes = map(int, offered.split(','))
    elif os.isatty(0):
        sys.exit('This is a worker of Ostler, started by a pool: new ProcessPool({ command: %r })' % ['python3', *command_line()])
    else:
        reads, writes = os.dup(0), os.dup(1)
        os.dup2(2, 1)
    os.dup2(null, 0)
    os.close(null)
    for descriptor in reads, writes:
        os.set_inheritable(descriptor, False)
        if sys.platform == 'win32':
            import msvcrt
            msvcrt.setmode(descriptor, os.O_BINARY)
        else:
            os.set_blocking(descriptor, True)
    return Channel(reads, writes, take_ledger())


def command_line() -> List[str]:
    """What to say behind `python3` to start this program."""
    module = os.path.basename(sys.argv[0]) == '__main__.py'
    return ['-m', __name__.partition('.')[0], *sys.argv[1:]] if module else sys.argv


def take_ledger() -> Optional[int]:
    """The descriptor of the memory file that the pool offers, where this system can map it."""
    offered = os.environ.pop('OSTLER_LEDGER', None)
    if not offered or sys.platform == 'win32' or sys.byteorder != 'little':
        return None
    os.set_inheritable(int(offered), False)
    return int(offered)


def is_readable(descriptor: int, seconds: float) -> bool:
    """Whether a read would return at once; waits for that, up to `seconds`."""
    if sys.platform != 'win32':
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
