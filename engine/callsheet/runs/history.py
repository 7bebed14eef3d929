"""What a run's journal says happened, and which of it a resume delivers again (language, R3 and R4).

The history is the list of calls in the order they were last made, and the list of finished results in the order they
were delivered. `Replay` walks a resumed script through it: see "Replay" in ARCHITECTURE.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from typing import Any

from attrs import define, field, frozen

KEPT_FAILURES = frozenset({"failed", "skipped"})
"""Ends without a result that `--keep-failed` keeps; a refused or dropped call never ran and has nothing to keep."""


@define(eq=False)
class Recorded:
    """A call of the history.

    Attributes:
        n: its number.
        record: its `call` record.
        done: its newest `done` record, None while it has not ended.
        position: place of its result in the order of deliveries, None without a result.
        failed: whether it failed when it last ended: what the script did then, it may not do again.
        refused: whether it was refused, so that no view knows of it.
    """

    n: int
    record: Mapping[str, Any]
    done: Mapping[str, Any] | None = None
    position: int | None = None
    failed: bool = False
    refused: bool = False

    @property
    def hash(self) -> str:
        return self.record["hash"]  # type: ignore[no-any-return]


@define(eq=False)
class History:
    """The history of a run, read from its journal.

    Attributes:
        calls: in the order they were last made.
        next_call: the number that the next new call gets.
        unsettled: whether an edited script has begun to replay and not yet shown where it leaves the history.
        script: SHA-256 of the script that ran last.
        args: its args as a one-element list, empty when it got none.
        options: its options.
        children: the nested workflows it ran: what `workflow()` was given, to path and SHA-256 of the source.
    """

    calls: list[Recorded] = field(factory=list)
    next_call: int = 1
    unsettled: bool = False
    script: str = ""
    args: list[Any] = field(factory=list)
    options: dict[str, Any] = field(factory=dict)
    children: dict[str, tuple[str, str]] = field(factory=dict)

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> History:
        reader = _HistoryReader()
        for record in records:
            reader.take(record)
        return reader.finish()


class _HistoryReader:
    """Builds a history record by record."""

    def __init__(self) -> None:
        self._history = History()
        self._calls: dict[int, Recorded] = {}
        self._made: dict[int, Recorded] = {}
        self._undelivered: dict[int, Recorded] = {}
        self._position = 0
        self._readers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "header": self._header,
            "segment": self._segment,
            "call": self._call,
            "again": self._again,
            "fork": self._fork,
            "done": self._done,
            "deliver": self._deliver,
            "end": self._end,
        }

    def take(self, record: Mapping[str, Any]) -> None:
        reader = self._readers.get(record["k"])
        if reader is not None:
            reader(record)

    def finish(self) -> History:
        self._settle_segment()
        self._history.calls = list(self._calls.values())
        return self._history

    def _header(self, record: Mapping[str, Any]) -> None:
        self._history.script = record["script"]
        self._history.options = record["options"]
        self._history.args = [record["args"]] if "args" in record else []

    def _segment(self, record: Mapping[str, Any]) -> None:
        self._settle_segment()
        history = self._history
        history.script = record["script"]
        history.options = record["options"]
        history.args = [record["args"]] if "args" in record else []
        history.unsettled = history.unsettled or record["edited"]

    def _settle_segment(self) -> None:
        # Ended but not delivered: those go next, in the order in which they ended.
        for recorded in self._undelivered.values():
            self._place(recorded)
        self._undelivered.clear()
        self._calls = {**self._made, **{n: c for n, c in self._calls.items() if n not in self._made}}
        self._made = {}

    def _place(self, recorded: Recorded) -> None:
        if recorded.done is not None:
            recorded.position = self._position
            self._position += 1

    def _call(self, record: Mapping[str, Any]) -> None:
        n = record["n"]
        self._calls[n] = self._made[n] = Recorded(n, record)
        self._history.next_call = max(self._history.next_call, n + 1)
        detail = record.get("detail", {})
        if record["kind"] == "workflow" and "source" in detail:
            self._history.children[detail["target"]] = (detail["path"], detail["source"])

    def _again(self, record: Mapping[str, Any]) -> None:
        recorded = self._calls.get(record["n"])
        if recorded is None:
            return
        self._made[recorded.n] = recorded
        if not record["replay"]:
            recorded.done = recorded.position = None

    def _fork(self, record: Mapping[str, Any]) -> None:
        self._calls = dict(self._made)
        self._history.unsettled = False

    def _done(self, record: Mapping[str, Any]) -> None:
        recorded = self._calls.get(record["n"])
        if recorded is None or recorded.record["kind"] == "workflow":
            return
        recorded.failed = record["status"] not in ("done", "stopped")
        recorded.refused = record["status"] == "refused"
        if record["status"] == "done" or record["status"] in KEPT_FAILURES:
            recorded.done = record
            self._undelivered[recorded.n] = recorded

    def _deliver(self, record: Mapping[str, Any]) -> None:
        for n in record["ns"]:
            if (recorded := self._undelivered.pop(n, None)) is not None:
                self._place(recorded)

    def _end(self, record: Mapping[str, Any]) -> None:
        if self._history.unsettled and record["status"].startswith("completed"):
            self._calls = dict(self._made)
            self._history.unsettled = False


@frozen
class Fork:
    """The first call that differs from the history.

    Attributes:
        expected: the call that the history has there.
        forgotten: how many finished results are given up.
    """

    expected: Recorded
    forgotten: int


@frozen
class Recognised:
    """What the history knows of a call just made.

    Attributes:
        recorded: the same call in the history, None for a new one.
        replays: whether its recorded result will be delivered.
        fork: set on the one call where the run leaves its history.
    """

    recorded: Recorded | None = None
    replays: bool = False
    fork: Fork | None = None


_NEW = Recognised()


class Replay:
    """One resumed segment's walk through the history."""

    def __init__(
        self, history: History, *, edited: bool = False, match: bool = False, keep_failed: bool = False
    ) -> None:
        """Prepare to replay.

        Args:
            history: what happened so far.
            edited: whether script or args differ, so that the first call that differs ends the replay.
            match: never end the replay, whatever differs.
            keep_failed: failed and skipped calls keep their result.
        """
        self._strict = (edited or history.unsettled) and not match
        self._in_order = self._strict
        self._live = not history.calls
        self._order = history.calls
        self._next_in_order = 0
        self._by_hash: dict[str, deque[Recorded]] = {}
        for recorded in history.calls:
            self._by_hash.setdefault(recorded.hash, deque()).append(recorded)
        self._unmade = {recorded.n: recorded for recorded in history.calls}
        self._results = sorted(
            (
                recorded
                for recorded in history.calls
                if recorded.done is not None and (keep_failed or recorded.done["status"] == "done")
            ),
            key=lambda recorded: recorded.position or 0,
        )
        self._replayable = {recorded.n for recorded in self._results}
        self._gone: set[int] = set()
        self._unmade_results = len(self._results)
        self._first = 0
        self._ready: list[tuple[int, Recorded]] = []

    @property
    def results_ahead(self) -> int:
        """How many calls not made yet have a recorded result, which would go before any live one."""
        return self._unmade_results

    def recognise(self, call_hash: str) -> Recognised:
        """Say what the history knows of a call; to be asked once for each call, in call order."""
        if self._live:
            return _NEW
        if not self._in_order:
            queue = self._by_hash.get(call_hash)
            if queue:
                return self._take(queue.popleft())
            return self._leave(next(iter(self._unmade.values()), None)) if self._strict else _NEW
        if self._next_in_order == len(self._order):
            self._live = True
            return _NEW
        expected = self._order[self._next_in_order]
        if expected.hash != call_hash:
            return self._leave(expected)
        self._next_in_order += 1
        self._by_hash[call_hash].popleft()
        return self._take(expected)

    def next_results(self, *, one: bool = False) -> list[Recorded]:
        """Take the recorded results to deliver next, empty when none is due.

        Those taken together may go to the script in one frame: no call that it makes in between can have a result
        that belongs before one of them.

        Args:
            one: take no more than one.
        """
        if not self._ready:
            return []
        results = self._results
        batch = [self._next_ready()]
        self._skip_gone()
        if one or (self._first < len(results) and results[self._first].position < batch[0].position):  # type: ignore[operator]
            return batch
        while self._ready and self._first < len(results) and self._ready[0][1] is results[self._first]:
            batch.append(self._next_ready())
            self._skip_gone()
        return batch

    def _next_ready(self) -> Recorded:
        recorded = heappop(self._ready)[1]
        self._gone.add(recorded.n)
        return recorded

    def _skip_gone(self) -> None:
        while self._first < len(self._results) and self._results[self._first].n in self._gone:
            self._first += 1

    def _take(self, recorded: Recorded) -> Recognised:
        del self._unmade[recorded.n]
        if recorded.n not in self._replayable:
            if recorded.failed:
                self._in_order = False
            return Recognised(recorded)
        self._unmade_results -= 1
        heappush(self._ready, (recorded.position or 0, recorded))
        return Recognised(recorded, replays=True)

    def _leave(self, expected: Recorded | None) -> Recognised:
        """From here on the script runs live; what it did not call by now is forgotten."""
        self._live = True
        if expected is None:
            return _NEW
        forgotten = [n for n in self._unmade if n in self._replayable]
        self._gone.update(forgotten)
        self._unmade.clear()
        self._unmade_results = 0
        return Recognised(fork=Fork(expected, len(forgotten)))
