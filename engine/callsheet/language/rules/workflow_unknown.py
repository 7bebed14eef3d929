"""# A workflow that does not exist

`workflow('name')` runs a saved workflow: a script in `.callsheet/workflows`, `.claude/workflows` or `.pi/workflows` of
the workspace, of a folder above it, or of the home directory, whose `meta.name` is that name, or one that comes with
Callsheet. A name that none has throws `WORKFLOW_NOT_FOUND`.

```js
const plan = await workflow('relaese-notes', { tag: args.tag })
```

```js
const plan = await workflow('release-notes', { tag: args.tag })
const other = await workflow({ scriptPath: './other.workflow.js' })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nested import called_workflows
from callsheet.language.suggest import listed, nearest

_MOST_LISTED = 8


def check(context: Context) -> Iterator[Problem]:
    """Names that no saved workflow has, and paths where no file is."""
    if context.workspace is None:
        return
    for called in called_workflows(context):
        if called.found is not None:
            continue
        node, name = called.node, called.shown
        if called.path is not None:
            yield context.problem(node, f"There is no script {name} beside this one that can be read.")
            continue
        names = [saved.name for saved in context.workspace.workflows(context.path)]
        near = nearest(name, names)
        fixes: tuple[Fix, ...] = ()
        if near is not None and node.type in {"string", "template_string"}:
            quote = context.text(node)[0]
            edit = Edit(Span(node.start_byte, node.end_byte), f"{quote}{near}{quote}")
            fixes = (Fix(f"Change to `{near}`", (edit,), preferred=True),)
        hint = f" There are {listed(sorted(names)[:_MOST_LISTED], 'and')}." if names else ""
        if near is not None:
            hint = f" Did you mean `{near}`?"
        yield context.problem(node, f"There is no saved workflow `{name}`.{hint}", fixes=fixes)


RULE = Rule(
    code="workflow-unknown",
    severity=Severity.WARNING,
    summary="A workflow that is called does not exist",
    group="Composition",
    check=check,
    needs_workspace=True,
)
