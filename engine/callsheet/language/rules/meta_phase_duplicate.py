"""# Two phases with one title

Phases are told apart by their titles: no two in `meta.phases` are alike.

```js
export const meta = { name: 'audit', description: 'Audits.', phases: [{ title: 'Scan' }, { title: 'Scan' }] }
```

Give each its own title, or remove one.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.meta import Phase
from callsheet.language.problem import Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Phases whose title another one before them has."""
    seen: dict[str, Phase] = {}
    for phase in context.workflow.phases:
        first = seen.setdefault(phase.title, phase)
        if first is not phase:
            span = Span(first.title_node.start_byte, first.title_node.end_byte)
            yield context.problem(
                phase.title_node,
                f"There is another phase `{phase.title}`: titles must differ.",
                related=(Related(span, "The first one."),),
            )


RULE = Rule(
    code="meta-phase-duplicate",
    severity=Severity.ERROR,
    summary="Two phases have the same title",
    group="Structure",
    check=check,
)
