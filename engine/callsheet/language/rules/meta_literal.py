"""# `meta` is not a pure literal

`meta` is read without running the script. It holds objects, arrays without holes, strings, numbers, booleans, `null`,
template literals without `${}`, and a minus before a number; nothing that has to be computed.

```js
const title = 'Scan'
export const meta = { name: 'audit', description: 'Audits ' + title, phases: [{ title }] }
```

```js
export const meta = { name: 'audit', description: 'Audits the repository.', phases: [{ title: 'Scan' }] }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Parts of `meta` that are no literals."""
    meta = context.workflow.meta
    if meta is None or meta.literal is None:
        return
    for fault in meta.literal.faults:
        if not fault.node.has_error and not fault.what.startswith("the key"):
            message = f"`meta` must be a pure literal, and this is {fault.what}."
            yield context.problem(fault.node, message)


RULE = Rule(
    code="meta-literal",
    severity=Severity.ERROR,
    summary="`meta` holds something that is no literal",
    group="Structure",
    check=check,
)
