"""# Functions where promises belong

`Promise.all` waits for promises. Functions are no promises: it gives them back as they are, at once, and nothing in
them ever runs. `parallel` is what takes functions.

```js
const reviews = await Promise.all(files.map((file) => () => agent(`Review ${file}`)))
```

```js
const reviews = await parallel(files.map((file) => () => agent(`Review ${file}`)))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.model import CallSite
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import expression_body, is_function, method_call
from callsheet.language.tables.globals import AWAITED

_WAITS = frozenset({"all", "allSettled", "race", "any"})


def check(context: Context) -> Iterator[Problem]:
    """Calls in functions that `Promise.all` and its like are given."""
    seen: set[int] = set()
    for site in context.calls:
        waiting = _waiting(site)
        if waiting is None or waiting[0].id in seen:
            continue
        call, method = waiting
        seen.add(call.id)
        callee = call.child_by_field_name("function") or call
        fixes: tuple[Fix, ...] = ()
        if method == "all":
            edit = Edit(Span(callee.start_byte, callee.end_byte), "parallel")
            fixes = (Fix("Use `parallel`", (edit,), preferred=True),)
        message = (
            f"`Promise.{method}` does not call functions, so this `{site.kind}` never runs: use `parallel`."
        )
        yield context.problem(callee, message, fixes=fixes)


def _waiting(site: CallSite) -> tuple[Node, str] | None:
    """The `Promise.all(…)` that is given the function around a call: in its array, or as what `map` gives."""
    function = site.function
    if function is None:
        return None
    at = next((at for at, node in enumerate(site.path) if node.id == function.id), 0)
    above = site.path[:at]
    if not above:
        return None
    if above[-1].type == "array":
        above = above[:-1]
    elif is_function(above[-1]) and expression_body(above[-1]) == function:
        above = _through_map(above[:-1])
    else:
        return None
    if len(above) < 2 or above[-1].type != "arguments":
        return None
    method = method_call(above[-2])
    if method is None or method[0].text != b"Promise" or method[1] not in _WAITS:
        return None
    return above[-2], method[1]


def _through_map(above: tuple[Node, ...]) -> tuple[Node, ...]:
    if len(above) < 2 or above[-1].type != "arguments":
        return ()
    method = method_call(above[-2])
    return above[:-2] if method is not None and method[1] == "map" else ()


RULE = Rule(
    code="thunks-uncalled",
    severity=Severity.WARNING,
    summary="`Promise.all` is given functions, which it does not call",
    group="Calls",
    check=check,
    calls=AWAITED,
)
