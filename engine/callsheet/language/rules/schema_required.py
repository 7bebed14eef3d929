"""# A required property that is not described

`required` names properties that every answer must have. A name that `properties` does not describe is most often a
slip: the agent must then make up a property that it is told nothing about.

```js
const schema = { type: 'object', properties: { summary: { type: 'string' } }, required: ['sumary'] }
```

```js
const schema = { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] }
```

With `additionalProperties: false` no answer can meet such a schema at all: see `schema-contradiction`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import findings, replacement
from callsheet.language.suggest import nearest
from callsheet.language.types.contradictions import matches_pattern
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import Violation

_ELSEWHERE = frozenset(
    {"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"}
)


def check(context: Context) -> Iterator[Problem]:
    """Names in `required` that nothing in the schema describes."""
    for found in findings(context, _find):
        fixes = (replacement(found.node, found.suggestion),) if found.suggestion else ()
        yield context.problem(found.node.span, found.message, fixes=fixes)


def _find(schema: Value) -> Iterator[Violation]:
    required, properties = schema.get("required"), schema.get("properties")
    if (
        required is None
        or required.kind != "array"
        or properties is None
        or _may_be_elsewhere(schema, properties)
    ):
        return
    for item in required.items:
        name = item.data
        if not isinstance(name, str) or name in properties.entries or matches_pattern(schema, name):
            continue
        near = nearest(name, properties.entries)
        hint = f" Did you mean `{near}`?" if near else ""
        suggestion = f"'{near}'" if near and item.node.type == "string" else None
        yield Violation(
            item.node, f"`{name}` is required, but `properties` does not describe it.{hint}", suggestion
        )


def _may_be_elsewhere(schema: Value, properties: Value) -> bool:
    if not schema.complete or properties.kind != "object" or not properties.complete:
        return True
    additional = schema.get("additionalProperties")
    return additional is not None or not _ELSEWHERE.isdisjoint(schema.entries)


RULE = Rule(
    code="schema-required",
    severity=Severity.WARNING,
    summary="A required property is not described in the schema",
    group="Schemas",
    check=check,
)
