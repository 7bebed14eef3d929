"""Recorded journals: each replays as `expect.json` says, or says what differs. UPDATE_GOLDEN=1 writes what is seen."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.backend import Usage
from callsheet.agents.scripted import Answer
from callsheet.errors import CallsheetError
from callsheet.runs.journal import decode_line, encode_line
from callsheet.runs.records import FORMAT_SUMMARIES
from callsheet.runs.rundir import create_run_dir, publish

from tests.support.engine_runs import CountingBackend, play, records_of

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("v*/*/journal.jsonl"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.parent.name}-{case.name}" for case in CASES])
async def test_a_recorded_journal_replays(case: Path, tmp_path: Path) -> None:
    seen = await _replay(case, tmp_path)
    expected = case / "expect.json"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(json.dumps(seen, indent=2) + "\n")
    assert seen == json.loads(expected.read_text())


def test_every_format_version_has_recorded_journals() -> None:
    recorded = {case.parent.name for case in CASES}
    assert recorded == {f"v{version}" for version in FORMAT_SUMMARIES}


async def _replay(case: Path, root: Path) -> dict[str, Any]:
    run_dir = publish(create_run_dir(root))
    shutil.copytree(case, run_dir.path, dirs_exist_ok=True)
    run_dir.journal.write_bytes(_moved(run_dir.journal.read_bytes(), root))
    backend = CountingBackend(lambda request: Answer(f"<{request.prompt}>", usage=Usage(10, 5)))
    try:
        result = await play(run_dir, backend)
    except CallsheetError as error:
        return {"refused": str(error).replace(str(run_dir.path), "RUN")}
    forks = [
        {name: record[name] for name in ("n", "expected", "actual", "line", "differs", "forgotten")}
        for record in records_of(run_dir, "fork")
    ]
    return {
        "runs": backend.prompts,
        "status": result.status,
        "result": result.result,
        "error": result.error,
        "agents": [[agent["call"], agent["label"], agent["status"]] for agent in result.agents],
        "tokens": result.usage["total"],
        "phases": result.phases,
        "forks": forks,
    }


def _moved(journal: bytes, root: Path) -> bytes:
    """The journal as if it had been recorded under `root`."""
    first, _, rest = journal.partition(b"\n")
    header = decode_line(first)
    return encode_line({**header, "cwd": str(root), "path": str(root / "test.workflow.js")}) + rest
