"""The journal on disk: lines, checksums, versions, damage, and disks that fail."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from callsheet.agents.backend import AgentRequest
from callsheet.errors import ErrorCode, UsageError
from callsheet.runs.journal import (
    READERS,
    DiskFile,
    Journal,
    JournalCorrupt,
    JournalUnwritable,
    decode_line,
    encode_line,
    parse_journal,
    read_journal,
)
from callsheet.runs.records import FORMAT_SUMMARIES, FORMAT_VERSION
from hypothesis import given
from hypothesis import strategies as st

from tests.support.engine_runs import CountingBackend, by_prompt, new_run, play, records_of, script

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
HEADER = {"k": "header", "v": FORMAT_VERSION, "id": "x", "callsheet": "0"}


@given(JSON_VALUES)
def test_any_value_survives_its_line(value: object) -> None:
    line = encode_line({"k": "done", "value": value})
    assert line.count(b"\n") == 1
    assert decode_line(line[:-1]) == {"k": "done", "value": value}


def test_a_lone_surrogate_survives() -> None:
    assert decode_line(encode_line({"k": "log", "text": "\ud800 ok"})[:-1])["text"] == "\ud800 ok"


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_found(at: int, change: int) -> None:
    line = bytearray(encode_line({"k": "log", "text": "some text", "at": 1.5})[:-1])
    line[at % len(line)] ^= change
    with pytest.raises(ValueError, match=r".*"):
        decode_line(bytes(line))


def test_lines_are_plain_json_with_the_checksum_first() -> None:
    line = encode_line({"k": "log", "text": "ü"}, 7)
    assert list(json.loads(line)) == ["crc", "i", "k", "text"]
    assert "ü".encode() in line


def _journal(path: Path, count: int) -> bytes:
    records = [HEADER, *({"k": "done", "n": n, "status": "done", "value": "v"} for n in range(1, count))]
    data = b"".join(encode_line(record) for record in records)
    path.write_bytes(data)
    return data


def test_a_torn_last_line_is_cut_off_when_the_journal_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = _journal(path, 4)
    sound = whole[: whole.rindex(b'{"crc"')]
    for size in range(len(sound) + 1, len(whole)):
        path.write_bytes(whole[:size])
        contents = read_journal(path)
        assert (len(contents.records), contents.size_bytes, contents.torn) == (3, len(sound), True)
        Journal.open(path, contents).close()
        assert path.read_bytes() == sound


def test_a_damaged_last_line_is_a_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = _journal(path, 4)
    path.write_bytes(whole[:-5] + b"\0\0\0\0\n")
    assert len(read_journal(path).records) == 3


@pytest.mark.parametrize("line", [1, 2, 3])
def test_damage_elsewhere_is_reported_with_its_line_and_what_can_be_used(tmp_path: Path, line: int) -> None:
    path = tmp_path / "journal.jsonl"
    lines = _journal(path, 5).splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(b'"k"', b'"K"')
    path.write_bytes(b"".join(lines))
    with pytest.raises(JournalCorrupt) as caught:
        read_journal(path)
    error = caught.value
    assert error.code is ErrorCode.JOURNAL_CORRUPT
    assert (error.journal_line, len(error.records)) == (line, line - 1)
    assert f"line {line} is damaged" in error.message
    if line == 3:
        assert "Lines 1 to 2 are sound and hold 1 finished calls" in error.message
    assert error.hint


async def _numbered(path: Path, count: int) -> list[bytes]:
    """A journal as runs write it, in two goes."""
    journal = Journal.create(path, HEADER)
    for n in range(1, count):
        if n == 2:
            journal.close()
            journal = Journal.open(path, read_journal(path))
        journal.append({"k": "done", "n": n, "status": "done", "value": "v"})
    journal.close()
    return path.read_bytes().splitlines(keepends=True)


OUT_OF_PLACE: dict[str, tuple[list[int], int]] = {
    "lost": ([1, 3, 4, 5], 2),
    "doubled": ([1, 2, 2, 3, 4, 5], 3),
    "swapped": ([1, 3, 2, 4, 5], 2),
    "doubled at the end": ([1, 2, 3, 4, 5, 5], 6),
    "swapped at the end": ([1, 2, 3, 5, 4], 4),
    "lost before the last": ([1, 2, 3, 5], 4),
}


@pytest.mark.parametrize(("order", "damaged"), OUT_OF_PLACE.values(), ids=OUT_OF_PLACE.keys())
async def test_lines_that_are_lost_doubled_or_out_of_place_are_found(
    tmp_path: Path, order: list[int], damaged: int
) -> None:
    path = tmp_path / "journal.jsonl"
    lines = await _numbered(path, 5)
    assert len(read_journal(path).records) == 5
    path.write_bytes(b"".join(lines[number - 1] for number in order))
    with pytest.raises(JournalCorrupt, match="missing, doubled or out of place") as caught:
        read_journal(path)
    assert (caught.value.journal_line, len(caught.value.records)) == (damaged, damaged - 1)


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"not json\n", encode_line({"k": "log"})])
def test_a_journal_without_a_header_is_corrupt(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(JournalCorrupt, match="line 1"):
        parse_journal(data, tmp_path)


def test_a_newer_format_is_refused_plainly(tmp_path: Path) -> None:
    newer = encode_line({**HEADER, "v": FORMAT_VERSION + 1, "callsheet": "9.9"})
    with pytest.raises(UsageError, match=r"newer Callsheet \(9\.9\)") as caught:
        parse_journal(newer, tmp_path)
    assert "Update" in str(caught.value)


def test_a_newer_format_with_another_kind_of_checksum_is_refused_alike(tmp_path: Path) -> None:
    header = json.dumps({"sum": "x", **HEADER, "v": FORMAT_VERSION + 1}).encode()
    with pytest.raises(UsageError, match="newer Callsheet"):
        parse_journal(header + b"\n", tmp_path)


@pytest.mark.parametrize("version", ["1", None, 0, -1, 1.5])
def test_an_unknown_format_is_corrupt(tmp_path: Path, version: object) -> None:
    with pytest.raises(JournalCorrupt, match="unknown format"):
        parse_journal(encode_line({**HEADER, "v": version}), tmp_path)


def test_every_version_shipped_has_a_reader_and_a_summary() -> None:
    assert set(READERS) == set(FORMAT_SUMMARIES) == set(range(1, FORMAT_VERSION + 1))


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    before = os.umask(0)
    try:
        Journal.create(path, HEADER).close()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


class FailingFile:
    """A file that takes only so many bytes, in pieces of at most `piece`, or whose sync fails."""

    def __init__(
        self, path: Path, *, room: int = 1 << 40, piece: int = 1 << 40, syncs: int = 1 << 40
    ) -> None:
        self._file = DiskFile(path)
        self._room = room
        self._piece = piece
        self._syncs = syncs

    def write(self, data: bytes) -> int:
        size = min(len(data), self._room, self._piece)
        if size == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= size
        return self._file.write(data[:size])

    def sync(self) -> None:
        if self._syncs == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._syncs -= 1
        self._file.sync()

    def truncate(self, size: int) -> None:
        self._file.truncate(size)

    def close(self) -> None:
        self._file.close()


async def test_short_writes_are_carried_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.create(path, HEADER, file=FailingFile(path, piece=7))
    journal.append({"k": "log", "text": "x" * 100})
    await journal.sync()
    journal.close()
    assert len(read_journal(path).records) == 2


async def test_a_full_disk_leaves_whole_lines_and_stays_broken(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.create(path, HEADER, file=FailingFile(path, room=150, piece=40))
    journal.append({"k": "log", "text": "x" * 500})
    with pytest.raises(JournalUnwritable, match="No space left"):
        await journal.sync()
    with pytest.raises(JournalUnwritable):
        journal.flush()
    journal.close()
    contents = read_journal(path)
    assert (len(contents.records), contents.torn) == (1, False)


BODY = "return await pipeline([1, 2, 3, 4, 5, 6], (i) => agent(`one ${i}`), (p) => agent(`two ${p}`))"


@pytest.mark.parametrize("room", [0, 300, 900, 2000, 2777, 3500, 4000])
async def test_a_run_on_a_full_disk_stops_and_resumes(tmp_path: Path, room: int) -> None:
    run_dir = new_run(tmp_path, script(BODY))
    file = FailingFile(run_dir.journal, room=room, piece=500)
    backend = CountingBackend(by_prompt({}))
    result = await play(run_dir, backend, journal_file=file)
    assert result.status == "stopped"
    assert result.error is not None
    assert "No space left" in result.error["message"]
    assert "resume" in result.error["message"]
    finished = {record["n"] for record in records_of(run_dir, "done")}
    again = CountingBackend(by_prompt({}))
    resumed = await play(run_dir, again)
    assert resumed.result == [f"<two <one {i}>>" for i in range(1, 7)]
    assert not finished & {request.call for request in again.asked}


@pytest.mark.parametrize("syncs", [0, 1, 2, 3])
async def test_a_run_whose_disk_fails_to_sync_stops_before_the_script_sees_more(
    tmp_path: Path, syncs: int
) -> None:
    run_dir = new_run(tmp_path, script("for (let i = 0; i < 9; i++) log(await agent(`${i}`))"))
    result = await play(run_dir, journal_file=FailingFile(run_dir.journal, syncs=syncs))
    assert result.status == "stopped"
    assert len(result.logs) == max(0, syncs - 1)
    assert (await play(run_dir)).status == "completed"


async def test_a_run_whose_folder_is_removed_stops(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("for (let i = 1; i < 9; i++) await agent(`${i}`)"))

    def answer(request: AgentRequest) -> str:
        if request.call == 2:
            shutil.rmtree(run_dir.path)
        return "seen"

    backend = CountingBackend(answer)
    result = await play(run_dir, backend)
    assert (result.status, len(backend.asked)) == ("stopped", 2)
    assert result.error is not None
    assert "it was removed" in result.error["message"]
    assert not run_dir.path.exists()
