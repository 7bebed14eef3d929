"""# A result that may be null goes into a prompt

When an agent fails, its result is `null`, and a prompt that holds it says "null" to the next agent.

```js
const notes = await agent('Read the design notes.')
await agent(`Write a plan from these notes: ${notes}`)
```

Where the second agent makes no sense without the first, stop; else say what to do without it:

```js
const notes = await agent('Read the design notes.')
await agent(`Write a plan from these notes: ${notes ?? 'there are none'}`)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import distinct, shown, tree_of, why_null
from callsheet.language.types.holes import prompt_holes


def check(context: Context) -> Iterator[Problem]:
    """Single results that become part of a prompt without a check."""
    for hole in distinct(prompt_holes(tree_of(context))):
        if not hole.in_list and not hole.one_by_one and not hole.is_whole:
            so = "the prompt lacks it" if hole.is_joined else "the prompt says so"
            message = f"When its agent fails, `{shown(hole.place)}` is null, and {so}. Check it first."
            yield context.problem(hole.place.span, message, related=why_null(hole.null))


RULE = Rule(
    code="result-null-prompt",
    severity=Severity.INFORMATION,
    summary="A result that may be null goes into a prompt",
    group="Values",
    check=check,
)
