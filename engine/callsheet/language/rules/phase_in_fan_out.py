"""# `phase()` inside a fan-out

`phase()` sets the current phase of the whole script. Functions of a fan-out run at the same time, so each one changes
the phase under the others: calls land in whatever phase was set last.

```js
await parallel(files.map((file) => async () => {
  phase('Review')
  const review = await agent(`Review ${file}`)
  phase('Fix')
  return agent(`Fix ${file}: ${review}`)
}))
```

The same holds for functions that a fan-out calls by name, and for async functions under `Promise.all`. Say it at the
call:

```js
await parallel(files.map((file) => async () => {
  const review = await agent(`Review ${file}`, { phase: 'Review' })
  return agent(`Fix ${file}: ${review}`, { phase: 'Fix' })
}))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Related, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._beside import fan_out_around
from callsheet.language.scopes.lower import light_tree


def check(context: Context) -> Iterator[Problem]:
    """Calls of `phase` in functions that run beside each other."""
    tree = light_tree(context.parsed)
    for use in tree.globals.get("phase", ()):
        call = use.parent
        if call is None or call.type != "call_expression" or call.children[0] is not use:
            continue
        if call.parent is None or call.parent.parent is tree.root:
            continue  # Most stand in no function, which is seen at once.
        found = fan_out_around(call)
        if found is not None:
            function, name = found
            yield context.problem(
                use.span,
                f"`phase` inside of `{name}` races with the other items: use the option `phase` of `agent`.",
                related=(Related(function.span, f"`{name}` runs this function beside others."),),
            )


RULE = Rule(
    code="phase-in-fan-out",
    severity=Severity.WARNING,
    summary="`phase()` is called inside a fan-out",
    group="Phases",
    check=check,
)
