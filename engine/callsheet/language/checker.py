"""Runs the rules over a script."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import cast

from attrs import evolve

from callsheet.language.ignores import apply_ignores, find_ignores
from callsheet.language.model import build_model
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules import all_rules
from callsheet.language.statements import check_statements
from callsheet.language.syntax import Parsed
from callsheet.language.workspace import Workspace
from callsheet.settings.model import Settings

log = logging.getLogger(__name__)

_SYNTAX_RULES = frozenset({"syntax-error", "typescript-syntax", "unescaped-backtick"})

TOO_LARGE = "script-too-large"
"""The one rule that has something to say of such a script."""

LEVELS = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "information": Severity.INFORMATION,
    "hint": Severity.HINT,
    "off": None,
}
"""Levels of the settings; `off` silences a rule."""


def check(
    parsed: Parsed,
    settings: Settings | None = None,
    workspace: Workspace | None = None,
    *,
    path: Path | None = None,
    only_workspace_rules: bool = False,
) -> list[Problem]:
    """Problems of a script, in the order of their places.

    Args:
        parsed: the script.
        settings: levels of the rules, hosts, limits; defaults where None.
        workspace: the other files; without one, rules that look at them are left out.
        path: the script's own file, where it has one.
        only_workspace_rules: leave out the rules that need no workspace, for a second look after a pause in typing.
    """
    steps = check_steps(parsed, settings, workspace, path=path, only_workspace_rules=only_workspace_rules)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("list[Problem]", end.value)


def check_steps(
    parsed: Parsed,
    settings: Settings | None = None,
    workspace: Workspace | None = None,
    *,
    path: Path | None = None,
    only_workspace_rules: bool = False,
) -> Generator[None, None, list[Problem]]:
    """The same as `check`, giving way after each statement and rule; for callers with an event loop. See there."""
    settings = settings or Settings()
    ignores = find_ignores(parsed)
    workflow = build_model(parsed)
    contexts = [
        Context(rule, workflow, severity, settings, workspace, path)
        for rule, severity in _rules_in_force(parsed, settings)
        if (workspace is not None if rule.needs_workspace else not only_workspace_rules)
    ]
    problems: list[Problem] = []
    by_call = [context for context in contexts if context.rule.calls]
    problems.extend((yield from check_statements(workflow, by_call, _findings)))
    for context in contexts:
        if not (context.rule.calls or context.rule.after_ignores):
            problems.extend(_findings(context))
            yield
    problems = _without_misread(parsed, problems)
    if ignores:
        problems = apply_ignores(parsed, problems, ignores)
        ran = {context.rule.code for context in contexts}
        for ignore in ignores:
            ignore.checked = ignore.code in ran
        for context in contexts:
            if context.rule.after_ignores:
                problems.extend(_findings(evolve(context, ignores=tuple(ignores))))
    problems.sort(key=lambda problem: (problem.span.start, problem.severity, problem.code))
    return problems


def _without_misread(parsed: Parsed, problems: list[Problem]) -> list[Problem]:
    """Leaves out what rules say about text that a misplaced quote makes look like code."""
    misread = [fault.misread for fault in build_model(parsed).faults if fault.misread is not None]
    if not misread:
        return problems
    return [
        problem
        for problem in problems
        if problem.code in _SYNTAX_RULES
        or not any(span.start <= problem.span.start < span.end for span in misread)
    ]


def _findings(context: Context) -> list[Problem]:
    """What one rule finds; a rule that fails must not silence the others while somebody types."""
    try:
        return list(context.rule.check(context))
    except Exception:
        log.exception("The rule %s failed; it is left out", context.rule.code)
        return []


def _rules_in_force(parsed: Parsed, settings: Settings) -> Iterator[tuple[Rule, Severity]]:
    broken = parsed.root.has_error
    for rule in all_rules().values():
        if parsed.is_too_large and rule.code != TOO_LARGE:
            continue
        if not (broken and rule.needs_sound_tree) and (severity := level_of(rule, settings)) is not None:
            yield rule, severity


def level_of(rule: Rule, settings: Settings) -> Severity | None:
    """Level of a rule under these settings; None where it is off."""
    name = settings.rules.get(rule.code)
    if name is not None and name in LEVELS:
        return LEVELS[name]
    if rule.off_by_default or (rule.needs_hosts and not settings.hosts):
        return None
    return rule.severity
