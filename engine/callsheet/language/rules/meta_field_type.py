"""# A field of `meta` has the wrong type

| field | type |
|---|---|
| `name`, `description`, `whenToUse`, `model` | string |
| `phases` | array of `{ title, detail?, model? }`, all strings |

```js
export const meta = { name: 'audit', description: 'Audits.', phases: ['Scan', 'Report'] }
```

```js
export const meta = { name: 'audit', description: 'Audits.', phases: [{ title: 'Scan' }, { title: 'Report' }] }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.literals import Literal
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._fields import wrong_kind
from callsheet.language.tables.entry import Field
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS


def check(context: Context) -> Iterator[Problem]:
    """Types of the fields of `meta` and of its phases."""
    meta = context.workflow.meta
    if meta is None or meta.literal is None:
        return
    yield from _object(context, meta.literal, META_FIELDS)
    phases = meta.literal.get("phases")
    for item in phases.value.items if phases is not None else ():
        if item.node.type == "object":
            yield from _object(context, item, PHASE_FIELDS)
        elif item.node.type in {"string", "template_string", "number", "array", "null", "true", "false"}:
            fixes: tuple[Fix, ...] = ()
            if isinstance(item.value, str):
                text = f"{{ title: {context.text(item.node)} }}"
                edit = Edit(Span(item.node.start_byte, item.node.end_byte), text)
                fixes = (Fix("Make it `{ title: … }`", (edit,), safe=True, preferred=True),)
            yield context.problem(item.node, "A phase is an object: `{ title: '…' }`.", fixes=fixes)


def _object(context: Context, literal: Literal, fields: tuple[Field, ...]) -> Iterator[Problem]:
    by_name = {field.name: field for field in fields}
    for entry in literal.properties:
        field = by_name.get(entry.key)
        if field is None or (field.name == "phases" and entry.value.node.type == "array"):
            continue
        message = wrong_kind(field, entry.value.node)
        if message is not None:
            yield context.problem(entry.value.node, message)


RULE = Rule(
    code="meta-field-type",
    severity=Severity.ERROR,
    summary="A field of `meta` has the wrong type",
    group="Structure",
    check=check,
)
