"""# An ignore that silences nothing

`// callsheet-ignore <rule>: why` silences one rule on its line, or, when it stands alone on a line, on the next line of
code. When the problem is gone the comment has no effect any more, and would hide the next problem of that kind.

```js
// callsheet-ignore call-unused: fire and forget is fine here
const summary = await agent('Summarise the findings.')   // nothing to ignore here
```

Remove the comment, or correct the rule's name or place.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.ignores import Ignore
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Ignores whose rule ran and found nothing on their line."""
    for ignore in context.ignores:
        if ignore.checked and not ignore.used:
            alone = sum(other.comment == ignore.comment for other in context.ignores) == 1
            yield context.problem(
                ignore.comment if alone else ignore.span,
                f"Nothing here breaks `{ignore.code}`: this ignore has no effect.",
                unnecessary=True,
                fixes=(_remove(context, ignore),) if alone else (),
            )


def _remove(context: Context, ignore: Ignore) -> Fix:
    source = context.parsed.source
    start, end = ignore.comment.start, ignore.comment.end
    line = source.line_of(start)
    line_start = source.line_starts[line]
    before = source.data[line_start:start]
    if before.strip():
        start = line_start + len(before.rstrip())
    elif (
        source.line_of(end) + 1 < source.line_count
        and not source.data[end : source.line_end(source.line_of(end))].strip()
    ):
        start, end = line_start, source.line_starts[source.line_of(end) + 1]
    return Fix("Remove the ignore", (Edit(Span(start, end), ""),), safe=True, preferred=True)


RULE = Rule(
    code="ignore-unused",
    severity=Severity.HINT,
    summary="An inline ignore has no effect",
    group="Ignores",
    check=check,
    after_ignores=True,
)
