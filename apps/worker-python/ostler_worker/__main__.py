"""`python3 -m ostler_worker module:function`: a worker made of importable functions, none of which needs an edit."""
from __future__ import annotations

import os
import sys

from .channel import take_channel
from .program import Program
from .target import LoadError, Target, UsageError
from .worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, NoReturn, Optional

    from .handlers import Handler

USAGE = '''usage: python3 -m ostler_worker [--init module:f] [--close module:f] [--fork] TARGET...

A TARGET is module:function, module:Class or name=module:function. Of a class one object is made, and its public methods are
handlers. The first TARGET is also the handler `default`. With --fork each task runs in a fork of the worker. A pool starts this:
new ProcessPool({ command: ['python3', '-m', 'ostler_worker', 'thumbs:resize'] })
'''


class Arguments:
    """The command line, taken apart."""

    def __init__(self, words: List[str]) -> None:
        self.targets: List[Target] = []
        self.hooks: Dict[str, Optional[Target]] = {'--init': None, '--close': None}
        self.fork = False
        rest = iter(words)
        for word in rest:
            option, equals, value = word.partition('=')
            if not word.startswith('-'):
                self.targets.append(Target(word))
            elif word == '--fork':
                self.fork = True
            elif option not in self.hooks:
                raise UsageError('unknown option %s; there are %s, --fork' % (option, ', '.join(self.hooks)))
            else:
                self.hooks[option] = Target(value if equals else next(rest, ''))
        if not self.targets:
            raise UsageError('no TARGET')


def main(words: List[str]) -> None:
    """Serves what the words of the command line name."""
    if '-h' in words or '--help' in words:
        print(USAGE, end='')
        return
    try:
        arguments = Arguments(words)
    except UsageError as error:
        print('ostler_worker: %s\n%s' % (error, USAGE), end='', file=sys.stderr)
        sys.exit(2)
    channel = take_channel()  # first of all, because what is imported may print, and read stdin
    del sys.argv[1:]  # they are ours: a module that looks at its arguments finds none
    if os.getcwd() not in sys.path and '' not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        program = Program(arguments.targets, arguments.hooks['--init'], arguments.hooks['--close'])
    except LoadError as error:
        Worker({}, channel).run([raiser(error)])
    else:
        worker = Worker(program.handlers, channel)
        program.inits.append(lambda data, info: program.make_instances(worker.handlers, data, info))
        worker.run(program.inits, program.closes, arguments.fork)


def raiser(error: Exception) -> Handler:
    """An init that says why there is no worker: the pool hears of it as of any init that fails."""
    def fail() -> NoReturn:
        raise error
    return fail


if __name__ == '__main__':
    main(sys.argv[1:])
