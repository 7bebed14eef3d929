"""# A phase that is not declared

A title that `meta.phases` does not have makes a group of its own in every view, without detail and model. Where the
script declares its phases, another title is mostly a slip.

```js
export const meta = { name: 'audit', description: 'Audits.', phases: [{ title: 'Scan' }, { title: 'Report' }] }
phase('Scann')
```

Use a declared title, or declare the phase. A script that declares no phases may use any.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._phases import declare, title_uses
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.suggest import nearest


def check(context: Context) -> Iterator[Problem]:
    """Titles that are used and not declared, where any are."""
    workflow = context.workflow
    titles = [phase.title for phase in workflow.phases]
    if (
        not titles
        or workflow.meta is None
        or workflow.meta.literal is None
        or not workflow.meta.literal.is_pure
    ):
        return
    seen: set[tuple[Node, str]] = set()
    for use in title_uses(light_tree(context.parsed)):
        node, title = use.node, use.title
        if title is None or title in titles or not title.strip() or (node, title) in seen:
            continue
        seen.add((node, title))
        near = nearest(title, titles)
        fixes: list[Fix] = []
        if near is not None and node.type in {"string", "template_string"}:
            quote = node.text[0]
            fixes.append(
                Fix(f"Change to `{near}`", (Edit(node.span, f"{quote}{near}{quote}"),), preferred=True)
            )
        added = declare(workflow, title)
        if added is not None:
            fixes.append(added)
        hint = f" Did you mean `{near}`?" if near is not None else ""
        yield context.problem(
            node.span, f"`meta.phases` does not declare `{title}`.{hint}", fixes=tuple(fixes)
        )


RULE = Rule(
    code="phase-undeclared",
    severity=Severity.WARNING,
    summary="A phase is used and not declared",
    group="Phases",
    check=check,
)
