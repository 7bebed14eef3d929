"""# A loop around an agent without a bound

A loop that ends only when an agent says so may never end: models repeat themselves, and each round costs. The run then
goes on until the budget or the cap of agents stops it.

```js
let done = false
while (!done) {
  const review = await agent('Is anything left to fix?', { schema: REVIEW })
  done = review?.done
}
```

Count the rounds:

```js
for (let round = 0; round < 5; round++) {
  const review = await agent('Is anything left to fix?', { schema: REVIEW })
  if (review?.done) break
}
```

A list that is emptied or filled counts as a bound, too, and so does the budget where the script asks for its total.
`loopUntilDry`, `retry` and `gate` have a bound of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._loop_ends import End
from callsheet.language.rules._loops import loops_of
from callsheet.language.scopes.lower import light_tree

_MESSAGES: dict[End, str] = {
    "nothing": "This loop never ends: count its rounds, or leave it with `break`.",
    "constants": "Nothing in this loop changes what ends it: count its rounds, such as `round < 5`.",
    "answers": "Only an answer ends this loop: count its rounds as well, such as `round < 5`.",
}


def check(context: Context) -> Iterator[Problem]:
    """Loops around calls that nothing but an answer ends."""
    for loop in loops_of(light_tree(context.parsed)):
        message = _MESSAGES.get(loop.end) if loop.end is not None and loop.call is not None else None
        if message is None or loop.call is None:
            continue
        callee = loop.call.children[0]
        where = Related(callee.span, f"`{callee.text}` is called in it.")
        keyword = len(loop.node.type.removesuffix("_statement"))
        yield context.problem(Span(loop.node.start, loop.node.start + keyword), message, related=(where,))


RULE = Rule(
    code="loop-unbounded",
    severity=Severity.WARNING,
    summary="A loop around an agent has no bound",
    group="Cost",
    check=check,
)
