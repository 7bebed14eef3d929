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

Say it at the call:

```js
await parallel(files.map((file) => async () => {
  const review = await agent(`Review ${file}`, { phase: 'Review' })
  return agent(`Fix ${file}: ${review}`, { phase: 'Fix' })
}))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import CallSite
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import is_async, method_call


def check(context: Context) -> Iterator[Problem]:
    """Calls of `phase` in functions that run beside each other."""
    for site in context.calls:
        where = site.fan_out.kind if site.fan_out is not None and site.function is not None else _mapped(site)
        if where is not None:
            yield context.problem(
                site.callee,
                f"`phase` inside of `{where}` races with the other items: use the option `phase` of `agent`.",
            )


def _mapped(site: CallSite) -> str | None:
    """`Promise.all(items.map(async …))` runs its callbacks beside each other as well."""
    function = site.function
    if function is None or not is_async(function):
        return None
    at = next((at for at, node in enumerate(site.path) if node.id == function.id), 0)
    if at < 4 or site.path[at - 1].type != "arguments" or site.path[at - 3].type != "arguments":
        return None
    mapped, combined = method_call(site.path[at - 2]), method_call(site.path[at - 4])
    if mapped is None or combined is None or mapped[1] != "map" or combined[0].text != b"Promise":
        return None
    return f"Promise.{combined[1]}"


RULE = Rule(
    code="phase-in-fan-out",
    severity=Severity.WARNING,
    summary="`phase()` is called inside a fan-out",
    group="Phases",
    check=check,
    calls=("phase",),
)
