"""The handlers and hooks of a worker that is made of importable functions and classes."""
from __future__ import annotations

from .handlers import positional_count
from .target import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Sequence

    from .handlers import Handler, Handlers
    from .target import Target

OBVIOUS = ('default', '__call__', 'run', 'execute')  # the first of these that a class has is its default handler


class MethodOf:
    """Stands for the method of an object that is made later, when the pool's initData are there."""

    def __init__(self, kind: type, method: str) -> None:
        self.kind = kind
        self.method = method

    def __call__(self, value: object) -> object:
        raise RuntimeError('%s.%s was called before init' % (self.kind.__name__, self.method))


class Program:
    """What the targets of a command line give; the first one is also the handler `default`."""

    def __init__(self, targets: Sequence[Target], init: Optional[Target] = None, close: Optional[Target] = None) -> None:
        self.handlers: Dict[str, Handler] = {}
        self.inits: List[Handler] = [init.load()] if init else []
        for target in targets:
            self._add(target)
        self.closes: List[Handler] = [close.load()] if close else []

    def _add(self, target: Target) -> None:
        found, first = target.load(), not self.handlers
        if isinstance(found, type):
            names, default = handlers_of_class(found, target), default_of(found, target)
        else:
            names, default = {target.name or target.path.rpartition('.')[2]: found}, found
        for name, handler in names.items():
            if name in self.handlers:
                raise LoadError('two of the targets are the handler %r; give %s another name: other=%s'
                                % (name, target.place, target.place))
            self.handlers[name] = handler
        if first and default is not None:
            self.handlers.setdefault('default', default)

    def make_instances(self, bound: Handlers, data: object, info: object) -> None:
        """Makes one object of each class; its methods are the handlers from now on, its close() a hook of its own."""
        instances: Dict[type, Any] = {}
        for name, handler in self.handlers.items():
            if isinstance(handler, MethodOf):
                kind = handler.kind
                if kind not in instances:
                    instances[kind] = kind(*(data, info)[:positional_count(kind, 2)])
                bound.add(name, getattr(instances[kind], handler.method))
        self.closes.extend(instance.close for instance in instances.values() if hasattr(instance, 'close'))


def handlers_of_class(kind: type, target: Target) -> Dict[str, Handler]:
    """Its public methods, as `name.method` where the target has a name."""
    prefix = '%s.' % target.name if target.name else ''
    return {prefix + method: MethodOf(kind, method) for method in public_methods(kind)}


def default_of(kind: type, target: Target) -> Optional[Handler]:
    """The method that is meant where the caller names no handler; a class with nothing to call is refused."""
    methods = public_methods(kind)
    obvious = [name for name in OBVIOUS if any(name in vars(base) for base in kind.__mro__)]
    if not methods and not obvious:
        raise LoadError('class %s has no public method to be a handler' % target.text)
    return MethodOf(kind, (obvious or methods)[0]) if obvious or len(methods) == 1 else None


def public_methods(kind: type) -> List[str]:
    """What can be called of its objects; close() is a hook."""
    return [name for name in dir(kind) if not name.startswith('_') and name != 'close'
            and callable(getattr(kind, name)) and not isinstance(getattr(kind, name), type)]
