"""Which call starts when: a limit on how many are under way, in call order (language, P3)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Scheduler(Generic[T]):
    """Starts queued calls, each as a task, as long as fewer than `limit` are under way.

    Args:
        limit: calls at a time.
        start: what a call does; None when it is not to start after all.
        on_end: told of each call that is no longer under way, with what it raised.
    """

    def __init__(
        self,
        limit: int,
        start: Callable[[T], Coroutine[Any, Any, None] | None],
        on_end: Callable[[T, BaseException | None], None],
    ) -> None:
        self._limit = limit
        self._start = start
        self._on_end = on_end
        # Keeps call order, and any call can be taken out of it at once.
        self._queue: OrderedDict[int, T] = OrderedDict()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self.held = False

    @property
    def running(self) -> int:
        return len(self._tasks)

    @property
    def queued(self) -> int:
        return len(self._queue)

    def add(self, n: int, call: T) -> None:
        """Queue a call; `pump` starts it."""
        self._queue[n] = call

    def withdraw(self, n: int) -> bool:
        """Take a call out of the queue; False where it is not in it."""
        return self._queue.pop(n, None) is not None

    def cancel(self, n: int) -> bool:
        """Cancel a call under way; False where it is not."""
        task = self._tasks.get(n)
        return task is not None and task.cancel()

    def pump(self) -> None:
        """Start what may start."""
        while self._queue and len(self._tasks) < self._limit and not self.held:
            n, call = self._queue.popitem(last=False)
            coroutine = self._start(call)
            if coroutine is not None:
                task = asyncio.get_running_loop().create_task(coroutine)
                self._tasks[n] = task
                task.add_done_callback(partial(self._ended, n, call))

    def _ended(self, n: int, call: T, task: asyncio.Task[None]) -> None:
        del self._tasks[n]
        self._on_end(call, asyncio.CancelledError() if task.cancelled() else task.exception())
        self.pump()

    async def stop(self, timeout_s: float) -> None:
        """Start nothing more, cancel what is under way and wait for it, at most `timeout_s`."""
        self.held = True
        self._queue.clear()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_s)
