"""The descriptors on which a worker and its pool talk."""
from __future__ import annotations

import functools
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple


def take_channel() -> Tuple[int, int]:
    """(read, write) descriptors for the protocol alone: no print, native library or child process reaches them."""
    null = os.open(os.devnull, os.O_RDWR)
    offered = os.environ.pop('OSTLER_CHANNEL', None)  # popped, because it is not for our children
    if offered:
        reads, writes = map(int, offered.split(','))
    elif os.isatty(0):
        sys.exit('This is a worker of Ostler, started by a pool: new ProcessPool({ command: ["python3", "%s"] })' % sys.argv[0])
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
    return reads, writes


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
