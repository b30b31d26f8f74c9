"""The processes that tasks start and leave behind: none of them outlives its task, or this process."""
from __future__ import annotations

import contextlib
import os
import signal
import sys

from .libc import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl

assert sys.platform != 'win32'  # it has no fork()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set


class Descendants:
    """On Linux all of them are found; elsewhere those that have stayed in the process group of their task."""

    def __init__(self) -> None:
        self._kept: Set[int] = set()  # what init has started lives on

    def adopt(self) -> None:
        """From now on processes whose parents have died become ours."""
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        self._kept = children()

    def sweep(self) -> None:
        """Kills what is left when no task runs; what that leaves becomes ours again, and is killed in the next round."""
        left = children() - self._kept
        while left:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                except OSError:
                    self._kept.add(pid)  # another user's, or gone
            left = children() - self._kept


def die_with(parent: int) -> None:
    """In a child: it dies when its parent does, whatever it is doing."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it was too late


def children() -> Set[int]:
    """The ids of this process's children, dead ones too; none where the system does not list them."""
    found: Set[int] = set()
    with contextlib.suppress(OSError):
        for thread in os.listdir('/proc/self/task'):
            found.update(map(int, read_file('/proc/self/task/%s/children' % thread).split()))
    return found


def read_file(path: str) -> bytes:
    """All of a small file, with as few calls as that takes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        data = piece = os.read(descriptor, 65_536)
        while piece:
            piece = os.read(descriptor, 65_536)
            data += piece
        return data
    finally:
        os.close(descriptor)
