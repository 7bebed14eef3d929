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
from callsheet.language.rules._nested import called_names


def check(context: Context) -> Iterator[Problem]:
    """Calls that lead back to this script."""
    own, workspace = context.workflow.name, context.workspace
    if workspace is None or own is None or not _is_own_name(context, own):
        return
    for node, name in called_names(context):
        if name == own:
            yield context.problem(node, f"`{name}` is this workflow itself.")
            continue
        saved = workspace.find_workflow(name, context.path)
        if saved is not None and own in saved.calls:
            yield context.problem(node, f"`{name}` calls this workflow, `{own}`, back: a cycle.")


def _is_own_name(context: Context, own: str) -> bool:
    """Whether the name means this script, and not a nearer one of the same name."""
    if context.workspace is None or context.path is None:
        return True
    saved = context.workspace.find_workflow(own, context.path)
    return saved is None or saved.path == context.path.absolute()


RULE = Rule(
    code="workflow-cycle",
    severity=Severity.WARNING,
    summary="Workflows call each other in a circle",
    group="Composition",
    check=check,
    needs_workspace=True,
)
