"""The user's functions, by name."""
from __future__ import annotations

from types import FunctionType, MethodType

from .errors import HandlerNotFoundError
from .values import decode_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Mapping, Tuple

    from .task import Task

    Handler = Callable[..., Any]

VAR_POSITIONAL = 4  # of co_flags: the function has *args


def positional_count(function: Handler, at_most: int) -> int:
    """How many of `at_most` positional arguments a callable takes."""
    bound = isinstance(function, MethodType)
    plain = function.__func__ if isinstance(function, MethodType) else function
    if isinstance(plain, FunctionType) and not hasattr(plain, '__wrapped__') and not hasattr(plain, '__signature__'):
        code = plain.__code__  # read directly, because importing inspect takes longer than this whole package
        return at_most if code.co_flags & VAR_POSITIONAL else min(at_most, code.co_argcount - bound)
    import inspect
    try:
        kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return 1  # some builtins have no signature
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return at_most
    return min(at_most, sum(kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds))


class Handlers:
    """Finds a task's handler and calls it."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.by_name: Dict[str, Tuple[Handler, bool]] = {
            name: (function, positional_count(function, 2) > 1) for name, function in handlers.items()}

    def call(self, task: Task) -> Any:
        """What the handler returns: a value, a generator, or something to await."""
        found = self.by_name.get(task._fields.handler)
        if found is None:
            raise HandlerNotFoundError(task.handler, self.by_name)
        function, takes_task = found
        body, task._body = task._body, None
        encoding = task._word >> 16 & 0xFF
        value = decode_value(encoding, body or b'') if encoding else body
        return function(value, task) if takes_task else function(value)
