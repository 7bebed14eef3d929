"""The journal of a run on disk: append-only lines of JSON, each with a checksum (language, R1).

A line is `{"crc":"xxxxxxxx","i":1,…}`: the CRC-32 of all that follows its comma, then the number of the line, so that
a line that is lost, doubled or out of place is found. Records are written as they happen and synced in groups, by a
thread of the journal's own, so that the event loop never waits for a disk.

A crash can leave the last line torn: it is cut off. Damage anywhere else is `JOURNAL_CORRUPT`, with the line and what
the lines before it still hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Protocol
from zlib import crc32

from attrs import frozen

from callsheet.errors import CallsheetError, ErrorCode, UsageError, WorkflowError
from callsheet.runs.records import FORMAT_SUMMARIES, FORMAT_VERSION

_PREFIX: Final = b'{"crc":"'
_BODY_AT: Final = len(_PREFIX) + 8 + 2
"""Where the part under the checksum begins: behind the prefix, 8 hex digits, a quote and a comma."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_encode_ascii: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode

Reader = Callable[[dict[str, Any]], dict[str, Any]]

READERS: Final[dict[int, Reader]] = {1: lambda record: record}
"""For every format version ever shipped, what turns one of its records into one of today's."""

if READERS.keys() != FORMAT_SUMMARIES.keys() or max(READERS) != FORMAT_VERSION:
    raise AssertionError("every format version needs a reader and a one-line summary")


class JournalCorrupt(WorkflowError):
    """The journal is damaged before its last line.

    Attributes:
        journal_line: number of the damaged line, from 1.
        records: what the sound lines before it hold.
        size_bytes: length of these lines.
    """

    def __init__(
        self, path: Path, journal_line: int, why: str, records: list[dict[str, Any]], size_bytes: int = 0
    ) -> None:
        finished = sum(1 for record in records if record.get("k") == "done")
        usable = (
            f"Lines 1 to {journal_line - 1} are sound and hold {finished} finished calls."
            if records
            else "Nothing before it can be used."
        )
        super().__init__(
            ErrorCode.JOURNAL_CORRUPT,
            f"{path}: line {journal_line} is damaged: {why}. {usable}",
            hint="Restore the file from a copy, or cut it off before that line and resume: what is behind it is lost."
            if records
            else "Restore the file from a copy, or remove the run.",
        )
        self.journal_line = journal_line
        self.records = records
        self.size_bytes = size_bytes


class JournalUnreadable(UsageError):
    """There is no journal to read, or a newer Callsheet wrote it."""

    code = ErrorCode.JOURNAL_CORRUPT


class JournalUnwritable(CallsheetError):
    """The journal could not be written or synced; the run stops and can be resumed."""


class JournalFile(Protocol):
    """The file under a journal; tests put one that fails in its place."""

    def write(self, data: bytes) -> int:
        """Append; returns how many bytes were taken, which may be fewer."""
        ...

    def sync(self) -> None:
        """Return when everything written has reached the disk."""
        ...

    def truncate(self, size: int) -> None: ...

    def close(self) -> None: ...


class DiskFile:
    """A file opened for appending, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)

    def write(self, data: bytes) -> int:
        if os.fstat(self._fd).st_nlink == 0:
            # It would succeed, and nobody could ever read it.
            raise OSError(errno.ENOENT, "it was removed")
        return os.write(self._fd, data)

    def sync(self) -> None:
        os.fsync(self._fd)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._fd, size)

    def close(self) -> None:
        os.close(self._fd)


@frozen
class Contents:
    """What a journal holds.

    Attributes:
        records: sound records in order, the header first.
        size_bytes: length of the sound lines; anything behind is a torn last line.
        torn: whether there is such a line.
    """

    records: list[dict[str, Any]]
    size_bytes: int
    torn: bool


def encode_line(record: Mapping[str, Any], number: int | None = None) -> bytes:
    """One line of the journal, line feed included.

    Args:
        record: what the line says.
        number: number of the line, from 1; None leaves it out, and then nobody misses the line.
    """
    try:
        body = _encode(record)[1:].encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8; escaped it survives.
        body = _encode_ascii(record)[1:].encode()
    if number is not None:
        body = b'"i":%d,%b' % (number, body)
    return b'{"crc":"%08x",%b\n' % (crc32(body), body)


def decode_line(line: bytes) -> dict[str, Any]:
    """The record of a line, without its line feed.

    Raises:
        ValueError: the line is no sound one; the message says why.
    """
    if not line.startswith(_PREFIX):
        raise ValueError("it does not begin with a checksum")
    body = line[_BODY_AT:]
    if line[len(_PREFIX) : _BODY_AT] != b'%08x",' % crc32(body):
        raise ValueError("its checksum does not match")
    record = json.loads(b"{" + body)
    if not isinstance(record.get("k"), str):
        raise ValueError("it says no kind of record")
    return record  # type: ignore[no-any-return]


def read_journal(path: Path) -> Contents:
    """Read a journal of any version shipped.

    Raises:
        JournalCorrupt: a line before the last one is damaged, or the header is missing.
        JournalUnreadable: there is no journal, or a newer Callsheet wrote it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalUnreadable(f"Cannot read the journal {path}: {error.strerror or error}.") from error
    return parse_journal(data, path)


