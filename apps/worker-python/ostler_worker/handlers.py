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


def takes_task(function: Handler) -> bool:
    """Whether a handler wants the task: its second parameter is called so, or must be given."""
    plain = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(plain, FunctionType) or hasattr(plain, '__wrapped__') or hasattr(plain, '__signature__'):
        import inspect
        try:
            parameters = list(inspect.signature(function).parameters.values())[1:2]
        except (TypeError, ValueError):
            return False  # some builtins have no signature
        return any(parameter.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
                   and (parameter.name == 'task' or parameter.default is inspect.Parameter.empty) for parameter in parameters)
    code, second = plain.__code__, 2 if isinstance(function, MethodType) else 1
    required = code.co_argcount - len(plain.__defaults__ or ())
    return required > second or code.co_argcount > second and code.co_varnames[second] == 'task'


class Handlers:
    """Finds a task's handler and calls it."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.by_name: Dict[str, Tuple[Handler, bool]] = {}
        for name, function in handlers.items():
            self.add(name, function)

    def add(self, name: str, function: Handler) -> None:
        """From now on tasks for `name` are its."""
        self.by_name[name] = function, takes_task(function)

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
