"""What the command line names: `module:function`, `module:Class`, `name=module:function`."""
from __future__ import annotations

import importlib
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

SHOWN = 5  # entries of sys.path in a message
LISTED = 20  # names


class LoadError(ImportError):
    """What the command line names is not there, or cannot be imported."""


class UsageError(Exception):
    """The command line itself makes no sense."""


class Target:
    """One argument of the command line."""

    def __init__(self, text: str) -> None:
        name, equals, self.place = text.rpartition('=')
        self.text = text
        self.name: Optional[str] = name if equals else None
        self.module, _, self.path = self.place.partition(':')
        if not all(word.isidentifier() for word in [*self.module.split('.'), *self.path.split('.')]) or equals and not name:
            raise UsageError('expected module:function, module:Class or name=module:function, got %r' % text)

    def load(self) -> Callable[..., Any]:
        """The function or class; raises LoadError."""
        found = import_module(self.module)
        for name in self.path.split('.'):
            try:
                found = getattr(found, name)
            except AttributeError as error:
                raise LoadError(self._not_there(found, name)) from error
        if not callable(found):
            raise LoadError('%s is of type %s, expected a function or a class' % (self.text, type(found).__name__))
        function: Callable[..., Any] = found
        return function

    def _not_there(self, parent: Any, name: str) -> str:
        import difflib
        there = [other for other in dir(parent) if not other.startswith('_') and callable(getattr(parent, other, None))]
        close = difflib.get_close_matches(name, there, 1)
        hint = 'did you mean %s?' % close[0] if close else 'it has %s' % (', '.join(there[:LISTED]) or 'nothing to call')
        file = getattr(sys.modules[self.module], '__file__', None) or 'built in'
        return '%s: there is no %r in module %s (%s): %s; %s' % (self.text, name, self.module, file, hint, interpreter())


def import_module(name: str) -> Any:
    """Imports it; whatever goes wrong is told with the places that were searched, and the interpreter."""
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        if isinstance(error, SystemExit):
            problem = 'it called sys.exit(%r)' % (error.code,)
        elif isinstance(error, ModuleNotFoundError):
            problem = str(error)
        else:
            problem = '%s: %s' % (type(error).__name__, error)
        places = ', '.join(sys.path[:SHOWN]) + (', and %d more' % (len(sys.path) - SHOWN) if len(sys.path) > SHOWN else '')
        # The interpreter first: a message may be cut, and usually it is the wrong one.
        raise LoadError('cannot import %s: %s; %s; sys.path is %s' % (name, problem, interpreter(), places)) from error


def interpreter() -> str:
    """Which Python this is: the usual reason why a module is not there."""
    version = '%d.%d.%d' % sys.version_info[:3]
    return 'interpreter %s (%s %s)' % (sys.executable, sys.implementation.name, version)
