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

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._loop_parts import condition_of
from callsheet.language.rules._loops import Loop, loops_of
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node

_NULLISH = frozenset({"null", "undefined"})
_COMPARISONS = frozenset({"===", "!==", "==", "!="})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
_SHOWN = frozenset({"template_substitution", "pair", "arguments", "array", "return_statement"})


def check(context: Context) -> Iterator[Problem]:
    """Loops whose only bound is what remains of the budget."""
    tree = light_tree(context.parsed)
    if any(_asks_for_total(use) for use in tree.globals.get("budget", ())):
        return
    for loop in loops_of(tree):
        if loop.end != "budget" or any(_is_bound(guard) for guard in loop.guards):
            continue
        guard = next((guard for guard in loop.guards if _mentions_budget(guard)), None)
        if guard is None:
            continue
        message = (
            "Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`."
        )
        yield context.problem(guard.span, message, fixes=_fixes(loop, guard))


def _fixes(loop: Loop, guard: Node) -> tuple[Fix, ...]:
    if guard is not condition_of(loop.node) or guard.type != "binary_expression" or guard.name == "||":
        return ()
    edit = Edit(Span(guard.start, guard.start), "budget.total !== null && ")
    return (Fix("Ask for a budget first", (edit,), preferred=True),)


def _asks_for_total(use: Node) -> bool:
    """Whether the script looks at the total, here or through a pattern or a whole `budget` that is handed on.

    A total that is only shown, or calculated with, is not asked for: without a budget it is null, and counts as 0.
    """
    member = use.parent
    if member is None or member.type != "member_expression":
        return member is None or not _takes_remaining_alone(member)
    if member.children[-1].name != "total":
        return False
    parent = member.parent
    if parent is None or parent.type in _SHOWN:
        return False
    return not (parent.type == "binary_expression" and parent.name in _ARITHMETIC)


def _takes_remaining_alone(declarator: Node) -> bool:
    """Whether it is `const { remaining } = budget`, without the total."""
    pattern = declarator.children[0] if declarator.type == "variable_declarator" else None
    if pattern is None or pattern.type != "object_pattern":
        return False
    return all((child.children or [child])[0].name in {"remaining", "spent"} for child in pattern.children)


def _mentions_budget(guard: Node) -> bool:
    """Whether a condition asks for the budget, also through a helper or a name for one of its functions."""
    return any(
        (part.name == "budget" and part.binding is None)
        or (part.binding is not None and any(_is_of_budget(name) for name in part.binding.declarations))
        for part in guard.walk()
        if part.type == "identifier"
    )


def _is_of_budget(declaration: Node) -> bool:
    owner = declaration
    while owner.parent is not None and not owner.type.endswith(("declarator", "declaration")):
        owner = owner.parent
    return any(part.name == "budget" and part.binding is None for part in owner.walk())


def _is_bound(guard: Node) -> bool:
    """Whether a condition has a part that bounds the loop: more than the budget, or an agent that failed."""
    if guard.type in {"parenthesized_expression", "expression_statement"} and guard.children:
        return _is_bound(guard.children[0])
    if guard.type == "binary_expression" and guard.name in {"&&", "||"}:
        return any(_is_bound(child) for child in guard.children)
    if guard.type == "unary_expression" and guard.name == "!" and guard.children:
        return guard.children[0].type == "call_expression" and _is_bound(guard.children[0])
    if guard.type == "binary_expression" and guard.name in _COMPARISONS:
        return not any(child.type in _NULLISH for child in guard.children)
    if guard.type in {"identifier", "member_expression", "catch_clause"}:
        return False
    return not _mentions_budget(guard)


RULE = Rule(
    code="budget-loop",
    severity=Severity.WARNING,
    summary="A loop is bounded by a budget that may not be set",
    group="Cost",
    check=check,
)
