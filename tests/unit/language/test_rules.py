"""Every rule against its marked-up scripts in tests/data/rules; UPDATE_GOLDEN=1 rewrites the marks."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from callsheet.language.rule import Rule
from callsheet.language.rules import all_rules, rule_modules

from tests.support.rule_cases import DATA, Case, apply_fix, found, marked_up, read_cases

FILES = sorted(DATA.glob("*.workflow.js"))
CASES = [
    pytest.param(case, id=f"{path.name.removesuffix('.workflow.js')}-{case.name}")
    for path in FILES
    for case in read_cases(path.read_text(encoding="utf-8"))
]
RULES = [pytest.param(rule, id=rule.code) for rule in all_rules().values()]


def cases_of(rule: Rule) -> list[Case]:
    cases = []
    for path in FILES:
        if path.name.split(".")[0] == rule.code:
            cases.extend(read_cases(path.read_text(encoding="utf-8")))
    return cases


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in FILES])
@pytest.mark.skipif("UPDATE_GOLDEN" not in os.environ, reason="only on request")
def test_update_marks(path: Path, tmp_path: Path) -> None:
    path.write_text(marked_up(path.read_text(encoding="utf-8"), tmp_path), encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_finds_what_is_marked_and_nothing_else(case: Case, tmp_path: Path) -> None:
    actual = found(case.problems(tmp_path), case.text)
    expected = sorted((mark.line, mark.first, mark.last, mark.code) for mark in case.expected)
    lines = case.text.splitlines()
    assert [problem[:4] for problem in actual] == expected, "\n".join(
        f"{lines[line] if line < len(lines) else ''}\n{' ' * first}{'^' * (last - first)} {code}: {message}"
        for line, first, last, code, message in actual
    )
    for mark in case.expected:
        place = (mark.line, mark.first, mark.last, mark.code)
        messages = [problem[4] for problem in actual if problem[:4] == place]
        assert any(mark.part in message for message in messages), (mark, messages)


@pytest.mark.parametrize("case", CASES)
def test_each_fix_removes_its_problem_and_breaks_nothing(case: Case, tmp_path: Path) -> None:
    problems = case.problems(tmp_path)
    broken = sum(problem.code == "syntax-error" for problem in problems)
    for problem in problems:
        for fix in problem.fixes:
            mended = case.problems_of(apply_fix(case.text, fix), tmp_path)
            count = sum(other.code == problem.code for other in mended)
            assert count < sum(other.code == problem.code for other in problems), fix
            assert sum(other.code == "syntax-error" for other in mended) <= broken, fix


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_shown_to_find_to_leave_alone_and_to_be_ignored(rule: Rule) -> None:
    cases = cases_of(rule)
    marks = [mark for case in cases for mark in case.expected if mark.code == rule.code]
    assert len(marks) >= 2, "at least two problems that it finds"
    texts = [case.text for case in cases]
    assert sum(text.count("// ok") for text in texts) >= 2, "at least two look-alikes that it leaves alone"
    if not rule.after_ignores:
        ignored = re.compile(rf"callsheet-ignore [\w, -]*\b{rule.code}\b")
        assert any(ignored.search(text) for text in texts), "one that is ignored"


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_described(rule: Rule) -> None:
    module = next(module for module in rule_modules() if rule.code == module.RULE.code)
    assert module.__name__.rpartition(".")[2] == rule.code.replace("-", "_")
    assert module.__doc__ is not None
    assert module.__doc__.startswith("# ")
    assert "```js" in module.__doc__
    assert rule.summary
    assert not rule.summary.endswith(".")
