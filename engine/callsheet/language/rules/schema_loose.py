"""# A schema that every answer meets

A schema that describes no property is met by any object, so the agent is told nothing about what to answer, and the
script can rely on nothing.

```js
const answer = await agent('Review the change.', { schema: { type: 'object' } })
```

Describe what the script reads, or leave the schema out and take the agent's text:

```js
const answer = await agent('Review the change.', {
  schema: { type: 'object', properties: { verdict: { enum: ['good', 'bad'] } }, required: ['verdict'] },
})
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import root_schemas
from callsheet.language.types.contradictions import is_loose


def check(context: Context) -> Iterator[Problem]:
    """Root schemas without any constraint."""
    for schema in root_schemas(context):
        if schema.text("type") == "object" and is_loose(schema) and not schema.node.errors:
            yield context.problem(
                schema.node.span,
                "Any object meets this schema. Describe in `properties` what the script reads, "
                "or leave the schema out.",
            )


RULE = Rule(
    code="schema-loose",
    severity=Severity.WARNING,
    summary="A schema is so loose that any object meets it",
    group="Schemas",
    check=check,
)
