"""# `meta` is changed

`meta` is visible in the script, frozen at every depth. Changing it throws a `TypeError` when the script runs.

```js
meta.description = `Audits ${args.folder}`
```

Keep what changes in a variable of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node

_ACCESS = frozenset({"member_expression", "subscript_expression"})


def check(context: Context) -> Iterator[Problem]:
    """Assignments to `meta` or to a part of it."""
    meta = context.workflow.meta
    binding = light_tree(context.parsed).module.bindings.get("meta")
    if meta is None or binding is None:
        return
    for reference in binding.references:
        target: Node = reference
        while (
            (parent := target.parent) is not None and parent.type in _ACCESS and parent.children[0] is target
        ):
            target = parent
        if parent is not None and _changes(parent, target):
            yield context.problem(target.span, "`meta` is frozen: this throws when the script runs.")


def _changes(parent: Node, target: Node) -> bool:
    if parent.type in {"assignment_expression", "augmented_assignment_expression"}:
        return parent.children[0] is target
    return parent.type == "update_expression" or (
        parent.type == "unary_expression" and parent.name == "delete"
    )


RULE = Rule(
    code="meta-frozen",
    severity=Severity.ERROR,
    summary="The script changes `meta`",
    group="Structure",
    check=check,
)
