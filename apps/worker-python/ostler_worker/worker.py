"""One conversation with the pool, from HELLO to the end."""
from __future__ import annotations

import functools
import os
import signal
import sys

from .event_loop import EventLoop
from .frames import FAILURE, READY, Damage, Limits
from .handlers import Handlers, positional_count
from .handshake import CAPABILITIES, Welcome, await_welcome, say_hello
from .inbox import Inbox
from .last_words import say_last_words
from .logs import set_up as set_up_logging
from .outbox import Outbox
from .output import capture_output
from .replies import Replies
from .stand_in import StandIn
from .task import Task, current
from .turns import Turns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Iterable, Mapping, NoReturn

    from .channel import Channel
    from .forks import Forks
    from .handlers import Handler


class Worker:
    """The parts of a worker, and the order in which they have their turn."""

    def __init__(self, handlers: Mapping[str, Handler], channel: Channel) -> None:
        self.handlers = Handlers(handlers)
        self.limits = Limits()
        self.ledger = channel.ledger
        self.outbox = Outbox(channel.writes, self.limits)
        self.replies = Replies(self.outbox, self.limits)
        self.inbox = Inbox(channel.reads, self.limits, self.replies)
        self.loop = EventLoop(self.inbox, self.replies)
        self.turns = Turns(self.inbox, self.replies, self.handlers, self.loop)
        self.stand_in = StandIn(self.inbox, self.outbox)

    def run(self, inits: Iterable[Handler] = (), closes: Iterable[Handler] = (), fork_per_task: bool = False) -> None:
        """The walk of the conversation."""
        if fork_per_task and self.ledger is not None:
            os.close(self.ledger)  # replies come from other processes, and are written one by one
            self.ledger = None
        try:
            say_hello(self.replies, self.handlers.by_name, CAPABILITIES + (['ledger'] if self.ledger is not None else []))
            welcome = await_welcome(self.inbox)
        except Damage as damage:
            self.inbox.leave_damaged(damage)
        self._accept(welcome)
        self._settle_in()
        if not fork_per_task:
            self.stand_in.start(always=welcome.concurrency > 1)
        else:
            self._load_forks()
        try:
            self._initialize(inits, welcome)
            forks = self._prepare_forks() if fork_per_task else None
            set_up_logging()
            self.replies.say(READY)
            if forks is not None:
                forks.serve(welcome.concurrency)
            elif welcome.concurrency > 1:
                self.loop.run(self.loop.serve_together(self.turns))
            else:
                self.turns.serve(self.stand_in)
            for close in closes:
                self._hook(close)
            self.loop.close()
        except BaseException as error:
            for begun in self.inbox.begun():
                if isinstance(begun, Task):
                    self.replies.send_partial(begun)
            say_last_words(self.replies, error)
            raise
        finally:
            self.outbox.flush()

    def _load_forks(self) -> None:
        """Before init, which may give up the right to read our folder."""
        if hasattr(os, 'fork'):
            from . import child, forks  # noqa: F401

    def _prepare_forks(self) -> Forks:
        if not hasattr(os, 'fork'):
            self._fail_start(RuntimeError('fork_per_task needs fork(), which %s does not have; with the option isolation: \'task\' '
                                          'the pool starts a fresh process for each task' % sys.platform))
        from .child import ear, run_child
        from .fork import NEWS
        from .forks import Forks
        self.loop.close()  # a fork cannot share it; each child that needs one has its own
        forks = Forks(self.inbox, self.replies, functools.partial(run_child, self))
        forks.prepare()
        signal.signal(NEWS, ear.on_signal)  # here, because a signal may come before a child could do it
        return forks

    def _accept(self, welcome: Welcome) -> None:
        try:
            welcome.check_version()
        except Exception as error:
            self._fail_start(error)
        self.replies.slot = welcome.info.slot
        if self.ledger is not None:
            if welcome.ledger_size:
                self.outbox.use_ledger(self.ledger, welcome.ledger_size)
            os.close(self.ledger)

    def _settle_in(self) -> None:
        """Makes the process fit for tasks: interrupts, output, and forks of the user's."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the pool's; SIG_IGN would reach our children
        capture_output(self.replies)
        if hasattr(os, 'register_at_fork'):
            os.register_at_fork(after_in_child=self._forget)

    def _initialize(self, inits: Iterable[Handler], welcome: Welcome) -> None:
        try:
            for init in inits:
                self._hook(init, welcome.init_data, welcome.info)
        except Exception as error:
            self._fail_start(error)

    def _fail_start(self, error: Exception) -> NoReturn:
        self.replies.say(FAILURE, 0, self.replies.encode_error(error))
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)

    def _hook(self, hook: Handler, *arguments: object) -> None:
        result = hook(*arguments[:positional_count(hook, len(arguments))])
        if hasattr(result, '__await__'):
            self.loop.run(wait_for(result))

    def _forget(self) -> None:
        """In a forked child, which must never speak for the worker."""
        for descriptor in {self.inbox.descriptor, self.outbox.descriptor}:  # they may be one
            os.close(descriptor)
        self.outbox.abandon()
        current.set(None)


async def wait_for(result: Awaitable[Any]) -> None:
    """An awaitable as a coroutine, which is what an event loop runs."""
    await result
