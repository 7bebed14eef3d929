"""# A backtick inside a prompt ends it

Prompts are template literals, and prompts like to quote code in backticks. The first backtick inside ends the
template; what follows is read as code. The parser notices much later, so its own message would point far away.

```js
await agent(`Replace every `Date.now()` by args.now.`)
```

Escape the inner backticks, or quote the code in another way:

```js
await agent(`Replace every \\`Date.now()\\` by args.now.`)
await agent(`Replace every "Date.now()" by args.now.`)
```

Two templates that touch, as in `` `a``b` ``, are valid JavaScript, a tagged template, and throw when they run; so is
`` `Edit the `.env` file` ``, and `` `Put it into `/tmp/x` now` `` divides. They are reported as well. About the text
that is read as code nothing else is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Backticks that end a template in the middle of its text."""
    for fault in context.workflow.faults:
        if fault.kind == "backtick":
            yield context.problem(fault.span, fault.message, fixes=fault.fixes, related=fault.related)


RULE = Rule(
    code="unescaped-backtick",
    severity=Severity.ERROR,
    summary="A backtick inside a prompt ends it too early",
    group="Structure",
    check=check,
)
