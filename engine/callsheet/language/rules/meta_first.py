"""# `meta` is not the first statement

`export const meta = {…}` is read without running the script, so nothing may come before it but comments and a hashbang.

```js
const today = args.today
export const meta = { name: 'report', description: 'Writes the daily report.' }
```

Move it to the top:

```js
export const meta = { name: 'report', description: 'Writes the daily report.' }
const today = args.today
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule

_BEFORE = frozenset({"comment", "html_comment", "hash_bang_line", "empty_statement"})


def check(context: Context) -> Iterator[Problem]:
    """A `meta` behind another statement."""
    meta, parsed = context.workflow.meta, context.parsed
    if meta is None:
        return
    first = next((node for node in parsed.root.children if node.type not in _BEFORE), None)
    if first is None or first.is_error or first.start_byte >= meta.statement.start_byte:
        return
    text = parsed.text(meta.statement)
    span = Span(meta.statement.start_byte, meta.statement.end_byte)
    fix = Fix(
        "Move `meta` to the top",
        (Edit(Span(first.start_byte, first.start_byte), text + "\n\n"), Edit(span, "")),
        preferred=True,
    )
    yield context.problem(
        meta.name_node,
        "`meta` must be the first statement: it is read without running the script.",
        fixes=(fix,) if meta.literal is not None and meta.literal.is_pure else (),
        related=(Related(Span(first.start_byte, first.end_byte), "This comes before it."),),
    )


RULE = Rule(
    code="meta-first",
    severity=Severity.ERROR,
    summary="`meta` is not the first statement",
    group="Structure",
    check=check,
)
