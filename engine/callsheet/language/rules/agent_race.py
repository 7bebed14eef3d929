"""# A race between agents

`Promise.race` and `Promise.any` take the first agent that answers. Which one that is differs from run to run, and the
others go on working and cost as much as before.

```js
const answer = await Promise.race([agent('Try this.'), agent('Try that.')])
```

Take them all and choose:

```js
const best = await judgePanel(await parallel([() => agent('Try this.'), () => agent('Try that.')]))
```

To limit how long a call may take, use its option `timeoutMs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.model import CallSite
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import expression_body, method_call

_RACES = frozenset({"race", "any"})


def check(context: Context) -> Iterator[Problem]:
    """Races whose contestants are agents."""
    seen: set[int] = set()
    for site in context.calls:
        race = _race_of(site)
        if race is None or race[0].id in seen:
            continue
        seen.add(race[0].id)
        callee = race[0].child_by_field_name("function")
        yield context.problem(
            callee if callee is not None else race[0],
            f"Which agent wins `Promise.{race[1]}` differs from run to run, and the others cost as much.",
        )


def _race_of(site: CallSite) -> tuple[Node, str] | None:
    """The race that a call takes part in: directly in its array, or by a callback of `map`."""
    path = list(site.path)
    child = site.node
    while path and path[-1].type in {"array", "arguments", "spread_element"}:
        child = path.pop()
    if path and path[-1].type == "arrow_function" and expression_body(path[-1]) == child:
        path.pop()
        while path and path[-1].type == "arguments":
            path.pop()
        mapped = method_call(path[-1]) if path else None
        if mapped is None or mapped[1] != "map":
            return None
        path.pop()
        while path and path[-1].type in {"array", "arguments", "spread_element"}:
            path.pop()
    method = method_call(path[-1]) if path else None
    if method is None or method[0].text != b"Promise" or method[1] not in _RACES:
        return None
    return path[-1], method[1]


RULE = Rule(
    code="agent-race",
    severity=Severity.HINT,
    summary="Agents race against each other",
    group="Order",
    check=check,
    calls=("agent", "workflow"),
)
