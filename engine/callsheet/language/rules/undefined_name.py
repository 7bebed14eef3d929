"""# A name that nothing defines

A name that the script does not declare and the language does not have throws a `ReferenceError` when it is reached:
maybe after many agents have run.

```js
const findings = await agent('List the findings.')
return { findigns }
```

```js
const findings = await agent('List the findings.')
return { findings }
```

A prompt that quotes shell or JavaScript with `${…}` is read as code as well: write `\\${…}` for the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._globals import missing_uses
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.suggest import nearest
from callsheet.language.tables.forbidden import FORBIDDEN
from callsheet.language.tables.globals import ECMASCRIPT_BUILT_INS, GLOBALS_BY_NAME, HOST_BUILT_INS
from callsheet.language.tables.missing import MISSING_GLOBALS

_KNOWN = frozenset(
    (
        *GLOBALS_BY_NAME,
        *ECMASCRIPT_BUILT_INS,
        *HOST_BUILT_INS,
        *MISSING_GLOBALS,
        *(entry.path.split(".")[0] for entry in FORBIDDEN),
        "arguments",
        "await",
        "undefined",
    )
)


def check(context: Context) -> Iterator[Problem]:
    """Global names that are neither the language's nor the engine's."""
    if context.workflow.faults:
        return
    unresolved = light_tree(context.parsed).globals
    meta = context.workflow.meta
    for name, uses in unresolved.items():
        if name in _KNOWN:
            continue
        told = [
            use
            for use in missing_uses(unresolved, uses)
            if meta is None or not meta.statement.start_byte <= use.start < meta.statement.end_byte
        ]
        if told:
            visible = context.workflow.scopes.names_at(told[0].start)
            near = nearest(name, [*sorted(visible), *GLOBALS_BY_NAME])
            yield from (_problem(context, name, near, use) for use in told)


def _problem(context: Context, name: str, near: str | None, use: Node) -> Problem:
    if near is not None:
        text = f"{name}: {near}" if use.type == "shorthand_property_identifier" else near
        fix = Fix(f"Change to `{near}`", (Edit(use.span, text),), preferred=True)
        return context.problem(use.span, f"`{name}` is not defined. Did you mean `{near}`?", fixes=(fix,))
    parent = use.parent
    if parent is not None and parent.type == "assignment_expression" and parent.children[0] is use:
        return context.problem(
            use.span, f"`{name}` is not declared: write `const` or `let` before its first use."
        )
    hint = ""
    if parent is not None and parent.type == "template_substitution":
        hint = " Write `\\${…}` if it is meant as text."
    return context.problem(use.span, f"`{name}` is not defined.{hint}")


RULE = Rule(
    code="undefined-name",
    severity=Severity.ERROR,
    summary="A name is not defined",
    group="Calls",
    check=check,
    needs_sound_tree=True,
)
