"""# `budget` is an object

`budget.total` is a number or `null`; `budget.spent()` and `budget.remaining()` are functions. `budget` itself is none.

```js
while (budget() > 1000) await round()
if (budget.remaining > 1000) await round()
log(`${budget.left()} of ${budget.total()}`)
```

```js
while (budget.total !== null && budget.remaining() > 1000) await round()
log(`${budget.remaining()} of ${budget.total}`)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.suggest import did_you_mean, listed
from callsheet.language.tables.globals import GLOBALS_BY_NAME

_MEMBERS = {member.name: member for member in GLOBALS_BY_NAME["budget"].members}
_METHODS = frozenset(name for name, member in _MEMBERS.items() if "=>" in member.type)
_READERS = frozenset({"binary_expression", "template_substitution", "unary_expression", "ternary_expression"})


def check(context: Context) -> Iterator[Problem]:
    """Calls of `budget`, unknown members, methods that are not called."""
    for use in sorted(light_tree(context.parsed).globals.get("budget", ()), key=lambda node: node.start):
        parent = use.parent
        if parent is None or _is_broken(use):
            continue
        if parent.type == "call_expression" and parent.children[0] is use:
            end = parent.span.end
            edit = Edit(Span(use.end, end), ".remaining()")
            message = "`budget` is an object, not a function: it has `remaining()`, `spent()` and `total`."
            yield context.problem(use.span, message, fixes=(Fix("Use `budget.remaining()`", (edit,)),))
        elif parent.type == "member_expression" and parent.children[0] is use:
            problem = _member(context, parent)
            if problem is not None:
                yield problem


def _member(context: Context, access: Node) -> Problem | None:
    name_node, outer = access.children[-1], access.parent
    name = name_node.name or ""
    if name not in _MEMBERS:
        there = f" There are {listed(_MEMBERS, 'and')}."
        return context.problem(
            name_node.span, f"`budget` has no `{name}`.{did_you_mean(name, _MEMBERS) or there}"
        )
    is_called = outer is not None and outer.type == "call_expression" and outer.children[0] is access
    if name not in _METHODS:
        if is_called and outer is not None:
            edit = Edit(Span(access.end, outer.end), "")
            fix = Fix("Remove the call", (edit,), preferred=True)
            return context.problem(
                name_node.span, f"`budget.{name}` is a value, not a function.", fixes=(fix,)
            )
        return None
    if not is_called and outer is not None and outer.type in _READERS and outer.name != "typeof":
        edit = Edit(Span(access.end, access.end), "()")
        fix = Fix("Call it", (edit,), preferred=True)
        return context.problem(name_node.span, f"`budget.{name}` is a function: call it.", fixes=(fix,))
    return None


def _is_broken(node: Node) -> bool:
    return any(ancestor.type == "ERROR" for ancestor in node.ancestors())


RULE = Rule(
    code="budget-misused",
    severity=Severity.ERROR,
    summary="`budget` is called, or has not what is used of it",
    group="Calls",
    check=check,
)
