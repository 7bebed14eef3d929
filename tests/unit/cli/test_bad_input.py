"""Bad input: a clear error and exit status 2, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from tests.support.cli import callsheet, environ, result_of, write_answers, write_script


@frozen
class Case:
    """One wrong command line.

    Attributes:
        args: what is given.
        says: what the message has to contain.
        code: error code under `--json`.
        status: exit status.
        files: files of the folder, by name.
    """

    args: tuple[str, ...]
    says: tuple[str, ...]
    code: str = "INVALID_CALL"
    status: int = 2
    files: dict[str, bytes] = field(factory=dict)


META = b'export const meta = {name: "x", description: "y"}\n'

CASES = {
    "no such file": Case(
        ("run", "nothing.workflow.js"), ("nothing.workflow.js: no such file",), "WORKFLOW_NOT_FOUND"
    ),
    "no such name": Case(
        ("run", "nothing"), ("no saved workflow", "callsheet workflows"), "WORKFLOW_NOT_FOUND"
    ),
    "near miss": Case(("run", "explane-code"), ("Did you mean `explain-code`?",), "WORKFLOW_NOT_FOUND"),
    "a name that is too long": Case(("run", "x" * 5000), ("File name too long",)),
    "home of nobody": Case(
        ("run", "~nobody-of-that-name/x.js"),
        ("~nobody-of-that-name/x.js: no such file",),
        "WORKFLOW_NOT_FOUND",
    ),
    "a folder": Case(("run", "."), ("is a folder",)),
    "not UTF-8": Case(("run", "bad.js"), ("bad.js", "UTF-8"), files={"bad.js": META + b"// \xff\n"}),
    "too large": Case(
        ("run", "big.js"), ("larger than 512 KiB",), files={"big.js": META + b"// x" * 200_000}
    ),
    "empty": Case(("run", "e.js"), ("meta",), "SCRIPT_VALIDATION", files={"e.js": b""}),
    "no meta": Case(("run", "n.js"), ("meta",), "SCRIPT_VALIDATION", files={"n.js": b"return 1\n"}),
    "syntax error": Case(
        ("run", "s.js"), ("s.js:2:", "error"), "SCRIPT_VALIDATION", files={"s.js": META + b"const = 1\n"}
    ),
    "clock": Case(
        ("run", "c.js"), ("c.js:2:",), "SCRIPT_VALIDATION", files={"c.js": META + b"return Date.now()\n"}
    ),
    "args that are no JSON": Case(("run", "ok.js", "--args", "{x}"), ("--args is no JSON",)),
    "args that are a word": Case(("run", "ok.js", "--args", "word"), ("--args is no JSON", "Quote it")),
    "args that are NaN": Case(("run", "ok.js", "--args", "NaN"), ("NaN is no JSON value",)),
    "args nested too deep": Case(
        ("run", "ok.js", "--args", "[" * 20_000), ("nested more than 256 levels deep",)
    ),
    "args with a number beyond JSON": Case(
        ("run", "ok.js", "--args", '{"a": 1e999}'), ("1e999 is too large a number",)
    ),
    "args from no file": Case(("run", "ok.js", "--args", "@gone.json"), ("gone.json", "No such file")),
    "args from a bad file": Case(("run", "ok.js", "--args", "@a"), ("a is no JSON",), files={"a": b"{"}),
    "args not UTF-8": Case(("run", "ok.js", "--args", "@a"), ("not UTF-8",), files={"a": b'"\xff"'}),
    "unknown model": Case(("run", "ok.js", "--model", "no-such-model"), ("no-such-model",)),
    "no key": Case(("run", "ok.js", "--model", "openai/gpt-5"), ("OPENAI_API_KEY", "callsheet doctor")),
    "no such backend": Case(("run", "ok.js", "--backend", "magic"), ("no backend 'magic'", "scripted:FILE")),
    "no such answers": Case(
        ("run", "ok.js", "--backend", "scripted:gone.json"), ("gone.json: no such file",)
    ),
    "broken answers": Case(
        ("run", "ok.js", "--backend", "scripted:a"), ("a: not a script of answers",), files={"a": b"{"}
    ),
    "wrong setting": Case(
        ("run", "ok.js"),
        ("callsheet.toml", "`run.concurrency` must be"),
        files={"callsheet.toml": b"run.concurrency = 0"},
    ),
    "settings that are no TOML": Case(
        ("run", "ok.js"), ("callsheet.toml", "no TOML"), files={"callsheet.toml": b"run ="}
    ),
    "plan of nothing": Case(("plan", "nothing.js"), ("nothing.js: no such file",)),
    "resume of an unknown run": Case(
        ("resume", "20200101-000000-aaaaaa"), ("There is no run", "callsheet runs")
    ),
    "plan of the resume of an unknown run": Case(
        ("plan", "ok.js", "--resume", "last"), ("There is no run last",)
    ),
    "show of an unknown run": Case(("show", "20200101-000000-aaaaaa"), ("There is no run",), status=1),
    "report of an unknown run": Case(("report", "last"), ("There is no run last",), status=1),
    "stop of an unknown run": Case(("stop", "last"), ("There is no run",), status=1),
    "rm of an unknown run": Case(("rm", "last"), ("There is no run",), status=1),
    "changes outside of a repository": Case(("changes", "last"), ("There is no run",), status=1),
    "check of nothing": Case(("check", "nothing.js"), ("nothing.js",)),
    "check at the home of nobody": Case(
        ("check", "~nobody-of-that-name/x.js"), ("~nobody-of-that-name/x.js: no such file",)
    ),
    "unknown format": Case(("check", "ok.js", "--format", "yaml"), ("yaml", "github")),
}
USAGE = {
    "unknown verb": (("rnu", "ok.js"), "rnu"),
    "unknown option": (("run", "ok.js", "--budgt", "3"), "--budgt"),
    "no script": (("run",), "SCRIPT"),
    "budget of zero": (("run", "ok.js", "--budget", "0"), "--budget"),
    "budget that is no number": (("run", "ok.js", "--budget", "lots"), "--budget"),
    "concurrency below one": (("run", "ok.js", "--concurrency", "-1"), "--concurrency"),
    "cap below one": (("run", "ok.js", "--max-agents", "0"), "--max-agents"),
    "call that is no number": (("skip", "last", "x"), "CALL"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ok.js").write_bytes(META + b"return 1\n")
    return tmp_path


def check_streams(done: Any) -> None:
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_bad_input_is_told_clearly(folder: Path, case: Case) -> None:
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    done = callsheet(*case.args, cwd=folder)
    check_streams(done)
    assert done.returncode == case.status, done.stderr
    for words in case.says:
        assert words in done.stderr, done.stderr
    assert not (folder / ".callsheet" / "runs").exists()


REFUSED = {name: case for name, case in CASES.items() if case.args[0] in ("run", "resume")}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_run_is_one_json_object_too(folder: Path, case: Case) -> None:
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    done = callsheet(*case.args, "--json", cwd=folder)
    shape = result_of(done)
    assert done.returncode == 2
    assert (shape["status"], shape["runId"], shape["agents"]) == ("refused", None, [])
    assert shape["error"]["code"] == case.code
    if case.code == "SCRIPT_VALIDATION":
        assert shape["error"]["line"] >= 1
    for words in case.says:
        assert words in shape["error"]["message"]


@pytest.mark.parametrize(("args", "says"), USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_says_what_is_wrong(folder: Path, args: tuple[str, ...], says: str) -> None:
    done = callsheet(*args, cwd=folder)
    check_streams(done)
    assert done.returncode == 2
    assert says in done.stderr
    if args[0] == "run":
        shape = result_of(callsheet(*args, "--json", cwd=folder))
        assert (shape["status"], shape["error"]["code"]) == ("refused", "INVALID_CALL")
        assert says in shape["error"]["message"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        done = callsheet("run", "ok.js", "--dry-run", cwd=folder)
    finally:
        folder.chmod(0o700)
    check_streams(done)
    assert done.returncode == 2
    assert "Cannot write the run's folder" in done.stderr


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a folder that not even root may write")
def test_a_folder_that_nobody_may_write(folder: Path) -> None:
    args = ("run", str(folder / "ok.js"), "--dry-run", "--json")
    done = callsheet(*args, cwd=Path("/proc"), env=environ(folder))
    shape = result_of(done)
    assert (done.returncode, shape["status"], shape["runId"]) == (2, "refused", None)
    assert "Cannot write the run's folder under /proc/.callsheet" in shape["error"]["message"]


def occupy_house(folder: Path) -> None:
    (folder / ".callsheet").write_text("a file where the folder belongs")


def occupy_runs(folder: Path) -> None:
    (folder / ".callsheet").mkdir()
    (folder / ".callsheet" / "runs").write_text("a file where the folder belongs")


@pytest.mark.parametrize("occupy", [occupy_house, occupy_runs])
def test_a_folder_that_cannot_be_made(folder: Path, occupy: Callable[[Path], None]) -> None:
    occupy(folder)
    done = callsheet("run", "ok.js", "--dry-run", cwd=folder)
    check_streams(done)
    assert done.returncode == 2
    assert "Cannot write the run's folder" in done.stderr


def test_a_prefix_that_fits_several_runs_is_no_run(folder: Path) -> None:
    backend = write_answers(folder / "a.json")
    for _ in range(2):
        assert callsheet("run", "ok.js", "--backend", backend, cwd=folder).returncode == 0
    done = callsheet("show", "2", cwd=folder)
    assert done.returncode == 1
    assert "2 runs begin with 2" in done.stderr
    names = sorted(path.name for path in (folder / ".callsheet" / "runs").iterdir())
    assert callsheet("show", names[0], cwd=folder).returncode == 0
    assert names[1] in callsheet("show", "last", cwd=folder).stdout


def test_an_edited_script_with_errors_does_not_replace_the_runs_own(folder: Path) -> None:
    backend = write_answers(folder / "a.json")
    callsheet("run", "ok.js", "--backend", backend, cwd=folder)
    write_script(folder / "bad.js", "return Date.now()")
    done = callsheet("resume", "last", "--script", "bad.js", cwd=folder)
    assert done.returncode == 2
    assert "bad.js:2:" in done.stderr
    [script] = (folder / ".callsheet" / "runs").glob("*/script.js")
    assert script.read_bytes() == (folder / "ok.js").read_bytes()


def test_a_journal_that_is_damaged_is_reported_with_its_line(folder: Path) -> None:
    write_script(folder / "two.js", "await agent('a')\nreturn await agent('b')")
    backend = write_answers(folder / "a.json")
    callsheet("run", "two.js", "--backend", backend, cwd=folder)
    [journal] = (folder / ".callsheet" / "runs").glob("*/journal.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:4], lines[4].replace(b":", b";", 3), *lines[5:]]))
    done = callsheet("resume", "last", cwd=folder)
    check_streams(done)
    assert done.returncode == 2
    assert "line 5 is damaged" in done.stderr
    assert "JOURNAL_CORRUPT" in callsheet("show", "last", cwd=folder).stdout
    assert callsheet("runs", cwd=folder).returncode == 0


NO_JOURNALS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda journal: journal.write_bytes(b""),
    "newer": lambda journal: journal.write_bytes(journal.read_bytes().replace(b'"v":1,', b'"v":99,', 1)),
    "no file": lambda journal: (journal.unlink(), journal.mkdir()),
}


@pytest.mark.parametrize("damage", NO_JOURNALS.values(), ids=NO_JOURNALS.keys())
def test_a_journal_that_cannot_be_read_refuses_a_resume(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    backend = write_answers(folder / "a.json")
    callsheet("run", "ok.js", "--backend", backend, cwd=folder)
    [journal] = (folder / ".callsheet" / "runs").glob("*/journal.jsonl")
    damage(journal)
    done = callsheet("resume", "last", "--json", cwd=folder)
    check_streams(done)
    shape = result_of(done)
    assert (done.returncode, shape["status"], shape["runId"]) == (2, "refused", None)
    assert shape["error"]["code"] == "JOURNAL_CORRUPT"
    for verb in ("runs", "show", "rm"):
        args = [verb] if verb == "runs" else [verb, "last"]
        assert callsheet(*args, cwd=folder).returncode == 0


def test_unknown_settings_warn_and_do_not_stop(folder: Path) -> None:
    (folder / "callsheet.toml").write_text("[run]\nconcurency = 3\n")
    backend = write_answers(folder / "a.json")
    done = callsheet("run", "ok.js", "--backend", backend, cwd=folder)
    assert done.returncode == 0
    assert "Did you mean `run.concurrency`?" in done.stderr
