"""Runs the rules over a script."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.ignores import apply_ignores, find_ignores
from callsheet.language.model import build_model
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules import all_rules
from callsheet.language.syntax import Parsed
from callsheet.language.workspace import Workspace
from callsheet.settings.model import Settings

LEVELS = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "information": Severity.INFORMATION,
    "hint": Severity.HINT,
    "off": None,
}
"""Levels of the settings; `off` silences a rule."""


def check(
    parsed: Parsed, settings: Settings | None = None, workspace: Workspace | None = None
) -> list[Problem]:
    """Problems of a script, in the order of their places.

    Args:
        parsed: the script.
        settings: levels of the rules, hosts, limits; defaults where None.
        workspace: the other files; without one, rules that look at them are left out.
    """
    settings = settings or Settings()
    workflow = build_model(parsed)
    ignores = find_ignores(parsed)
    problems: list[Problem] = []
    ran: set[str] = set()
    for rule, severity in _rules_in_force(parsed, settings, workspace, after_ignores=False):
        ran.add(rule.code)
        problems.extend(rule.check(Context(rule, workflow, severity, settings, workspace)))
    if ignores:
        problems = apply_ignores(parsed, problems, ignores)
        for ignore in ignores:
            ignore.checked = ignore.code in ran
        for rule, severity in _rules_in_force(parsed, settings, workspace, after_ignores=True):
            context = Context(rule, workflow, severity, settings, workspace, tuple(ignores))
            problems.extend(rule.check(context))
    problems.sort(key=lambda problem: (problem.span.start, problem.severity, problem.code))
    return problems


def _rules_in_force(
    parsed: Parsed, settings: Settings, workspace: Workspace | None, *, after_ignores: bool
) -> Iterator[tuple[Rule, Severity]]:
    broken = parsed.root.has_error
    for rule in all_rules().values():
        if rule.after_ignores is not after_ignores or (rule.needs_workspace and workspace is None):
            continue
        if broken and rule.needs_sound_tree:
            continue
        severity = level_of(rule, settings)
        if severity is not None:
            yield rule, severity


def level_of(rule: Rule, settings: Settings) -> Severity | None:
    """Level of a rule under these settings; None where it is off."""
    name = settings.rules.get(rule.code)
    if name is not None and name in LEVELS:
        return LEVELS[name]
    if rule.off_by_default or (rule.needs_hosts and not settings.hosts):
        return None
    return rule.severity
