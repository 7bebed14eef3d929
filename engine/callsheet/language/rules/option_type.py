"""# An option has the wrong type

A call with an option of the wrong type is refused when it is made: it throws `INVALID_CALL`.

```js
await agent('List the files.', { label: 7, tools: 'read', schema: 'object' })
```

```js
await agent('List the files.', { label: 'files', tools: ['read'], schema: { type: 'object' } })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant
from callsheet.language.rules._fields import kind_of, wrong_kind
from callsheet.language.rules._options import FIELDS, option_sites
from callsheet.language.tables.entry import Field

REQUIRED = {
    kind: [name for name, field in fields.items() if field.required] for kind, fields in FIELDS.items()
}


def check(context: Context) -> Iterator[Problem]:
    """Options whose literal value is of another type; required ones that are missing."""
    for site in option_sites(context.workflow, context.calls):
        for option in site.options.entries:
            field = site.fields.get(option.name)
            if field is None:
                continue
            message = wrong_kind(field, constant(context.workflow, option.value))
            if message is not None:
                yield context.problem(option.value, message, fixes=_fixes(context, field, option.value))
        if site.options.is_open or not site.in_place:
            continue
        for name in REQUIRED[site.call.kind]:
            if site.options.get(name) is None:
                docs = site.fields[name].docs
                message = f"`{site.call.kind}` needs the option `{name}`: {docs[:1].lower()}{docs[1:]}"
                yield context.problem(site.options.node, message)


def _fixes(context: Context, field: Field, value: Node) -> tuple[Fix, ...]:
    if field.kinds == ("array",) and kind_of(value) == "string":
        span = Span(value.start_byte, value.end_byte)
        edit = Edit(span, f"[{context.text(value)}]")
        return (Fix("Make it a list", (edit,), preferred=True),)
    return ()


RULE = Rule(
    code="option-type",
    severity=Severity.ERROR,
    summary="An option has the wrong type",
    group="Calls",
    check=check,
    calls=frozenset(FIELDS),
)
