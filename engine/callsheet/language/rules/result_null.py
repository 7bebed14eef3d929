"""# A result that may be null is used without a check

`agent()` gives `null` when its agent times out, fails for good, answers nothing or is skipped by a person. In the
results of `parallel()` and `pipeline()` such a slot is `null` as well. Code that takes a property of it, or takes it
apart, then throws, and the run fails.

```js
const review = await agent('Review the change.', { schema: REVIEW })
log(`${review.issues.length} issues`)
```

Check it, or say what to do without it:

```js
const review = await agent('Review the change.', { schema: REVIEW })
if (!review) return { issues: [] }
log(`${review.issues.length} issues`)
```

For the results of a fan-out, drop the nulls first: `results.filter(Boolean).map((result) => result.issues)`. The length
of the results says nothing about them. A prompt that is such a result as a whole is a call without a prompt, which is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import (
    distinct,
    filtered_receiver,
    optional_link,
    shown,
    tree_of,
    why_null,
)
from callsheet.language.types.holes import prompt_holes
from callsheet.language.types.nulls import NullUse, null_uses


def check(context: Context) -> Iterator[Problem]:
    """Accesses, patterns, loops and spreads of values that nothing checked, and prompts that are such values."""
    for use in null_uses(tree_of(context)):
        if not use.in_stage:
            fixes = optional_link(use) if not use.one_by_one else filtered_receiver(use) or optional_link(use)
            yield context.problem(use.place.span, _message(use), fixes=fixes, related=why_null(use.null))
    for hole in distinct(prompt_holes(tree_of(context))):
        if hole.is_whole:
            message = (
                f"`{shown(hole.place)}` is null when its agent fails, and a call without a prompt is refused. "
                "Check it first."
            )
            yield context.problem(hole.place.span, message, related=why_null(hole.null))


_ADVICE = {
    "access": "Check it first, or write `{name}?.`.",
    "pattern": "Check it first, or write `?? {{}}` behind it.",
    "loop": "Check it first, or write `?? []` behind it.",
    "spread": "Check it first, or write `?? []` behind it.",
    "argument": "Check it first, or write `?? {{}}` behind it.",
}


def _message(use: NullUse) -> str:
    name = shown(use.place)
    subject = "What is taken apart here" if use.place.type.endswith("_pattern") else f"`{name}`"
    if use.one_by_one:
        return f"{subject} is null where an agent of the fan-out failed. Drop the nulls first: `.filter(Boolean)`."
    return f"{subject} is null when its agent fails. {_ADVICE[use.how].format(name=name)}"


RULE = Rule(
    code="result-null",
    severity=Severity.WARNING,
    summary="A result that may be null is used without a check",
    group="Values",
    check=check,
)
