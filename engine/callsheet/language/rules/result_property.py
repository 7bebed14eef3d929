"""# A property that the schema does not have

The answer of an agent with a schema has the properties that the schema describes. Another name is most often a slip,
and reads `undefined` without any error.

```js
const SCHEMA = { type: 'object', properties: { severity: { type: 'string' } }, required: ['severity'] }
const issue = await agent('Judge the issue.', { schema: SCHEMA })
if (issue?.sevrity === 'high') log('Look at this one.')
```

```js
if (issue?.severity === 'high') log('Look at this one.')
```

Without a schema the answer is text, and has the properties of a string alone.

A schema that says `additionalProperties: true`, or joins several schemas, may bring other properties: then nothing is
reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Related, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import tree_of
from callsheet.language.suggest import listed, nearest
from callsheet.language.types.members import Stranger, strangers

_MOST_LISTED = 6


def check(context: Context) -> Iterator[Problem]:
    """Names that are read of an answer and that it does not have."""
    for stranger in strangers(tree_of(context)):
        schema = stranger.type.schema
        related = (Related(schema.span, "The schema of this value"),) if schema is not None else ()
        near = nearest(stranger.name, stranger.type.properties)
        yield context.problem(
            stranger.key.span, _message(stranger, near), fixes=_fixes(stranger, near), related=related
        )


def _message(stranger: Stranger, near: str | None) -> str:
    name = stranger.name
    if stranger.in_list:
        return f"This is a list: its elements have `{name}`, the list has not. Use `map` or `flatMap`, or take one."
    if stranger.type.kind == "string" and stranger.type.schema is None:
        return (
            f"The agent answers with text, which has no `{name}`: give the call a `schema` to get an object."
        )
    if stranger.type.kind != "object":
        return f"By the schema this is a {stranger.type.kind}, which has no `{name}`."
    start = f"The schema of this value has no property `{name}`."
    if near is not None:
        return f"{start} Did you mean `{near}`?"
    names = list(stranger.type.properties)
    more = " and more" if len(names) > _MOST_LISTED else ""
    return f"{start} It has {listed(names[:_MOST_LISTED], 'and')}{more}."


def _fixes(stranger: Stranger, near: str | None) -> tuple[Fix, ...]:
    key = stranger.key
    if near is None or not near.isidentifier():
        return ()
    text = near
    if key.type == "string":
        quote = key.text[:1]
        text = f"{quote}{near}{quote}"
    elif key.type == "shorthand_property_identifier_pattern":
        text = f"{near}: {stranger.name}"
    return (Fix(f"Change to `{near}`", (Edit(key.span, text),), preferred=True),)


RULE = Rule(
    code="result-property",
    severity=Severity.WARNING,
    summary="A property is read that the schema does not have",
    group="Values",
    check=check,
)
