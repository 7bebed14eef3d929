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

`loopUntilDry`, `retry` and `gate` have a bound of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.model import CallSite
from callsheet.language.problem import Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._loops import condition_of, counts_or_drains, exits_of, is_endless, text_of
from callsheet.language.tables.globals import AWAITED

_JUDGED = frozenset({"while_statement", "do_statement", "for_statement"})
_ASKED = AWAITED - {"checkpoint"}


def check(context: Context) -> Iterator[Problem]:
    """Loops around calls that nothing but an answer ends."""
    seen: set[int] = set()
    for site in context.calls:
        loop = site.loop
        if loop is None or loop.type not in _JUDGED or loop.id in seen or not _is_repeated(site, loop):
            continue
        seen.add(loop.id)
        message = _judge(loop)
        if message is not None:
            keyword = loop.child(0) or loop
            where = Related(
                Span(site.callee.start_byte, site.callee.end_byte), f"`{site.kind}` is called in it."
            )
            yield context.problem(keyword, message, related=(where,))


def _judge(loop: Node) -> str | None:
    condition = condition_of(loop)
    if "budget" in text_of(condition):
        return None  # the rule budget-loop judges these
    if is_endless(condition) and not exits_of(loop):
        return "This loop never ends: count its rounds, or leave it with `break`."
    if counts_or_drains(loop) or "budget" in text_of(loop):
        return None
    return "Only an answer ends this loop: count its rounds as well, such as `round < 5`."


def _is_repeated(site: CallSite, loop: Node) -> bool:
    initializer = loop.child_by_field_name("initializer")
    return initializer is None or not initializer.start_byte <= site.node.start_byte < initializer.end_byte


RULE = Rule(
    code="loop-unbounded",
    severity=Severity.WARNING,
    summary="A loop around an agent has no bound",
    group="Cost",
    check=check,
    calls=_ASKED,
)
