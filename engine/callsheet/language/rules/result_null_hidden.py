"""# An object hides the null of a failed agent

`filter(Boolean)` drops the nulls of failed agents. Where each result was put into an object before, the object is there
even when the result is not, and the filter lets it through.

```js
const reviews = await parallel(
  files.map((file) => () => agent(`Review ${file}.`, { schema: REVIEW }).then((review) => ({ file, ...review }))),
)
const done = reviews.filter(Boolean)   // drops nothing
```

A text that the result was put into is there as well. Let the null through, or filter by what may be missing:

```js
const reviews = await parallel(
  files.map(
    (file) => () =>
      agent(`Review ${file}.`, { schema: REVIEW }).then((review) => review && { file, ...review }),
  ),
)
const done = reviews.filter(Boolean)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._nulls import tree_of, why_null
from callsheet.language.scopes.nodes import Node
from callsheet.language.types.holes import Hole, hidden_nulls


def check(context: Context) -> Iterator[Problem]:
    """Objects and texts that hold or lose a null, and are filtered by being there."""
    seen: set[Node] = set()
    for hole in hidden_nulls(tree_of(context)):
        if hole.place in seen:
            continue
        seen.add(hole.place)
        what = f"with `{hole.name}: null`" if hole.name else _LOST[hole.place.type]
        kind = "object" if hole.place.type == "object" else "text"
        message = f"When the agent fails, this {kind} is still there, {what}, so `filter(Boolean)` keeps it."
        where = (Related(hole.where.span, "This drops nothing"),) if hole.where is not None else ()
        yield context.problem(
            _head(hole.place), message, fixes=_fixes(hole), related=(*where, *why_null(hole.null))
        )


_LOST = {"object": "with nothing of it", "template_string": "with `null` in it"}


def _head(literal: Node) -> Span:
    """The whole literal where it is short, else its brace."""
    return literal.span if "\n" not in literal.text else Span(literal.start, literal.start + 1)


def _fixes(hole: Hole) -> tuple[Fix, ...]:
    """Lets the null through, where the object is what an arrow function gives."""
    literal = hole.place
    outer = literal.parent
    function = outer.parent if outer is not None and outer.type == "parenthesized_expression" else None
    if (
        function is None
        or function.type != "arrow_function"
        or function.children[-1] is not outer
        or outer is None
    ):
        return ()
    parameter = function.children[0]
    if parameter.type == "formal_parameters":
        parameter = parameter.children[0] if len(parameter.children) == 1 else parameter
    if parameter.type != "identifier":
        return ()
    place = Span(outer.start, outer.start)
    return (Fix("Let the null through", (Edit(place, f"{parameter.name} && "),), preferred=True),)


RULE = Rule(
    code="result-null-hidden",
    severity=Severity.WARNING,
    summary="An object hides the null of a failed agent from `filter(Boolean)`",
    group="Values",
    check=check,
)
