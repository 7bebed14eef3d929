"""Standard streams as odd launchers leave them: closed, of a narrow encoding, without a reader."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import COMMAND, environ, write_answers, write_script

VERBS = (
    "run uni.workflow.js",
    "run uni.workflow.js --json",
    "show last",
    "show last --json",
    "runs",
    "doctor",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_script(
        tmp_path / "uni.workflow.js", "log('→ é')\nreturn await agent('日本 ✓')", phases=[{"title": "ü"}]
    )
    write_answers(tmp_path / "a.json", default="ok ✓")
    return tmp_path


def shell(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of the shell in which `callsheet` is the command under test."""
    command = shlex.join(COMMAND)
    return subprocess.run(
        ["sh", "-c", f'callsheet() {{ {command} "$@"; }}; {line}'],
        cwd=folder,
        env=environ(folder, **variables),
        capture_output=True,
        timeout=90,
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(folder: Path, closed: str) -> None:
    for verb in VERBS:
        done = shell(folder, f"callsheet {verb} {closed}")
        assert (done.returncode, done.stderr) == (0, b""), (verb, done.stderr.decode())
        if ">&-" not in closed.replace("2>&-", "") and verb.startswith("run ") and "--json" in verb:
            assert json.loads(done.stdout)["status"] == "completed"


@pytest.mark.parametrize("verb", [*VERBS, "plan uni.workflow.js", "check uni.workflow.js", "workflows"])
def test_an_encoding_that_lacks_characters_is_no_error(folder: Path, verb: str) -> None:
    shell(folder, "callsheet run uni.workflow.js")
    done = shell(folder, f"callsheet {verb}", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    if verb == "run uni.workflow.js --json":
        assert json.loads(done.stdout)["agents"][0]["label"] == "日本 ✓"


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
def test_a_path_that_is_no_text_is_checked_like_any_other(folder: Path, format: str) -> None:
    path = os.path.join(os.fsencode(folder), b"\xff.workflow.js")  # noqa: PTH118
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"export const meta = {name: 'x', description: 'y'}\nreturn Date.now()\n")
    done = shell(folder, f"callsheet check --format {format} .")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"Date.now" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_output_that_cannot_be_written_is_told(folder: Path) -> None:
    shell(folder, "callsheet run uni.workflow.js")
    done = shell(folder, "callsheet show last > /dev/full")
    assert (done.returncode, done.stderr) == (1, b"callsheet: No space left on device.\n")


def test_a_reader_that_goes_away_ends_the_command_quietly(folder: Path) -> None:
    done = shell(folder, "callsheet run uni.workflow.js | head -n 1; callsheet show last --json | true")
    assert done.stdout.startswith(b"uni: run ")
    assert done.stderr == b""
