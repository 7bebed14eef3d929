"""# A required field of `meta` is missing or blank

`meta.name` and `meta.description` are strings that are not blank, and every entry of `meta.phases` has such a `title`.

```js
export const meta = { name: 'audit', phases: [{ detail: 'finds files' }] }
```

```js
export const meta = {
  name: 'audit',
  description: 'Audits the repository for outdated dependencies.',
  phases: [{ title: 'Scan', detail: 'finds files' }],
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.literals import Literal
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.tables.entry import Field
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS

_EXAMPLES = {"name": "'my-workflow'", "description": "'What this workflow does.'", "title": "'Title'"}


def check(context: Context) -> Iterator[Problem]:
    """Required fields of `meta` and of its phases."""
    meta = context.workflow.meta
    if meta is None or meta.literal is None or meta.literal.node.has_error:
        return
    yield from _object(
        context, meta.literal, META_FIELDS, "meta", Span(meta.name_node.start_byte, meta.name_node.end_byte)
    )
    phases = meta.literal.get("phases")
    for index, item in enumerate(phases.value.items if phases is not None else ()):
        if item.node.type == "object":
            where = Span(item.node.start_byte, item.node.end_byte)
            yield from _object(context, item, PHASE_FIELDS, f"meta.phases[{index}]", where)


def _object(
    context: Context, literal: Literal, fields: tuple[Field, ...], path: str, where: Span
) -> Iterator[Problem]:
    if any(fault.node.parent == literal.node for fault in literal.faults):
        return
    for field in fields:
        if not field.required:
            continue
        entry = literal.get(field.name)
        if entry is None:
            fix = _add(context, literal, field.name)
            yield context.problem(
                where, f"`{path}.{field.name}` is missing: {_lower(field.docs)}", fixes=(fix,)
            )
        elif isinstance(entry.value.value, str) and not entry.value.value.strip():
            yield context.problem(entry.value.node, f"`{path}.{field.name}` must not be blank.")


def _add(context: Context, literal: Literal, name: str) -> Fix:
    node = literal.node
    text = f"{name}: {_EXAMPLES[name]}"
    first = literal.properties[0].node if literal.properties else None
    if first is None:
        edit = Edit(Span(node.start_byte + 1, node.end_byte - 1), f" {text} ")
    else:
        source = context.parsed.source
        same_line = source.line_of(first.start_byte) == source.line_of(node.start_byte)
        line_start = source.line_starts[source.line_of(first.start_byte)]
        indent = source.slice(line_start, first.start_byte)
        separator = ", " if same_line or indent.strip() else f",\n{indent}"
        edit = Edit(Span(first.start_byte, first.start_byte), text + separator)
    return Fix(f"Add `{name}`", (edit,), preferred=True)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


RULE = Rule(
    code="meta-required",
    severity=Severity.ERROR,
    summary="A required field of `meta` is missing or blank",
    group="Structure",
    check=check,
)
