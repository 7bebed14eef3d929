"""# Too many items for a fan-out

`parallel` and `pipeline` take at most 4,096 items; with more the call throws `FAN_OUT_LIMIT_EXCEEDED`. A run makes at
most 1,000 agent calls by default, so that many items are mostly a slip.

```js
await parallel(Array.from({ length: 5000 }, (_, i) => () => agent(`Case ${i}`)))
```

Put several items into one prompt, or work in batches:

```js
for (let start = 0; start < cases.length; start += 50) {
  await agent(`Check these cases:\\n${cases.slice(start, start + 50).join('\\n')}`)
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._bounds import length_of
from callsheet.language.tables.limits import MAX_ITEMS


def check(context: Context) -> Iterator[Problem]:
    """Fan-outs over arrays whose length the script tells."""
    for site in context.calls:
        items = site.argument(0)
        count = length_of(context.workflow, items) if items is not None else None
        if items is not None and count is not None and count.is_exact and count.number > MAX_ITEMS:
            message = f"`{site.kind}` takes at most {MAX_ITEMS:,} items, and these are {count.number:,}."
            yield context.problem(site.callee, message)


RULE = Rule(
    code="too-many-items",
    severity=Severity.ERROR,
    summary="A fan-out has more than 4,096 items",
    group="Calls",
    check=check,
    calls=("parallel", "pipeline"),
)
