"""# A stage uses what the one before gave without a check

What a stage of `pipeline()` returns goes on to the next stage, also when it is `null` because its agent failed. A
stage that takes a property of it then throws, and the item is lost without its reason.

```js
await pipeline(
  files,
  (file) => agent(`Review ${file}.`, { schema: REVIEW }),
  (review) => agent(`Mend: ${review.issues.join('; ')}`),
)
```

Let the null through, or decide what to do without the result:

```js
await pipeline(
  files,
  (file) => agent(`Review ${file}.`, { schema: REVIEW }),
  (review) => review && agent(`Mend: ${review.issues.join('; ')}`),
)
```

The same holds for a `null` that a stage returns itself. A stage that throws is another thing: its item goes no further.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import let_through, optional_link, shown, tree_of, why_null
from callsheet.language.types.nulls import null_uses


def check(context: Context) -> Iterator[Problem]:
    """Uses of a stage's first parameter that nothing checked."""
    for use in null_uses(tree_of(context)):
        if use.in_stage:
            subject = (
                "What is taken apart here" if use.place.type.endswith("_pattern") else f"`{shown(use.place)}`"
            )
            is_written = use.null.call.type == "null"
            why = "the stage before gives null" if is_written else "the agent of the stage before failed"
            message = f"{subject} is null when {why}: null flows on to the next stage. Check it first."
            yield context.problem(
                use.place.span,
                message,
                fixes=let_through(use) or optional_link(use),
                related=why_null(use.null),
            )


RULE = Rule(
    code="stage-null",
    severity=Severity.WARNING,
    summary="A stage uses the previous result without a check for null",
    group="Values",
    check=check,
)
