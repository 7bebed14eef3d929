"""# A forbidden key in `meta`

The keys `__proto__`, `constructor` and `prototype` change what an object is instead of naming data. They are not
allowed in `meta` at any depth.

```js
export const meta = { name: 'audit', description: 'Audits.', constructor: 'me' }
```

Choose another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """The forbidden keys, at any depth."""
    meta = context.workflow.meta
    if meta is None or meta.literal is None:
        return
    for fault in meta.literal.faults:
        if fault.what.startswith("the key"):
            yield context.problem(fault.node, f"`meta` must not have {fault.what}.")


RULE = Rule(
    code="meta-forbidden-key",
    severity=Severity.ERROR,
    summary="`meta` has the key `__proto__`, `constructor` or `prototype`",
    group="Structure",
    check=check,
)
