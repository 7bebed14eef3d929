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

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._callers import is_asking
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import origins

_RACES = frozenset({"race", "any"})


def check(context: Context) -> Iterator[Problem]:
    """Races whose contestants are agents."""
    for use in light_tree(context.parsed).globals.get("Promise", ()):
        callee = use.parent
        call = callee.parent if callee is not None else None
        if callee is None or call is None or call.type != "call_expression" or call.children[0] is not callee:
            continue
        name = callee.children[-1].name
        if name in _RACES and any(_has_agents(argument) for argument in arguments_of(call)[:1]):
            yield context.problem(
                callee.span,
                f"Which agent wins `Promise.{name}` differs from run to run, and the others cost as much.",
            )


def _has_agents(contest: Node) -> bool:
    """Whether an agent takes part, in place or by the name of its promise."""
    seen: set[Node] = set()
    stack = [contest]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.type == "call_expression" and is_asking(node):
            return True
        stack.extend(node.children)
        if node.type == "identifier" and node.binding is not None:
            stack.extend(origins(node))
        if node.type == "call_expression":
            for callback in arguments_of(node):
                stack.extend(found for found in origins(callback) if found.type in FUNCTIONS)
    return False


RULE = Rule(
    code="agent-race",
    severity=Severity.HINT,
    summary="Agents race against each other",
    group="Order",
    check=check,
)
