"""# A schema that no answer can meet

When the parts of a schema exclude each other, every answer fails: the agent is corrected five times and the call throws
`SCHEMA_NONCOMPLIANCE`, or the call is refused at once with `INVALID_CALL`.

```js
const schema = {
  type: 'object',
  properties: { score: { type: 'number', minimum: 10, maximum: 1 } },
  required: ['score', 'reason'],
  additionalProperties: false,
}
```

```js
const schema = {
  type: 'object',
  properties: { score: { type: 'number', minimum: 1, maximum: 10 }, reason: { type: 'string' } },
  required: ['score', 'reason'],
  additionalProperties: false,
}
```

Parts of `allOf` that exclude each other, values of `enum` that miss the bounds next to them, and more items or
properties than there can be are found as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._schemas import findings
from callsheet.language.types.contradictions import contradictions


def check(context: Context) -> Iterator[Problem]:
    """Bounds that cross, values outside their type, and what is required and excluded at once."""
    for found in findings(context, contradictions):
        yield context.problem(found.node.span, found.message)


RULE = Rule(
    code="schema-contradiction",
    severity=Severity.ERROR,
    summary="The parts of a schema exclude each other",
    group="Schemas",
    check=check,
)
