from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from callsheet.runs.follow import CHUNK_BYTES, JournalTail, News, follow, watch_runs
from callsheet.runs.journal import encode_line
from callsheet.runs.lease import Lease
from callsheet.runs.rundir import RunDir, touch_runs
from hypothesis import given, settings
from hypothesis import strategies as st

HEADER = {"k": "header", "v": 1, "id": "x"}


def log(text: str) -> dict[str, Any]:
    return {"k": "log", "at": 1.0, "text": text, "level": "log"}


@pytest.fixture
def run_dir(tmp_path: Path) -> RunDir:
    path = tmp_path / ".callsheet" / "runs" / "20260102-030405-abcdef"
    path.mkdir(parents=True)
    return RunDir(path)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=12),
    cuts=st.lists(st.integers(0, 2000), max_size=8),
)
def test_however_a_journal_arrives_every_record_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("follow") / "journal.jsonl"
    records = [HEADER, *map(log, texts)]
    data = b"".join(map(encode_line, records))
    tail, seen = JournalTail(path), []
    with path.open("wb", buffering=0) as file:
        before = 0
        for cut in sorted({min(cut, len(data)) for cut in cuts} | {len(data)}):
            file.write(data[before:cut])
            before = cut
            seen += tail.look().records
    assert seen == records
    assert tail.look() == News()


def test_records_larger_than_a_chunk_are_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    records = [HEADER, log("x" * (3 * CHUNK_BYTES)), log("after")]
    path.write_bytes(b"".join(map(encode_line, records)))
    tail, seen = JournalTail(path), []
    while batch := tail.look().records:
        seen += batch
    assert seen == records


def test_a_damaged_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(encode_line(HEADER) + b'{"crc":"00000000","k":"log"}\n' + encode_line(log("sound")))
    assert JournalTail(path).look().records == (HEADER, log("sound"))


def test_a_journal_that_was_replaced_or_cut_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(encode_line(HEADER) + encode_line(log("old")))
    tail = JournalTail(path)
    tail.look()
    other = tmp_path / "other"
    other.write_bytes(encode_line(HEADER) + encode_line(log("new")) + encode_line(log("newer")))
    other.replace(path)
    news = tail.look()
    assert news.restarted
    assert news.records == (HEADER, log("new"), log("newer"))
    path.write_bytes(encode_line(HEADER))
    news = tail.look()
    assert news.restarted
    assert news.records == (HEADER,)


async def collect(run_dir: RunDir, seen: list[dict[str, Any]]) -> str | None:
    over = None
    async for news in follow(run_dir):
        seen.extend(news.records)
        over = news.over
    return over


async def test_following_ends_when_the_runner_has_gone(run_dir: RunDir) -> None:
    lease = Lease.take(run_dir.lock)
    run_dir.journal.write_bytes(encode_line(HEADER))
    seen: list[dict[str, Any]] = []
    following = asyncio.create_task(collect(run_dir, seen))
    with run_dir.journal.open("ab", buffering=0) as file:
        for number in range(5):
            file.write(encode_line(log(str(number))))
            while len(seen) < number + 2:
                await asyncio.sleep(0.001)
        assert not following.done()
        file.write(encode_line(log("last")))
        lease.release()
    assert await following == "ended"
    assert seen[-1] == log("last")


async def test_following_ends_when_the_run_is_removed(run_dir: RunDir) -> None:
    with Lease.take(run_dir.lock):
        run_dir.journal.write_bytes(encode_line(HEADER))
        seen: list[dict[str, Any]] = []
        following = asyncio.create_task(collect(run_dir, seen))
        while not seen:
            await asyncio.sleep(0.001)
        run_dir.journal.unlink()
        assert await following == "removed"


async def test_many_runs_are_followed_at_once(tmp_path: Path) -> None:
    folder = tmp_path / ".callsheet" / "runs"
    dirs = [RunDir(folder / f"20260102-030405-{number:06x}") for number in range(30)]
    leases = []
    for run_dir in dirs:
        run_dir.path.mkdir(parents=True)
        leases.append(Lease.take(run_dir.lock))
        run_dir.journal.write_bytes(encode_line(HEADER))
    seen: list[list[dict[str, Any]]] = [[] for _ in dirs]
    following = [
        asyncio.create_task(collect(run_dir, each)) for run_dir, each in zip(dirs, seen, strict=True)
    ]
    for run_dir, lease in zip(dirs, leases, strict=True):
        with run_dir.journal.open("ab") as file:
            file.write(encode_line(log(run_dir.run_id)))
        lease.release()
    assert set(await asyncio.gather(*following)) == {"ended"}
    assert [each[-1]["text"] for each in seen] == [run_dir.run_id for run_dir in dirs]


async def test_runs_are_noticed_when_they_begin_and_when_they_are_resumed(
    run_dir: RunDir, tmp_path: Path
) -> None:
    noticed: asyncio.Queue[str] = asyncio.Queue()

    async def watch() -> None:
        async for each in watch_runs(tmp_path):
            noticed.put_nowait(each.run_id)

    watching = asyncio.create_task(watch())
    for _ in range(3):
        with Lease.take(run_dir.lock):
            touch_runs(tmp_path)
            assert await asyncio.wait_for(noticed.get(), 20) == run_dir.run_id
    touch_runs(tmp_path)
    await asyncio.sleep(0.1)
    assert noticed.empty()
    watching.cancel()


async def test_a_known_run_that_is_removed_is_told_once_more(run_dir: RunDir, tmp_path: Path) -> None:
    noticed: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()

    async def watch() -> None:
        async for each in watch_runs(tmp_path, known=[run_dir.run_id]):
            noticed.put_nowait((each.run_id, each.path.exists()))

    watching = asyncio.create_task(watch())
    shutil.rmtree(run_dir.path)
    assert await asyncio.wait_for(noticed.get(), 20) == (run_dir.run_id, False)
    watching.cancel()
