"""# A schema whose root is no object

An agent's structured answer is an object, so the root of its schema must say `type: 'object'`. Any other root, or
none, makes the call fail with `INVALID_CALL` before anything is spent.

```js
const names = await agent('List the modules.', { schema: { type: 'array', items: { type: 'string' } } })
```

Put the list in a property:

```js
const answer = await agent('List the modules.', {
  schema: { type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } }, required: ['names'] },
})
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import root_schemas
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import TYPES


def check(context: Context) -> Iterator[Problem]:
    """Root schemas without `type: 'object'`."""
    for schema in root_schemas(context):
        type_ = schema.get("type")
        if type_ is None and schema.complete:
            message = "The root of a schema must have `type: 'object'`: here it is missing."
            yield context.problem(_head(schema), message, fixes=_add_type(schema))
        elif type_ is not None and type_.kind != "unknown" and type_.data != "object":
            if type_.data is not None and type_.data not in TYPES:
                continue
            message = (
                "The root of a schema must have `type: 'object'`. Put the value in a property of an object."
            )
            place = schema.node if schema.node.type == "call_expression" else type_.node
            yield context.problem(place.span, message)


def _head(schema: Value) -> Span:
    """The brace alone, as the whole literal may be long."""
    node = schema.node
    return Span(node.start, node.start + 1) if node.type == "object" else node.span


def _add_type(schema: Value) -> tuple[Fix, ...]:
    node = schema.node
    if node.type != "object" or not node.children or "properties" not in schema.entries:
        return ()
    place = Span(node.children[0].start, node.children[0].start)
    return (Fix("Add `type: 'object'`", (Edit(place, "type: 'object', "),), preferred=True),)


RULE = Rule(
    code="schema-root",
    severity=Severity.ERROR,
    summary="The root of a schema is no object",
    group="Schemas",
    check=check,
)
