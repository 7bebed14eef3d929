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
from callsheet.language.rules._nested import called_names
from callsheet.language.suggest import listed


def check(context: Context) -> Iterator[Problem]:
    """Calls of workflows that call workflows, other than back."""
    if context.workspace is None:
        return
    own = context.workflow.name
    for node, name in called_names(context):
        saved = context.workspace.find_workflow(name, context.path)
        deeper = (
            [called for called in saved.calls if called != own] if saved is not None and name != own else []
        )
        if deeper:
            yield context.problem(
                node,
                f"`{name}` calls {listed(deeper, 'and')} itself, and workflows nest one level deep: "
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
