"""# A keyword that has no effect

JSON Schema ignores keywords that it does not know, and those that speak of another type than the value has. Both are
most often slips, and the answer is then not held to what was meant.

```js
const schema = {
  type: 'object',
  properties: { files: { type: 'array', properties: { path: { type: 'string' } } } },
  requried: ['files'],
}
```

```js
const schema = {
  type: 'object',
  properties: { files: { type: 'array', items: { type: 'object', properties: { path: { type: 'string' } } } } },
  required: ['files'],
}
```

A value of `enum` that the `type` next to it excludes has no effect either.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import every_schema
from callsheet.language.suggest import nearest
from callsheet.language.types.contradictions import dead_values, idle_keywords
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import KEYWORDS

_HARMLESS = frozenset({"example", "id", "name", "version"})
_OTHER_NAMES = {
    "min": "minimum",
    "max": "maximum",
    "values": "enum",
    "choices": "enum",
    "desc": "description",
}


def check(context: Context) -> Iterator[Problem]:
    """Unknown keywords that are near to a known one, keywords for another type, and values outside the type."""
    for schema in every_schema(context):
        yield from _unknown(context, schema)
        for name, key, type_ in idle_keywords(schema):
            yield context.problem(
                key.span, f"`{name}` speaks of values of type '{type_}', and has no effect here."
            )
        for found in dead_values(schema):
            yield context.problem(found.node.span, found.message)


def _unknown(context: Context, schema: Value) -> Iterator[Problem]:
    for name, entry in schema.entries.items():
        if name in KEYWORDS or name in _HARMLESS or name.startswith(("x-", "$")):
            continue
        near = _OTHER_NAMES.get(name) or nearest(name, KEYWORDS)
        if near is None or near in schema.entries:
            continue
        key = entry.key
        text = near if key.type == "property_identifier" else f"{key.text[:1]}{near}{key.text[:1]}"
        fix = Fix(f"Change to `{near}`", (Edit(key.span, text),), preferred=True)
        fixes = (fix,) if key.type in {"property_identifier", "string"} else ()
        yield context.problem(
            key.span, f"JSON Schema has no keyword `{name}`. Did you mean `{near}`?", fixes=fixes
        )


RULE = Rule(
    code="schema-keyword",
    severity=Severity.WARNING,
    summary="A keyword or value of a schema has no effect",
    group="Schemas",
    check=check,
)
