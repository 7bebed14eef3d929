"""Correct scripts in many styles: nothing at the level of errors and warnings may be said about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from callsheet.language.api import check_source, parse_workflow
from callsheet.language.problem import Severity

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = sorted(
    [
        *(ROOT / "tests" / "data" / "clean").glob("*.workflow.js"),
        *(ROOT / "examples").glob("*.workflow.js"),
        *(ROOT / "engine" / "callsheet" / "workflows").glob("*.workflow.js"),
    ]
)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in SCRIPTS])
def test_silent(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    told = [problem for problem in check_source(text, path=path) if problem.severity <= Severity.WARNING]
    assert not told
    assert parse_workflow(text).name


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_scripts_in_the_docs_are_silent(path: Path) -> None:
    assert not check_source(path.read_text(encoding="utf-8"), path=path)


def test_the_script_that_vs_code_shows_to_begin_with_is_silent() -> None:
    page = (ROOT / "editors" / "vscode" / "walkthrough" / "write.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```js\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert not check_source(script)
