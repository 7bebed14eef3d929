"""Random scripts, agents of random duration, journals cut anywhere: nothing is lost, nothing is paid for twice."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest
from callsheet.runs.journal import parse_journal
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.engine_runs import CountingBackend, new_run, play, records_of
from tests.support.random_scripts import RandomScript, random_answers, write_child

EXAMPLES = int(os.environ.get("REPLAY_EXAMPLES", "8"))
"""Raise it to look longer."""

SEEDS = st.integers(min_value=0, max_value=2**32)
COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "print_blob": True,
}


def finished_calls(run_dir: RunDir) -> set[int]:
    return {
        record["n"]
        for record in records_of(run_dir, "done")
        if record["status"] == "done" and record["n"] not in _workflows(run_dir)
    }


def _workflows(run_dir: RunDir) -> set[int]:
    return {record["n"] for record in records_of(run_dir, "call") if record["kind"] == "workflow"}


def _new(root: Path, seed: int, *, races: bool, nests: bool) -> RunDir:
    write_child(root)
    rng = random.Random(seed)
    text = RandomScript(rng, races=races, nests=nests).text(rng.randint(2, 6))
    return new_run(root, text, options=RunOptions(concurrency=rng.choice([1, 2, 3, 8])))


async def _resume_is_safe(run_dir: RunDir, seed: int) -> object:
    """Resume; afterwards nothing that had finished ran again, and another resume replays it all."""
    finished = finished_calls(run_dir)
    again = CountingBackend(random_answers(seed))
    result = await play(run_dir, again)
    assert result.status.startswith("completed")
    assert not finished & {request.call for request in again.asked}
    third = CountingBackend()
    replayed = await play(run_dir, third)
    assert third.asked == []
    assert replayed.result == result.result
    assert replayed.usage == result.usage
    assert replayed.logs == result.logs
    return result.result


@pytest.mark.parametrize("nests", [False, True])
@settings(max_examples=EXAMPLES, **COMMON)
@given(seed=SEEDS, cut=st.floats(min_value=0, max_value=1))
async def test_a_journal_cut_at_any_byte_resumes_to_the_same_result(
    tmp_path: Path, nests: bool, seed: int, cut: float
) -> None:
    run_dir = _new(_folder_in(tmp_path), seed, races=False, nests=nests)
    first = await play(run_dir, CountingBackend(random_answers(seed)))
    whole = run_dir.journal.read_bytes()
    header = whole.index(b"\n") + 1
    run_dir.journal.write_bytes(whole[: header + int(cut * (len(whole) - header))])
    assert await _resume_is_safe(run_dir, seed + 1) == first.result


@pytest.mark.parametrize("nests", [False, True])
@settings(max_examples=EXAMPLES, **COMMON)
@given(seed=SEEDS, cut=st.floats(min_value=0, max_value=1))
async def test_races_and_budget_reads_replay_as_they_were(
    tmp_path: Path, nests: bool, seed: int, cut: float
) -> None:
    run_dir = _new(_folder_in(tmp_path), seed, races=True, nests=nests)
    first = await play(run_dir, CountingBackend(random_answers(seed)))
    whole = run_dir.journal.read_bytes()
    assert await _resume_is_safe(run_dir, seed + 1) == first.result
    header = whole.index(b"\n") + 1
    run_dir.journal.write_bytes(whole[: header + int(cut * (len(whole) - header))])
    await _resume_is_safe(run_dir, seed + 2)


@settings(max_examples=EXAMPLES, **COMMON)
@given(seed=SEEDS, cuts=st.lists(st.floats(min_value=0.3, max_value=1), min_size=2, max_size=4))
async def test_cut_and_resumed_again_and_again_with_failing_agents(
    tmp_path: Path, seed: int, cuts: list[float]
) -> None:
    run_dir = _new(_folder_in(tmp_path), seed, races=True, nests=True)
    await play(run_dir, CountingBackend(random_answers(seed, failing=0.2)))
    for number, cut in enumerate(cuts):
        whole = run_dir.journal.read_bytes()
        run_dir.journal.write_bytes(whole[: max(whole.index(b"\n") + 1, int(cut * len(whole)))])
        finished = _not_forgotten(run_dir)
        again = CountingBackend(random_answers(seed + number, failing=0.1))
        result = await play(run_dir, again)
        assert result.status.startswith("completed")
        assert not finished & {request.call for request in again.asked}
    await _resume_is_safe(run_dir, seed)


@settings(max_examples=EXAMPLES, **COMMON)
@given(seed=SEEDS)
async def test_a_statement_added_at_the_end_runs_alone(tmp_path: Path, seed: int) -> None:
    run_dir = _new(_folder_in(tmp_path), seed, races=True, nests=True)
    first = await play(run_dir, CountingBackend(random_answers(seed)))
    text = run_dir.script.read_text()
    run_dir.script.write_text(text.replace("return out\n", "return [out, await agent('added')]\n"))
    again = CountingBackend(random_answers(seed + 1))
    result = await play(run_dir, again)
    assert again.prompts == ["added"]
    assert result.result[0] == first.result


@settings(max_examples=EXAMPLES, **COMMON)
@given(seed=SEEDS, where=st.integers(min_value=0, max_value=5), cut=st.floats(min_value=0.5, max_value=1.5))
async def test_an_edit_replays_all_calls_made_before_it_and_none_behind(
    tmp_path: Path, seed: int, where: int, cut: float
) -> None:
    run_dir = _new(_folder_in(tmp_path), seed, races=True, nests=True)
    await play(run_dir, CountingBackend(random_answers(seed)))
    whole = run_dir.journal.read_bytes()
    run_dir.journal.write_bytes(whole[: max(whole.index(b"\n") + 1, int(cut * len(whole)))])
    text = run_dir.script.read_text()
    marker = f"log('statement {where}')\n"
    if marker not in text:
        return
    before, behind = _calls_around(run_dir, f"statement {where}")
    run_dir.script.write_text(text.replace(marker, f"{marker}out.push(await agent('inserted'))\n"))
    finished = finished_calls(run_dir)
    again = CountingBackend(random_answers(seed + 1))
    result = await play(run_dir, again)
    assert result.status == "completed"
    asked = {request.call for request in again.asked}
    assert not asked & finished
    assert "inserted" in again.prompts
    replayed = {agent["call"] for agent in result.agents if agent["status"] == "replayed"}
    assert replayed == before & finished
    assert not replayed & behind
    third = CountingBackend()
    assert (await play(run_dir, third)).result == result.result
    assert third.asked == []


def _calls_around(run_dir: RunDir, log: str) -> tuple[set[int], set[int]]:
    """Agents called before and behind a log line."""
    before: set[int] = set()
    behind: set[int] = set()
    into = before
    for record in records_of(run_dir):
        if record["k"] == "log" and record["text"] == log:
            into = behind
        if record["k"] == "call" and record["kind"] == "agent":
            into.add(record["n"])
    return before, behind


def _not_forgotten(run_dir: RunDir) -> set[int]:
    """Calls whose newest end was a success."""
    newest = {record["n"]: record["status"] for record in records_of(run_dir, "done")}
    workflows = _workflows(run_dir)
    return {n for n, status in newest.items() if status == "done" and n not in workflows}


def _folder_in(tmp_path: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=tmp_path))


def test_the_parts_of_a_cut_journal_are_sound(tmp_path: Path) -> None:
    data = b'{"crc":"00000000"}'
    with pytest.raises(Exception, match="line 1"):
        parse_journal(data, tmp_path)
