"""# Failed agents are counted as successes

The results of `parallel()` and `pipeline()` have a slot for every item, `null` where the agent failed. Their `length`
is the number of agents that were asked, not of those that answered.

```js
const reviews = await parallel(files.map((file) => () => agent(`Review ${file}.`)))
log(`${reviews.length} files reviewed`)
```

```js
const reviews = (await parallel(files.map((file) => () => agent(`Review ${file}.`)))).filter(Boolean)
log(`${reviews.length} of ${files.length} files reviewed`)
```

Nothing is reported where the script looks for the nulls anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import shown, tree_of, why_null
from callsheet.language.types.holes import count_holes


def check(context: Context) -> Iterator[Problem]:
    """Lengths of results with nulls that are logged, returned or written into a text."""
    for hole in count_holes(tree_of(context)):
        end = Span(hole.place.end, hole.place.end)
        fix = Fix(
            "Count the results that came: `.filter(Boolean)`",
            (Edit(end, ".filter(Boolean)"),),
            preferred=True,
        )
        message = f"`{shown(hole.place)}.length` counts the agents that failed as well: their slots are null."
        yield context.problem(hole.place.span, message, fixes=(fix,), related=why_null(hole.null))


RULE = Rule(
    code="fan-out-null-count",
    severity=Severity.WARNING,
    summary="Failed agents of a fan-out are counted as successes",
    group="Values",
    check=check,
)
