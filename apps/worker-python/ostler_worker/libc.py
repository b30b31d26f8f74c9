"""What only the C library can do, for workers that fork."""
from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

library: Optional[Any] = None
try:
    import ctypes
    library = ctypes.CDLL(None)
except (ImportError, OSError, TypeError):  # a Python that was built without it; Windows
    pass

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def flush_stdio() -> None:
    """Writes what native code has printed and C still holds back."""
    if library is not None:
        library.fflush(None)


def prctl(option: int, value: int) -> None:
    """Nothing where there is no such call: not on Linux."""
    if sys.platform == 'linux' and library is not None:
        library.prctl(option, value, 0, 0, 0)
