"""# The script is too large

A script has at most 512 KiB of UTF-8. Larger ones are mostly data: pass data in `args`, or let agents read it from
files.

```js
const rows = [/* half a megabyte of rows */]
```

```js
const rows = args.rows
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.tables.limits import MAX_SCRIPT_BYTES


def check(context: Context) -> Iterator[Problem]:
    """Scripts over the limit."""
    script = context.parsed.script
    if context.parsed.is_too_large:
        size = script.end - script.start
        yield context.problem(
            Span(script.start, min(script.start + 1, script.end)),
            f"The script has {size / 1024:.0f} KiB; the limit is {MAX_SCRIPT_BYTES // 1024} KiB. "
            "Pass data in `args`, or let agents read it from files.",
        )


RULE = Rule(
    code="script-too-large",
    severity=Severity.ERROR,
    summary="The script has more than 512 KiB",
    group="Structure",
    check=check,
)
