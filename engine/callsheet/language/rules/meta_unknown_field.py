"""# A field of `meta` that does not exist

`meta` has `name`, `description`, `whenToUse`, `model` and `phases`; a phase has `title`, `detail` and `model`. Another
field has no effect, and is mostly a slip.

```js
export const meta = { name: 'audit', descripton: 'Audits the repository.' }
```

```js
export const meta = { name: 'audit', description: 'Audits the repository.' }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.literals import Literal
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.suggest import listed, nearest
from callsheet.language.tables.entry import Field
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS


def check(context: Context) -> Iterator[Problem]:
    """Fields that `meta` and its phases do not have."""
    meta = context.workflow.meta
    if meta is None or meta.literal is None or meta.statement.has_error:
        return
    yield from _object(context, meta.literal, META_FIELDS, "`meta`")
    phases = meta.literal.get("phases")
    for item in phases.value.items if phases is not None else ():
        yield from _object(context, item, PHASE_FIELDS, "A phase")


def _object(context: Context, literal: Literal, fields: tuple[Field, ...], what: str) -> Iterator[Problem]:
    names = [field.name for field in fields]
    present = {entry.key for entry in literal.properties}
    for entry in literal.properties:
        if entry.key in names or entry.key in {"__proto__", "constructor", "prototype"}:
            continue
        near = nearest(entry.key, [name for name in names if name not in present])
        span = Span(entry.key_node.start_byte, entry.key_node.end_byte)
        if near is not None:
            fix = Fix(f"Change to `{near}`", (Edit(span, near),), preferred=True)
            message = f"{what} has no field `{entry.key}`. Did you mean `{near}`?"
            yield context.problem(span, message, fixes=(fix,))
        else:
            yield context.problem(span, f"{what} has no field `{entry.key}`, only {listed(names, 'and')}.")


RULE = Rule(
    code="meta-unknown-field",
    severity=Severity.WARNING,
    summary="`meta` has a field that does not exist",
    group="Structure",
    check=check,
)
