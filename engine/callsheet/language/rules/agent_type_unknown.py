"""# An agent type that is not defined here

`agentType` names a Markdown file in `.callsheet/agents`, `.claude/agents` or `.pi/agents` (of the workspace, of a
folder above it, or of the home directory), or a built-in type: `general-purpose`, `Explore`, `Plan`. Another machine
may have one that this one has not, so this is only a note; a call with a type that nothing defines throws
`INVALID_CALL`.

```js
await agent('Review the change.', { agentType: 'reviwer' })
```

```js
await agent('Review the change.', { agentType: 'reviewer' })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.literals import string_value
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant
from callsheet.language.suggest import listed, nearest


def check(context: Context) -> Iterator[Problem]:
    """Agent types without a definition."""
    if context.workspace is None:
        return
    names: list[str] | None = None
    for site in context.workflow.calls_of("agent"):
        option = site.option("agentType")
        name = string_value(constant(context.workflow, option.value)) if option is not None else None
        if option is None or name is None or not name.strip():
            continue
        if names is None:
            names = list(context.workspace.agent_types(context.path))
        if name in names:
            continue
        near = nearest(name, names)
        fixes: tuple[Fix, ...] = ()
        if near is not None and option.text is not None:
            edit = Edit(Span(option.value.start_byte, option.value.end_byte), f"'{near}'")
            fixes = (Fix(f"Change to `{near}`", (edit,), preferred=True),)
        hint = f"Did you mean `{near}`?" if near is not None else f"There are {listed(names, 'and')}."
        yield context.problem(option.value, f"No agent type `{name}` is defined here. {hint}", fixes=fixes)


RULE = Rule(
    code="agent-type-unknown",
    severity=Severity.INFORMATION,
    summary="An agent type is not defined on this machine",
    group="Calls",
    check=check,
    needs_workspace=True,
)
