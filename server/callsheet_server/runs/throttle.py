"""Rates: the first change is told at once, further ones together, no more often than allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Throttle:
    """Calls `act` after `touch`, at once where the last call is long enough ago, else as soon as it is.

    Args:
        interval_s: least time between two calls.
        act: what to do.
    """

    def __init__(self, interval_s: float, act: Callable[[], None]) -> None:
        self._interval_s = interval_s
        self._act = act
        self._last = -interval_s
        self._timer: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """There is something to tell."""
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._last + self._interval_s - loop.time()
        if wait <= 0:
            self._fire()
        else:
            self._timer = loop.call_later(wait, self._fire)

    def flush(self) -> None:
        """Tell now what waits."""
        if self._timer is not None:
            self._fire()

    def cancel(self) -> None:
        """Forget what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self.cancel()
        self._last = asyncio.get_running_loop().time()
        self._act()
