"""Correct scripts in many styles: no rule may report an error or a warning there."""

from pathlib import Path

import pytest
from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Severity
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.settings.model import Settings

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
SCRIPTS = sorted(CORPUS.glob("*.workflow.js"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name.split(".")[0]) for path in SCRIPTS])
def test_a_correct_script_is_left_alone(path, tmp_path):
    source = Source(path.read_bytes().decode())
    problems = check(parse(source), Settings(), FileWorkspace(CORPUS, tmp_path), path=path)
    shown = [
        f"{source.position(problem.span.start)[0] + 1}: {problem.code}: {problem.message}"
        for problem in problems
        if problem.severity <= Severity.WARNING
    ]
    assert shown == []


def test_the_corpus_is_large_and_long_enough():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS]
    assert len(lengths) >= 30
    assert min(lengths) >= 50
    assert max(lengths) >= 200
