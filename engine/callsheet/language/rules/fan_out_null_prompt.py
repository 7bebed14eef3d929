"""# The nulls of a fan-out go into a prompt

In the results of `parallel()` and `pipeline()` the slot of an agent that failed is `null`. Put into a prompt as they
are, the next agent reads `null` where it expects a result.

```js
const reviews = await parallel(files.map((file) => () => agent(`Review ${file}.`)))
await agent(`Sum up: ${JSON.stringify(reviews)}`)
```

```js
const reviews = (await parallel(files.map((file) => () => agent(`Review ${file}.`)))).filter(Boolean)
await agent(`Sum up ${reviews.length} of ${files.length} reviews: ${JSON.stringify(reviews)}`)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import distinct, shown, tree_of, why_null
from callsheet.language.scopes.nodes import Node
from callsheet.language.types.holes import prompt_holes


def check(context: Context) -> Iterator[Problem]:
    """Lists with nulls in them that become part of a prompt."""
    for hole in distinct(prompt_holes(tree_of(context))):
        name = shown(hole.place)
        if hole.in_list and hole.is_joined:
            message = f"`{name}` holds null for every agent that failed, which leaves a gap in the prompt."
        elif hole.in_list:
            message = f"`{name}` holds null for every agent that failed, and the prompt would say so."
        elif hole.one_by_one:
            message = f"`{name}` is null where an agent of the fan-out failed, and the prompt would say so."
        else:
            continue
        yield context.problem(
            hole.place.span,
            f"{message} Drop the nulls first: `.filter(Boolean)`.",
            fixes=_fixes(hole.place) if hole.in_list else (),
            related=why_null(hole.null),
        )


def _fixes(place: Node) -> tuple[Fix, ...]:
    if place.type not in {"identifier", "member_expression", "call_expression"}:
        return ()
    edit = Edit(Span(place.end, place.end), ".filter(Boolean)")
    return (Fix("Drop the nulls with `.filter(Boolean)`", (edit,), preferred=True),)


RULE = Rule(
    code="fan-out-null-prompt",
    severity=Severity.WARNING,
    summary="The nulls of a fan-out go into a prompt",
    group="Values",
    check=check,
)
