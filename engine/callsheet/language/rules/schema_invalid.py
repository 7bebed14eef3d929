"""# A schema that is no JSON Schema

The schema of an agent is a JSON Schema, draft 2020-12. A keyword with a value that it cannot have makes the whole
schema invalid, and the call fails with `INVALID_CALL` before anything is spent.

```js
await agent('Count the tests.', { schema: { type: 'object', properties: { count: { type: 'int' } } } })
```

```js
await agent('Count the tests.', { schema: { type: 'object', properties: { count: { type: 'integer' } } } })
```

The types are `array`, `boolean`, `integer`, `null`, `number`, `object` and `string`. `required` is a list of names next
to `properties`, not a mark on a property.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import findings, replacement
from callsheet.language.types.metaschema import violations
from callsheet.language.types.schema import broken_references


def check(context: Context) -> Iterator[Problem]:
    """Keywords whose value is not what JSON Schema allows, and references that lead nowhere."""
    for found in findings(context, violations):
        fixes = (replacement(found.node, found.suggestion),) if found.suggestion else ()
        yield context.problem(found.node.span, found.message, fixes=fixes)
    for broken in findings(context, broken_references, whole=True):
        yield context.problem(broken.node.span, broken.message)


RULE = Rule(
    code="schema-invalid",
    severity=Severity.ERROR,
    summary="A schema is no valid JSON Schema",
    group="Schemas",
    check=check,
)
