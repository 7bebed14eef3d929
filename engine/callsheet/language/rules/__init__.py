"""The rules, one file each.

A module here is found by being here. It has a `RULE` whose code is the module's name with dashes, and a docstring in
Markdown that becomes the rule's page in `docs/rules/`: first line a title, then why it matters, a wrong and a right
script. Its marked-up test scripts are `tests/data/rules/<code>*.workflow.js`. Modules whose names begin with `_` are
shared helpers.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callsheet.language.rule import Rule


@cache
def rule_modules() -> tuple[ModuleType, ...]:
    """The module of every rule, by name."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    )
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its code."""
    rules: dict[str, Rule] = {}
    for module in rule_modules():
        rule: Rule = module.RULE
        rules[rule.code] = rule
    return rules
