"""# A workflow that does not exist

`workflow('name')` runs a saved workflow: a script in `.callsheet/workflows`, `.claude/workflows` or `.pi/workflows` of
the workspace, of a folder above it, or of the home directory, whose `meta.name` is that name. A name that none has
throws `WORKFLOW_NOT_FOUND`.

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
from pathlib import Path

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nested import called_names
from callsheet.language.suggest import listed, nearest

_MOST_LISTED = 8


def check(context: Context) -> Iterator[Problem]:
    """Names that no saved workflow has, and paths where no file is."""
    if context.workspace is None:
        return
    for node, name in called_names(context):
        if context.workspace.find_workflow(name, context.path) is not None:
            continue
        names = [saved.name for saved in context.workspace.workflows(context.path)]
        near = nearest(name, names)
        fixes: tuple[Fix, ...] = ()
        if near is not None and node.type in {"string", "template_string"}:
            quote = context.text(node)[0]
            edit = Edit(Span(node.start_byte, node.end_byte), f"{quote}{near}{quote}")
            fixes = (Fix(f"Change to `{near}`", (edit,), preferred=True),)
        hint = " None are saved here."
        if near is not None:
            hint = f" Did you mean `{near}`?"
        elif names:
            hint = f" There are {listed(sorted(names)[:_MOST_LISTED], 'and')}."
        yield context.problem(node, f"There is no saved workflow `{name}`.{hint}", fixes=fixes)
    yield from _paths(context)


def _paths(context: Context) -> Iterator[Problem]:
    if context.path is None or context.workspace is None:
        return
    for site in context.workflow.calls_of("workflow"):
        option = site.option("scriptPath")
        text = option.text if option is not None else None
        if option is None or not text:
            continue
        path = Path(context.path.parent, text)
        if context.workspace.read_script(path) is None:
            yield context.problem(
                option.value, f"There is no script {text} beside this one that can be read."
            )


RULE = Rule(
    code="workflow-unknown",
    severity=Severity.WARNING,
    summary="A workflow that is called does not exist",
    group="Composition",
    check=check,
    needs_workspace=True,
)
