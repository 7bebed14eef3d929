"""Where everything that happens in a run is written down: the journal, the state, and whoever listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, Literal

from callsheet.redaction import Redactor
from callsheet.runs.journal import Journal, JournalUnwritable
from callsheet.runs.state import RunState

Listener = Callable[[dict[str, Any]], None]
"""Told of each record right after it was taken; it must be quick and must not raise."""


class Ledger:
    """Takes the records of one run.

    Records reach the file at the end of the event loop's turn at the latest, the disk with `sync`.

    Args:
        journal: open for appending.
        state: the state of the records so far; kept up to date.
        listeners: told of each record.
        redactor: takes secrets out of texts.
        on_broken: told once when the journal can no longer be written.
    """

    def __init__(
        self,
        journal: Journal,
        state: RunState,
        listeners: Iterable[Listener],
        redactor: Redactor,
        on_broken: Callable[[JournalUnwritable], None],
    ) -> None:
        self._journal = journal
        self._listeners = tuple(listeners)
        self._on_broken = on_broken
        self._flush_planned = False
        self._closed = False
        self.state = state
        self.redactor = redactor

    def emit(self, record: dict[str, Any]) -> None:
        """Take a record, unless the ledger is closed. Its texts are without secrets already."""
        if self._closed:
            return
        self._journal.append(record)
        self.state.apply(record)
        for listener in self._listeners:
            listener(record)
        if not self._flush_planned:
            self._flush_planned = True
            asyncio.get_running_loop().call_soon(self._flush)

    def log(self, text: str, level: Literal["log", "warning"] = "log", *, n: int | None = None) -> None:
        """Write a line to the run's log."""
        record = {"k": "log", "at": time.time(), "text": self.redactor.text(text), "level": level}
        if n is not None:
            record["n"] = n
        self.emit(record)

    async def sync(self) -> None:
        """Return when everything taken is on the disk.

        Raises:
            JournalUnwritable: it cannot be written.
        """
        await self._journal.sync()

    def close(self) -> None:
        """Write what is left, if it can be, and take nothing more."""
        self._closed = True
        self._journal.close()

    def _flush(self) -> None:
        self._flush_planned = False
        if self._closed:
            return
        try:
            self._journal.flush()
        except JournalUnwritable as error:
            self._on_broken(error)
