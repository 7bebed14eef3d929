"""Follows journals as they grow, without help from the process that writes them.

A journal is looked at by its size, a few microseconds a look, so that one reader can follow many runs. A reader
sees a record within `POLL_S` of its being written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from callsheet.runs.journal import READERS, Reader, decode_line
from callsheet.runs.lease import holder, is_held
from callsheet.runs.records import FORMAT_VERSION
from callsheet.runs.rundir import RUN_ID, RunDir, runs_folder

POLL_S: Final = 0.03
"""Seconds between two looks at a journal."""

CHUNK_BYTES: Final = 1 << 17
"""Most bytes decoded without giving way to others on the event loop."""

_LOOKS_AT_NEWS: Final = 2
"""How often a folder that changed is looked at: what changes in one tick of its clock changes its time only once."""

_LEASE_CHECK_LOOKS: Final = 8
"""How many looks without news before looking whether the runner still lives."""


@frozen
class News:
    """What a look at a journal found.

    Attributes:
        records: the records of the whole lines that came since the last look.
        restarted: whether the file was cut or replaced, so that everything told before is void.
        over: why no more will come: the runner ended or died, or the run was removed.
    """

    records: tuple[dict[str, Any], ...] = ()
    restarted: bool = False
    over: Literal["ended", "removed"] | None = None


class JournalTail:
    """Reads one growing journal; a line that is not whole yet waits for its end, a damaged one is passed over.

    Args:
        path: the journal.
        position: byte to begin at, behind a whole line; what lies before it was read otherwise.
    """

    def __init__(self, path: Path, position: int = 0) -> None:
        self._path = path
        self._inode = path.stat().st_ino if position else 0
        self._position = position
        # Only the newest format is ever written, so what comes behind a position is in it.
        self._reader: Reader | None = READERS[FORMAT_VERSION] if position else None

    def look(self) -> News:
        """Read on from the last look, at most `CHUNK_BYTES`; `over` is set when the file is gone."""
        try:
            stat = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return News(over="removed")
        restarted = False
        if stat.st_ino != self._inode or stat.st_size < self._position:
            restarted = self._position > 0
            self._inode, self._position = stat.st_ino, 0
        if stat.st_size == self._position:
            return News(restarted=restarted)
        size = CHUNK_BYTES
        with self._path.open("rb") as file:
            file.seek(self._position)
            while b"\n" not in (chunk := file.read(size)) and len(chunk) == size:
                file.seek(self._position)
                size *= 2
        whole = chunk[: chunk.rfind(b"\n") + 1]
        self._position += len(whole)
        return News(tuple(self._records(whole)), restarted)

    def _records(self, lines: bytes) -> Iterator[dict[str, Any]]:
        for line in lines.split(b"\n")[:-1]:
            try:
                record = decode_line(line)
            except ValueError:
                continue
            record.pop("i", None)
            if record["k"] == "header":
                self._reader = READERS.get(record.get("v", 0))
            if self._reader is not None:
                yield self._reader(record)


async def follow(
    run_dir: RunDir, *, tail: JournalTail | None = None, poll_s: float = POLL_S
) -> AsyncIterator[News]:
    """Everything in a run's journal, until nobody runs the run any more; the last news has `over` set.

    Args:
        run_dir: the run.
        tail: goes on where this reader of the run's journal stands, else begins with the first record.
        poll_s: seconds between two looks.
    """
    tail = tail or JournalTail(run_dir.journal)
    quiet = 0
    while True:
        news = tail.look()
        if news.records or news.restarted or news.over:
            yield news
            if news.over:
                return
            quiet = _LEASE_CHECK_LOOKS if any(record["k"] == "end" for record in news.records) else 0
            await asyncio.sleep(0)
            continue
        if quiet >= _LEASE_CHECK_LOOKS:
            quiet = 0
            if not is_held(run_dir.lock):
                # What was written between the look and the end of the lease must still be told.
                news = tail.look()
                if not news.records:
                    yield News(over="ended")
                    return
                yield news
                continue
        quiet += 1
        await asyncio.sleep(poll_s)


async def watch_runs(
    root: Path, *, known: Iterable[str] | None = None, poll_s: float = POLL_S
) -> AsyncIterator[RunDir]:
    """Every run under `root` that somebody runs, now or later; a resumed run comes again.

    Launching and resuming touch the folder of runs, so one look at it tells whether there is news.

    Args:
        root: the folder that holds `.callsheet/`.
        known: ids of runs that the caller knows; then any other comes too, even if it ended between two looks,
            and a run that is removed comes once more.
        poll_s: seconds between two looks.
    """
    folder = runs_folder(root)
    told = None if known is None else set(known)
    leases: dict[str, float] = {}
    before = -1
    looks_left = 0
    while True:
        try:
            now = folder.stat().st_mtime_ns
        except FileNotFoundError:
            now = -1
        if now != before:
            before, looks_left = now, _LOOKS_AT_NEWS
        if looks_left:
            looks_left -= 1
            there = run_dirs(folder)
            for run_id in sorted((told or set()) - {run_dir.run_id for run_dir in there}):
                told.discard(run_id)  # type: ignore[union-attr]
                yield RunDir(folder / run_id)
            for run_dir in there:
                if (who := holder(run_dir.lock)) and leases.get(run_dir.run_id) != who.at:
                    leases[run_dir.run_id] = who.at
                    if is_held(run_dir.lock):
                        if told is not None:
                            told.add(run_dir.run_id)
                        yield run_dir
                        continue
                if told is not None and run_dir.run_id not in told:
                    told.add(run_dir.run_id)
                    yield run_dir
        await asyncio.sleep(poll_s)


def run_dirs(folder: Path) -> list[RunDir]:
    """The runs in a folder of runs, oldest first."""
    if not folder.is_dir():
        return []
    return [RunDir(path) for path in sorted(folder.iterdir()) if RUN_ID.fullmatch(path.name)]
