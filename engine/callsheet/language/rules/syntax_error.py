"""# The script cannot be read

Something is missing or stands where it cannot. The problem is shown at its cause as far as that can be told: at the
bracket that is never closed, at the quote that ends a string too early.

```js
const reviews = await parallel(files.map((file) => () =>
  agent(`Review ${file}`, { label: file })
)                                        // the bracket of `parallel(` is not closed
```

`await` in a function that is not `async`, and a name that one block declares twice, are told here as well.

The check is tolerant, so that it can help while code is half-typed. Before a run the JavaScript engine itself has the
last word.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Syntax errors that no more telling rule explains."""
    for fault in context.workflow.faults:
        if fault.kind == "syntax":
            yield context.problem(fault.span, fault.message, fixes=fault.fixes, related=fault.related)


RULE = Rule(
    code="syntax-error",
    severity=Severity.ERROR,
    summary="The script is not valid JavaScript",
    group="Structure",
    check=check,
)
