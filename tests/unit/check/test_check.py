"""`callsheet check`: what it reads, what it prints, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import callsheet
import pytest
from callsheet.cli.check import run_check
from callsheet.errors import ScriptValidationError
from callsheet.language.problem import Severity

GOOD = "export const meta = { name: 'good', description: 'Good.' }\nreturn await agent('Look.')\n"
BAD = "export const meta = { name: 'bad', description: 'Bad.' }\nconst é = '😀'; import 'x'\nreturn Date.now()\n"
WARNED = "export const meta = { name: 'warned', description: 'W.', colour: 1 }\nreturn 1\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def checked(
    capsys: pytest.CaptureFixture[str], *paths: str, status: int | None = None
) -> list[dict[str, Any]]:
    code = run_check(paths, "json")
    assert status is None or code == status
    output: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return output


def test_json_is_as_promised(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"bad.workflow.js": BAD, "good.workflow.js": GOOD})
    assert checked(capsys, "bad.workflow.js", "good.workflow.js", status=1) == [
        {
            "path": "bad.workflow.js",
            "problems": [
                {
                    "code": "module-import",
                    "severity": "error",
                    "message": callsheet.check_source(BAD)[0].message,
                    "line": 2,
                    "column": 17,
                    "endLine": 2,
                    "endColumn": 27,
                },
                {
                    "code": "determinism-clock",
                    "severity": "error",
                    "message": callsheet.check_source(BAD)[1].message,
                    "line": 3,
                    "column": 8,
                    "endLine": 3,
                    "endColumn": 18,
                },
            ],
        },
        {"path": "good.workflow.js", "problems": []},
    ]


def test_warnings_alone_are_no_failure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"w.workflow.js": WARNED})
    assert [problem["severity"] for problem in checked(capsys, ".", status=0)[0]["problems"]] == ["warning"]


def test_folders_are_searched(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        here,
        {
            "a.workflow.js": GOOD,
            "deep/er/b.workflow.mjs": GOOD,
            ".callsheet/workflows/c.js": GOOD,
            "docs/d.md": f"# D\n\n```js workflow\n{BAD}```\n",
            "docs/none.md": "```js\nreturn 1\n```\n",
            "no-script.js": BAD,
            "node_modules/x/e.workflow.js": BAD,
            ".venv/e.workflow.js": BAD,
            "ignored/f.workflow.js": BAD,
            "kept/ignored/g.workflow.js": GOOD,
            "sub/h.workflow.js": BAD,
            ".gitignore": "/ignored/\n",
            "sub/.gitignore": "*.workflow.js\n",
        },
    )
    found = {
        entry["path"]: [problem["line"] for problem in entry["problems"]] for entry in checked(capsys, ".")
    }
    assert found == {
        ".callsheet/workflows/c.js": [],
        "a.workflow.js": [],
        "deep/er/b.workflow.mjs": [],
        "docs/d.md": [5, 6],
        "kept/ignored/g.workflow.js": [],
    }


def test_records_are_placed_in_their_own_text(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.dumps({"name": "x", "script": BAD}, indent=2)
    write(here, {".pi/workflows/saved/x.json": record})
    [entry] = checked(capsys, ".", status=1)
    line = record.splitlines()[2]
    shown = [line[p["column"] - 1 : p["endColumn"] - 1] for p in entry["problems"]]
    assert shown == ["import 'x'", "Date.now()"]
    assert {problem["line"] for problem in entry["problems"]} == {3}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_in_the_language(here: Path, capsys: pytest.CaptureFixture[str], end: str) -> None:
    (here / "a.workflow.js").write_bytes(f"{GOOD}log(1)\nlog(Date.now())\n".replace("\n", end).encode())
    problems = checked(capsys, "a.workflow.js", status=1)[0]["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == [(GOOD.count("\n") + 2, 5)]


def test_the_engine_has_the_last_word_on_syntax(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.workflow.js": GOOD.replace("return", "const a = 1\nlog(a, 010)\nreturn")})
    [entry] = checked(capsys, "a.workflow.js", status=1)
    assert [(problem["code"], problem["line"]) for problem in entry["problems"]] == [("syntax-error", 3)]


def test_settings_are_those_of_each_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        here,
        {
            "a.workflow.js": WARNED,
            "sub/b.workflow.js": WARNED,
            "sub/callsheet.toml": 'rules.meta-unknown-field = "off"\n',
        },
    )
    assert [len(entry["problems"]) for entry in checked(capsys, "a.workflow.js", "sub/b.workflow.js")] == [
        1,
        0,
    ]


def test_unknown_rules_in_the_settings_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.workflow.js": GOOD, "callsheet.toml": 'rules.meta-unknown-feild = "off"\n'})
    assert run_check(["a.workflow.js"]) == 0
    assert "Did you mean `meta-unknown-field`?" in capsys.readouterr().err


def test_text_shows_the_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        here,
        {
            "a.workflow.js": "export const meta = { name: 'x', description: 'y' }\n\treturn ['漢字', Date.now()]\n"
        },
    )
    assert run_check(["a.workflow.js"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a.workflow.js:2:16: error: ")
    assert lines[1] == "  2 |     return ['漢字', Date.now()]"
    assert lines[2] == "    |" + " " * 21 + "^" * 10
    assert lines[-1] == "1 error in 1 file."


def test_github_commands_are_escaped(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a,b.workflow.js": BAD})
    assert run_check(["a,b.workflow.js"], "github") == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(
        "::error file=a%2Cb.workflow.js,line=2,endLine=2,col=17,endColumn=27,title=module-import::"
    )


def test_sarif_is_complete(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a b.workflow.js": BAD, "w.workflow.js": WARNED.replace("colour", "descriptoin")})
    assert run_check(["a b.workflow.js", "w.workflow.js"], "sarif") == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert (
            run["artifacts"][place["artifactLocation"]["index"]]["location"]["uri"]
            == place["artifactLocation"]["uri"]
        )
        assert place["region"]["startLine"] >= 1
    assert run["artifacts"][0]["location"]["uri"] == "a%20b.workflow.js"
    assert {result["level"] for result in run["results"]} == {"error", "warning"}


@pytest.mark.parametrize("format", ["json", "sarif", "github", "text"])
def test_a_clean_file_is_said_to_be(here: Path, capsys: pytest.CaptureFixture[str], format: str) -> None:
    write(here, {"a.workflow.js": GOOD})
    assert run_check(["a.workflow.js"], format) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("content", "path", "message"),
    [
        (None, "missing.workflow.js", "no such file"),
        (b"\xff\xfe\x00", "a.workflow.js", "not UTF-8: line 1"),
        (b"x" * (512 * 1024 + 1), "a.workflow.js", "larger than 512 KiB"),
        (b"# No scripts\n", "a.md", "no workflow script in it"),
        (b"[]", "a.json", "no saved workflow"),
        (b"x", ".", "no workflow script in this folder"),
    ],
)
def test_bad_input_is_told_with_status_2(
    here: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, path: str, message: str
) -> None:
    if content is not None:
        (here / ("x.txt" if path == "." else path)).write_bytes(content)
    assert run_check([path]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_what_can_be_checked_is_checked_beside_bad_input(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"a.workflow.js": BAD})
    assert run_check(["a.workflow.js", "missing.js"], "json") == 2
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)) == 1
    assert "missing.js: no such file" in printed.err


def test_an_unknown_format_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(["."], "jsn") == 2
    assert "Did you mean `json`?" in capsys.readouterr().err


def test_check_source_looks_around_from_its_path(here: Path) -> None:
    write(here, {"callsheet.toml": 'rules.meta-unknown-field = "error"\n'})
    assert callsheet.check_source(WARNED)[0].severity is Severity.WARNING
    assert callsheet.check_source(WARNED, path="w.workflow.js")[0].severity is Severity.ERROR
    document = f"text\n\n```js workflow\n{WARNED}```\n"
    assert [problem.span.start > 20 for problem in callsheet.check_source(document, path="w.md")] == [True]


def test_parse_workflow_gives_the_model_or_the_problems() -> None:
    workflow = callsheet.parse_workflow(GOOD)
    assert (workflow.name, [site.kind for site in workflow.calls]) == ("good", ["agent"])
    with pytest.raises(ScriptValidationError, match="2:17") as caught:
        callsheet.parse_workflow(BAD)
    assert [problem.code for problem in caught.value.problems] == ["module-import", "determinism-clock"]


def test_checking_loads_neither_models_nor_the_editor_protocol(here: Path) -> None:
    write(here, {"a.workflow.js": GOOD})
    code = (
        "import sys; from callsheet.cli.check import run_check; assert run_check(['a.workflow.js']) == 0;"
        "assert not {'litellm', 'pygls', 'lsprotocol', 'jsonschema'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
