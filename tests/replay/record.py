"""Records the journals of the replay tests, in the format version of today: `python -m tests.replay.record`.

Recorded journals are kept for ever: a later format version records its own beside them (see `FOLDER`).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen
from callsheet.agents.backend import Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.journal import encode_line
from callsheet.runs.options import RunOptions
from callsheet.runs.records import FORMAT_VERSION
from callsheet.runs.rundir import RunDir

from tests.support.engine_runs import by_prompt, new_run, play, script, slow

FOLDER = Path(__file__).with_name(f"v{FORMAT_VERSION}")

BASE = """
const seen = []
const both = await parallel(['left', 'right'].map((side) => async () => {
  const answer = await agent(`look ${side}`, {label: side})
  seen.push(side)
  return answer
}))
phase('Report')
const report = await agent(`report on ${seen}`)
return {both, report, seen, spent: budget.spent()}
"""
CHILD = """export const meta = {name: 'child', description: 'Asks twice'}
return await parallel([1, 2].map((i) => () => agent(`child ${args} ${i}`)))
"""
NESTED = """
const parts = await parallel(['a', 'b'].map((part) => () => workflow({scriptPath: 'child.js'}, part)))
return await agent(`join ${JSON.stringify(parts)}`)
"""
RACE = """
const winner = await Promise.race(['slow', 'quick'].map((who) => agent(who)))
return await agent(`well done ${winner}`)
"""
ASK = """
const colour = await checkpoint('Which colour?', {kind: 'input', default: 'red'})
return await agent(`paint it ${colour}`)
"""


def _answer(request: Any) -> Answer:
    return Answer(
        f"<{request.prompt}>", usage=Usage(10, 5), duration_s=0.1 if "slow" in request.prompt else 0.0
    )


def _left_last(request: Any) -> Answer:
    return slow(0.1 if "left" in request.prompt else 0.0, f"<{request.prompt}>", usage=Usage(10, 5))


@frozen
class Case:
    """One recording.

    Attributes:
        body: body of the script that was recorded.
        answers: what its agents said.
        change: what became of the journal's bytes afterwards.
        resumed_with: body of the script that it is resumed with, None for the same.
        more: more runs of the recorded script before `change`.
    """

    body: str
    answers: Callable[[Any], Any] = _answer
    change: Callable[[bytes], bytes] = lambda data: data
    resumed_with: str | None = None
    more: tuple[Callable[[Any], Any], ...] = ()


def _without_place(data: bytes, root: Path) -> bytes:
    lines = data.replace(str(root).encode(), b"/project").splitlines()
    return b"".join(encode_line({k: v for k, v in json.loads(line).items() if k != "crc"}) for line in lines)


def _cut_behind(kind: str, count: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        kept, left = b"", count
        for line in data.splitlines(keepends=True):
            kept += line
            left -= json.loads(line)["k"] == kind
            if left == 0:
                return kept
        raise AssertionError(f"fewer than {count} records of kind {kind}")

    return change


def _without(kind: str) -> Callable[[bytes], bytes]:
    """Without the first line of a kind."""

    def change(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        lines.remove(next(line for line in lines if json.loads(line)["k"] == kind))
        return b"".join(lines)

    return change


def _with_line(number: int, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        assert old in lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new)
        return b"".join(lines)

    return change


def _from_the_future(data: bytes) -> bytes:
    first, _, rest = data.partition(b"\n")
    header = json.loads(first)
    del header["crc"]
    return encode_line({**header, "v": 99, "callsheet": "99.0"}) + rest


CASES = {
    "complete": Case(BASE),
    "reordered": Case(BASE, _left_last),
    "crashed": Case(BASE, _left_last, _cut_behind("deliver", 1)),
    "crashed_before_delivery": Case(BASE, change=_cut_behind("done", 2)),
    "crashed_at_once": Case(BASE, change=_cut_behind("segment", 1)),
    "torn": Case(BASE, change=lambda data: _cut_behind("done", 2)(data)[:-30]),
    "edited_before": Case(BASE, resumed_with=f"await agent('first of all')\n{BASE}"),
    "edited_in": Case(BASE, resumed_with=BASE.replace("'right'", "'up'")),
    "edited_after": Case(BASE, resumed_with=BASE.replace("return {", "await agent('one more')\nreturn {")),
    "edited_beside": Case(BASE, resumed_with=BASE.replace("label: side", "label: `the ${side}`, retries: 1")),
    "nested": Case(NESTED),
    "nested_crashed": Case(NESTED, change=_cut_behind("done", 3)),
    "race": Case(RACE),
    "checkpoint": Case(ASK),
    "failures": Case(BASE, by_prompt({"look left": Answer(fail="AGENT_FAILED", usage=Usage(3, 0))})),
    "failures_twice": Case(
        BASE,
        by_prompt({"look left": Answer("")}),
        more=(by_prompt({"report on right,left": Answer(fail="AGENT_TIMEOUT")}),),
    ),
    "failed_script": Case(BASE.replace("return {", "throw new Error(report)\nreturn {"), resumed_with=BASE),
    "line_lost": Case(BASE, change=_without("deliver")),
    "corrupt": Case(BASE, change=_with_line(5, b'"n"', b'"m"')),
    "newer": Case(BASE, change=_from_the_future),
}


async def record(case: Case, folder: Path) -> None:
    """Run a case and put its journal, script and children into `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "child.js").write_text(CHILD)
        run_dir: RunDir = new_run(root, script(case.body), options=RunOptions(concurrency=2))
        for answers in (case.answers, *case.more):
            await play(run_dir, ScriptedBackend(answers))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "journal.jsonl").write_bytes(
            case.change(_without_place(run_dir.journal.read_bytes(), root))
        )
        (folder / "script.js").write_text(script(case.resumed_with or case.body))
        if (run_dir.path / "workflows").exists():
            shutil.copytree(run_dir.path / "workflows", folder / "workflows", dirs_exist_ok=True)


async def main() -> None:
    for name, case in CASES.items():
        await record(case, FOLDER / name)


if __name__ == "__main__":
    asyncio.run(main())
