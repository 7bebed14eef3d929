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

Names without `properties` around them are such keywords as well.

A value of `enum` that the `type` next to it excludes has no effect either.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import findings
from callsheet.language.suggest import nearest
from callsheet.language.types.contradictions import dead_values, idle_keywords
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import KEYWORDS, TYPES, Violation

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
    for found in findings(context, _find):
        yield context.problem(found.node.span, found.message, fixes=_fixes(found))


def _find(schema: Value) -> Iterator[Violation]:
    if _is_example(schema):
        name, entry = next(iter(schema.entries.items()))
        message = (
            f"JSON Schema has no keyword `{name}`: without `properties` around these names "
            "the schema says nothing of them."
        )
        yield Violation(entry.key, message)
        return
    for name, entry in schema.entries.items():
        if name in KEYWORDS or name in _HARMLESS or name.startswith(("x-", "$")):
            continue
        near = _OTHER_NAMES.get(name) or nearest(name, KEYWORDS)
        if near is not None and near not in schema.entries:
            yield Violation(entry.key, f"JSON Schema has no keyword `{name}`. Did you mean `{near}`?", near)
    for name, key, type_ in idle_keywords(schema):
        yield Violation(key, f"`{name}` speaks of values of type '{type_}', and has no effect here.")
    for dead in dead_values(schema):
        yield Violation(dead.node, dead.message)


def _is_example(schema: Value) -> bool:
    """Whether a schema looks like an answer: names and types, and no keyword at all."""
    if not schema.complete or KEYWORDS.keys() & schema.entries:
        return False
    values = [entry.value for entry in schema.entries.values()]
    return bool(values) and all(value.kind == "object" or value.data in TYPES for value in values)


def _fixes(found: Violation) -> tuple[Fix, ...]:
    near, key = found.suggestion, found.node
    if near is None or key.type not in {"property_identifier", "string"}:
        return ()
    text = near if key.type == "property_identifier" else f"{key.text[:1]}{near}{key.text[:1]}"
    return (Fix(f"Change to `{near}`", (Edit(key.span, text),), preferred=True),)


RULE = Rule(
    code="schema-keyword",
    severity=Severity.WARNING,
    summary="A keyword or value of a schema has no effect",
    group="Schemas",
    check=check,
)
