"""Async handlers: one event loop for the life of the worker, so that what they keep open can live in it."""
from __future__ import annotations

from .errors import CancelledError
from .frames import END
from .task import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from typing import Any, Coroutine, Optional, Set

    from .inbox import Inbox
    from .replies import Replies
    from .task import Task
    from .turns import Turns


class EventLoop:
    """Made when the first async function comes; asyncio is imported only then."""

    def __init__(self, inbox: Inbox, replies: Replies) -> None:
        self.inbox = inbox
        self.replies = replies
        self.loop: Optional[asyncio.AbstractEventLoop] = None

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Runs it to its end."""
        self._get().run_until_complete(coroutine)

    def _get(self) -> asyncio.AbstractEventLoop:
        import asyncio
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)
        return self.loop

    async def reply(self, task: Task, result: Any) -> None:
        """Waits for what a handler returned, and replies; only SystemExit leaves it."""
        import asyncio
        try:
            task._aio = asyncio.current_task()  # from here on CANCEL interrupts
            if task._cancel_asked:
                raise CancelledError('the caller gave up')
            if hasattr(result, '__await__'):
                result = await result
            if hasattr(result, '__anext__') or hasattr(result, '__next__'):
                await self._stream(task, result)
            else:
                self.replies.reply(task, result)
        except (SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            self.replies.fail(task, error)
        finally:
            task._aio = None

    async def _stream(self, task: Task, items: Any) -> None:
        import asyncio
        self.replies.require_stream(task)
        loop, credit = asyncio.get_running_loop(), asyncio.Event()
        task._waker = lambda: loop.call_soon_threadsafe(credit.set)
        try:
            while True:
                try:
                    item = await items.__anext__() if hasattr(items, '__anext__') else next(items)
                except (StopIteration, StopAsyncIteration):
                    break
                while task._cancel_asked or not self.inbox.may_send(task):  # the interrupt will come, and only once
                    await credit.wait()
                    credit.clear()
                self.replies.send_chunk(task, item)
        finally:
            if hasattr(items, 'aclose'):
                await items.aclose()
            else:
                getattr(items, 'close', int)()
        self.replies.finish(task, END)

    async def serve_together(self, turns: Turns) -> None:
        """Runs all tasks that come at once (concurrency > 1), until the channel ends."""
        import asyncio
        loop, arrived = asyncio.get_running_loop(), asyncio.Event()
        jobs: Set[asyncio.Task[None]] = set()
        self.inbox.on_arrival = lambda: loop.call_soon_threadsafe(arrived.set)
        while True:
            task = turns.take()
            if task is not None:
                job = loop.create_task(self._perform(turns, task))
                jobs.add(job)
                job.add_done_callback(jobs.discard)
            elif self.inbox.ended and not self.inbox.waiting:
                break
            else:
                await arrived.wait()
                arrived.clear()
        await asyncio.gather(*jobs)

    async def _perform(self, turns: Turns, task: Task) -> None:
        current.set(task)
        self.replies.running[task.id] = task
        try:
            result = turns.handlers.call(task)
        except SystemExit:
            raise
        except BaseException as error:
            self.replies.fail(task, error)
        else:
            await self.reply(task, result)
        self.replies.outbox.flush()

    def close(self) -> None:
        """Ends what is still going on in it."""
        if self.loop is None:
            return
        import asyncio
        loop, self.loop = self.loop, None
        leftovers = asyncio.all_tasks(loop)
        for leftover in leftovers:
            leftover.cancel()

        async def finish() -> None:
            await asyncio.gather(*leftovers, return_exceptions=True)
            await loop.shutdown_asyncgens()

        loop.run_until_complete(finish())
        loop.close()
