"""# A budget loop without a budget

Without a budget `budget.remaining()` is `Infinity`: a loop that waits for it to shrink goes on until the cap of agents
stops the run.

```js
while (budget.remaining() > 20_000) {
  found.push(...(await search()))
}
```

Ask whether there is one, or bound the rounds as well:

```js
while (budget.total !== null && budget.remaining() > 20_000) {
  found.push(...(await search()))
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._loops import condition_of, exits_of, text_of
from callsheet.language.scopes import nodes
from callsheet.language.scopes.lower import light_tree

_LOOPS = frozenset({"while_statement", "do_statement", "for_statement"})
_NULL_CHECK = re.compile(r"^!\s*[\w.?]+$|(?:===?|!==?)\s*(?:null|undefined)\b|^[\w.?]+$")
_REMAINING = re.compile(r"budget\s*\.\s*remaining\s*\(\s*\)")


def check(context: Context) -> Iterator[Problem]:
    """Loops whose only bound is what remains of the budget."""
    unresolved = light_tree(context.parsed).globals
    if any(_is_total(use) for use in unresolved.get("budget", ())):
        return
    seen: set[int] = set()
    for use in unresolved.get("budget", ()):
        loop = _loop_of(context, use)
        if loop is None or loop.id in seen:
            continue
        seen.add(loop.id)
        condition = condition_of(loop)
        if (
            condition is None
            or not _is_only_bound(condition)
            or any(_is_bound(exit) for exit in exits_of(loop))
        ):
            continue
        edits = (Edit(Span(condition.start_byte, condition.start_byte), "budget.total !== null && "),)
        fixes = (
            (Fix("Ask for a budget first", edits, preferred=True),)
            if condition.type == "binary_expression"
            else ()
        )
        message = (
            "Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`."
        )
        yield context.problem(condition, message, fixes=fixes)


def _is_total(use: nodes.Node) -> bool:
    """Whether the script looks at the total, here or through a pattern or a whole `budget` that is handed on."""
    parent = use.parent
    if parent is None or parent.type != "member_expression":
        return True
    return parent.children[-1].name == "total"


def _loop_of(context: Context, use: nodes.Node) -> Node | None:
    node: nodes.Node | None = use
    while node is not None and node.parent is not None and node.parent.type not in _LOOPS:
        node = node.parent
        if node.type in {"statement_block", *nodes.FUNCTIONS}:
            return None
    loop = node.parent if node is not None else None
    if loop is None:
        return None
    found = context.parsed.root.descendant_for_byte_range(loop.start, loop.end)
    while found is not None and found.type not in _LOOPS:
        found = found.parent
    return found


def _is_only_bound(condition: Node) -> bool:
    """Whether `remaining()` is compared and nothing else in the condition bounds the loop."""
    if condition.type == "binary_expression":
        operator = condition.child_by_field_name("operator")
        left, right = condition.child_by_field_name("left"), condition.child_by_field_name("right")
        if operator is not None and operator.type == "&&" and left is not None and right is not None:
            sides = (left, right)
            other = [side for side in sides if not _REMAINING.search(text_of(side))]
            return len(other) == 1 and _NULL_CHECK.search(text_of(other[0])) is not None
        return _REMAINING.search(text_of(condition)) is not None
    return False


def _is_bound(exit_: Node) -> bool:
    """Whether what leads to an exit is more than an agent that failed."""
    node = exit_.parent
    while node is not None and node.type not in _LOOPS:
        if node.type == "if_statement":
            condition = node.child_by_field_name("condition")
            text = text_of(condition).strip("()")
            return not _NULL_CHECK.search(text)
        node = node.parent
    return True


RULE = Rule(
    code="budget-loop",
    severity=Severity.WARNING,
    summary="A loop is bounded by a budget that may not be set",
    group="Cost",
    check=check,
)