def read_header(path: Path) -> dict[str, Any]:
    """The header of a journal alone; for the errors see `read_journal`."""
    try:
        with path.open("rb") as file:
            line = file.readline()
    except OSError as error:
        raise JournalUnreadable(f"Cannot read the journal {path}: {error.strerror or error}.") from error
    return parse_journal(line, path).records[0]


def parse_journal(data: bytes, path: Path) -> Contents:
    """`read_journal` on bytes; `path` is for messages."""
    lines = data.split(b"\n")
    tail = lines.pop()
    records: list[dict[str, Any]] = []
    size = 0
    last = len(lines) if tail else len(lines) - 1
    reader: Reader | None = None
    for number, line in enumerate(lines):
        try:
            record = decode_line(line)
        except ValueError as error:
            if number == last and records:
                return Contents(records, size, True)
            if not records:
                _refuse_newer(_header_of_unknown_format(line), path)
            raise JournalCorrupt(path, number + 1, str(error), records, size) from None
        if record.pop("i", number + 1) != number + 1:
            why = "lines before it are missing, doubled or out of place"
            raise JournalCorrupt(path, number + 1, why, records, size)
        if reader is None:
            reader = _reader_of(record, path)
        records.append(reader(record))
        size += len(line) + 1
    if not records:
        raise JournalCorrupt(path, 1, "it holds no whole header", records)
    return Contents(records, size, bool(tail))


def _reader_of(header: Mapping[str, Any], path: Path) -> Reader:
    if header["k"] != "header":
        raise JournalCorrupt(path, 1, "it is no header", [])
    _refuse_newer(header, path)
    version = header.get("v")
    reader = READERS.get(version) if isinstance(version, int) else None
    if reader is None:
        raise JournalCorrupt(path, 1, f"it has the unknown format {version!r}", [])
    return reader


def _refuse_newer(header: Mapping[str, Any], path: Path) -> None:
    version = header.get("v")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise JournalUnreadable(
            f"{path} was written by a newer Callsheet ({header.get('callsheet', 'unknown')}): its format is {version}, "
            f"this one reads up to {FORMAT_VERSION}.",
            hint="Update Callsheet, then try again.",
        )


def _header_of_unknown_format(line: bytes) -> dict[str, Any]:
    """A first line whose checksum does not match: a newer format may have another kind of checksum."""
    try:
        header = json.loads(line)
    except ValueError:
        return {}
    return header if isinstance(header, dict) and header.get("k") == "header" else {}


class Journal:
    """A journal open for appending. One writer; use from one event loop.

    `append` takes records in memory, `flush` writes them, `sync` makes sure that they are on the disk.
    """

    def __init__(self, file: JournalFile, size_bytes: int, line_count: int) -> None:
        self._file = file
        self._size = size_bytes
        self._line_count = line_count
        self._lines: list[bytes] = []
        self._broken: JournalUnwritable | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    @classmethod
    def create(cls, path: Path, header: Mapping[str, Any], *, file: JournalFile | None = None) -> Journal:
        """Begin a journal; its header is on disk when this returns.

        Raises:
            JournalUnwritable: it cannot be written.
        """
        try:
            journal = cls(file or DiskFile(path), 0, 0)
            journal.append(header)
            journal.flush()
            journal._file.sync()
            sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(error) from error
        return journal

    @classmethod
    def open(cls, path: Path, contents: Contents, *, file: JournalFile | None = None) -> Journal:
        """Go on with a journal that was read before; a torn last line is cut off.

        Raises:
            JournalUnwritable: it cannot be written.
        """
        try:
            journal = cls(file or DiskFile(path), contents.size_bytes, len(contents.records))
            if contents.torn:
                journal._file.truncate(contents.size_bytes)
        except OSError as error:
            raise _unwritable(error) from error
        return journal

    def append(self, record: Mapping[str, Any]) -> None:
        """Take a record; it is written with the next `flush`."""
        self._line_count += 1
        self._lines.append(encode_line(record, self._line_count))

    def flush(self) -> None:
        """Write what was appended, without waiting for the disk.

        Raises:
            JournalUnwritable: it cannot be written. What was written in part is cut off again.
        """
        if self._broken is not None:
            raise self._broken
        if not self._lines:
            return
        data = b"".join(self._lines)
        self._lines.clear()
        try:
            view = memoryview(data)
            while view:
                written = self._file.write(bytes(view) if len(view) < len(data) else data)
                if written <= 0:
                    raise OSError("nothing was written")
                view = view[written:]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)
            raise self._break(error) from error
        self._size += len(data)

    async def sync(self) -> None:
        """Write what was appended and wait until it is on the disk.

        Raises:
            JournalUnwritable: it cannot be written or synced.
        """
        self.flush()
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._file.sync)
        except OSError as error:
            raise self._break(error) from error

    def close(self) -> None:
        """Write what is left, if it can be, and close the file."""
        with contextlib.suppress(JournalUnwritable):
            self.flush()
        self._thread.shutdown()
        with contextlib.suppress(OSError):
            self._file.close()

    def _break(self, error: OSError) -> JournalUnwritable:
        # After a failed sync nobody knows what is on the disk: no later success may hide that.
        self._broken = _unwritable(error)
        return self._broken


def sync_folder(folder: Path) -> None:
    """Make sure that the names in `folder` are on the disk, where the system can."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _unwritable(error: OSError) -> JournalUnwritable:
    return JournalUnwritable(
        f"The run's journal cannot be written: {error.strerror or error}.",
        hint="Make room or mend the disk, then resume the run: everything finished before is kept.",
    )
