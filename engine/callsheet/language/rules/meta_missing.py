"""# There is no `meta`

A workflow script begins with `export const meta = {…}`: the name by which it is called, what it does, its phases. It
is read without running the script.

```js
export const meta = {
  name: 'audit',
  description: 'Audits the repository for outdated dependencies.',
}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule

_LEADING = re.compile(rb"(?:\s|#![^\r\n]*|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_TEMPLATE = "export const meta = {\n  name: 'my-workflow',\n  description: 'What this workflow does.',\n}\n\n"


def check(context: Context) -> Iterator[Problem]:
    """A script without any declaration of `meta`."""
    parsed = context.parsed
    if context.workflow.meta is not None or _is_being_typed(context):
        return
    script = parsed.script
    match = _LEADING.match(parsed.source.data, script.start, script.end)
    start = match.end() if match is not None and match.end() < script.end else script.start
    line_end = parsed.source.line_end(parsed.source.line_of(start))
    fix = Fix("Add `meta`", (Edit(Span(start, start), _TEMPLATE),), preferred=True)
    yield context.problem(
        Span(start, max(start, min(line_end, script.end))),
        "A workflow script begins with `export const meta = { name: …, description: … }`.",
        fixes=(fix,),
    )


def _is_being_typed(context: Context) -> bool:
    parsed = context.parsed
    return parsed.root.has_error and re.search(rb"\bmeta\b\s*[:=]", parsed.source.data) is not None


RULE = Rule(
    code="meta-missing",
    severity=Severity.ERROR,
    summary="The script has no `export const meta`",
    group="Structure",
    check=check,
)
