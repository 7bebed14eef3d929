"""# An ignore that names no rule

`// callsheet-ignore <rule>: why` needs the name of a rule, as it stands behind every problem. Without one, or with a
name that no rule has, nothing is silenced.

```js
// callsheet-ignore cal-unused: fire and forget      ← no such rule
agent('Warm the cache.')
```

```js
// callsheet-ignore call-unused: fire and forget
agent('Warm the cache.')
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules import all_rules
from callsheet.language.suggest import nearest


def check(context: Context) -> Iterator[Problem]:
    """Ignores without a rule, or with one that is unknown."""
    for ignore in context.ignores:
        if not ignore.code:
            yield context.problem(ignore.span, "Name the rule to ignore: `callsheet-ignore <rule>: why`.")
        elif ignore.code not in all_rules():
            near = nearest(ignore.code, all_rules())
            hint = f" Did you mean `{near}`?" if near else ""
            fixes = (Fix(f"Change to `{near}`", (Edit(ignore.span, near),), preferred=True),) if near else ()
            yield context.problem(ignore.span, f"There is no rule `{ignore.code}`.{hint}", fixes=fixes)


RULE = Rule(
    code="ignore-unknown",
    severity=Severity.WARNING,
    summary="An inline ignore names no rule, or one that does not exist",
    group="Ignores",
    check=check,
    after_ignores=True,
)
