"""# Workflows nest one level deep

A workflow that is called by `workflow()` cannot call another one itself: that throws `NESTING_LIMIT` in the child.

```js
// release.js
await workflow('notes')
// notes.js
await workflow('changes')
```

Call both from the outer script and hand the result on:

```js
// release.js
const changes = await workflow('changes')
await workflow('notes', { changes })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nested import called_workflows, calls_of, is_own
from callsheet.language.suggest import listed


def check(context: Context) -> Iterator[Problem]:
    """Calls of workflows that call workflows, other than back."""
    for called in called_workflows(context):
        if called.found is None or is_own(context, called):
            continue
        _, deeper = calls_of(context, called.found)
        if deeper:
            yield context.problem(
                called.node,
                f"`{called.shown}` calls {listed(deeper, 'and')} itself, and workflows nest one level deep: "
                "that call throws when it is reached.",
            )


RULE = Rule(
    code="workflow-nested",
    severity=Severity.WARNING,
    summary="A workflow that is called calls another one",
    group="Composition",
    check=check,
    needs_workspace=True,
)
