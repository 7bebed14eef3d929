"""The pages of the rules and their index."""

from __future__ import annotations

import inspect

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules import all_rules

from scripts.generate.markdown import NOTE, cell

GROUPS = (
    "Structure",
    "Determinism",
    "Calls",
    "Schemas",
    "Values",
    "Phases",
    "Cost",
    "Order",
    "Composition",
    "Portability",
    "Ignores",
)


def rule_page(rule: Rule, doc: str | None) -> str:
    """The page of one rule."""
    title, _, body = inspect.cleandoc(doc or "").partition("\n")
    level = "off, until a setting gives it a level" if rule.off_by_default else severity_name(rule)
    if rule.needs_hosts:
        level += ", where the setting `hosts` names any"
    text = (
        f"{NOTE}\n{title}\n\n"
        f"| rule | level | group |\n|---|---|---|\n| `{rule.code}` | {level} | {rule.group} |\n"
        f"{body.rstrip()}\n\n---\n\n"
        f'Change its level in `callsheet.toml`: `rules.{rule.code} = "off"`'
    )
    how = "" if rule.after_ignores else f", or ignore one finding:\n`// callsheet-ignore {rule.code}: why`"
    return f"{text}{how}.\n\n[All rules](README.md)\n"


def rule_index() -> str:
    """The list of all rules by group."""
    rules = list(all_rules().values())
    lines = [
        NOTE,
        "# Rules",
        "",
        f'{len(rules)} rules. The level of each can be set in `callsheet.toml` (`rules.<rule> = "error" '
        f'| "warning" | '
        '"information" | "hint" | "off"`), and one finding can be ignored by a comment on its line or above it: '
        "`// callsheet-ignore <rule>: why`.",
    ]
    for group in sorted({rule.group for rule in rules}, key=group_order):
        lines += ["", f"## {group}", "", "| rule | level | finds |", "|---|---|---|"]
        for rule in sorted((rule for rule in rules if rule.group == group), key=lambda rule: rule.code):
            level = "off" if rule.off_by_default else severity_name(rule)
            lines.append(f"| [{rule.code}]({rule.code}.md) | {level} | {cell(rule.summary)} |")
    return "\n".join(lines) + "\n"


def group_order(group: str) -> tuple[int, str]:
    """Where a group stands in the index."""
    return (GROUPS.index(group) if group in GROUPS else len(GROUPS), group)


def severity_name(rule: Rule) -> str:
    """The level of a rule as the settings write it."""
    return {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.INFORMATION: "information",
        Severity.HINT: "hint",
    }[rule.severity]
