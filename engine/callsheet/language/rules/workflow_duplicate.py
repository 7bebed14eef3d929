"""# Two workflows of one name in one folder

A saved workflow is called by its `meta.name`. Of two files in one folder with the same name the first by file name is
taken; the other one cannot be called.

```
.callsheet/workflows/audit.js        export const meta = { name: 'audit', … }
.callsheet/workflows/audit-new.js    export const meta = { name: 'audit', … }
```

Give each its own name.

```js
export const meta = { name: 'audit-new', description: 'Audits, in a new way.' }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """A name that another file of the folder has."""
    meta = context.workflow.meta
    entry = meta.literal.get("name") if meta is not None and meta.literal is not None else None
    if context.workspace is None or context.path is None or entry is None:
        return
    others = context.workspace.duplicates(context.path)
    if others:
        first = min(others[0].path.name, context.path.name)
        taken = "this one" if first == context.path.name else f"`{first}`"
        names = ", ".join(f"`{other.path.name}`" for other in others)
        message = f"{names} in this folder has the name `{entry.value.value}` as well; {taken} is taken."
        yield context.problem(entry.value.node, message)


RULE = Rule(
    code="workflow-duplicate",
    severity=Severity.WARNING,
    summary="Another file of the folder has the same workflow name",
    group="Composition",
    check=check,
    needs_workspace=True,
)
