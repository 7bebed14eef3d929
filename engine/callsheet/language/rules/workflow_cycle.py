"""# Workflows that call each other

A workflow that calls itself, or one that calls it back, cannot end well: the second level throws `NESTING_LIMIT`.

```js
export const meta = { name: 'audit', description: 'Audits.' }
await workflow('audit', { folder: args.folder })
```

Use a function and a loop within one script.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nested import called_workflows, calls_of, is_own


def check(context: Context) -> Iterator[Problem]:
    """Calls that lead back to this script."""
    for called in called_workflows(context):
        if is_own(context, called):
            yield context.problem(called.node, f"`{called.shown}` is this workflow itself.")
        elif called.found is not None:
            back, _ = calls_of(context, called.found)
            if back:
                message = f"`{called.shown}` calls this workflow, `{back[0]}`, back: a cycle."
                yield context.problem(called.node, message)


RULE = Rule(
    code="workflow-cycle",
    severity=Severity.WARNING,
    summary="Workflows call each other in a circle",
    group="Composition",
    check=check,
    needs_workspace=True,
)
