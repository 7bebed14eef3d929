"""# An option has a value that is not allowed

| option | values |
|---|---|
| `isolation` | `"worktree"` |
| `effort` | `"low"`, `"medium"`, `"high"`, `"xhigh"`, `"max"` |
| `timeoutMs` | greater than 0, or `null` |
| `retries` | 0 to 3 |

```js
await agent('Fix the bug.', { isolation: 'branch', effort: 'highest', retries: 10 })
```

```js
await agent('Fix the bug.', { isolation: 'worktree', effort: 'max', retries: 3 })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.literals import string_value
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant
from callsheet.language.rules._fields import is_limited, wrong_kind, wrong_value
from callsheet.language.rules._options import FIELDS, option_sites
from callsheet.language.suggest import nearest
from callsheet.language.tables.entry import Field


def check(context: Context) -> Iterator[Problem]:
    """Options whose literal value is of the right type and not allowed."""
    for site in option_sites(context.workflow, context.calls):
        for option in site.options.entries:
            field = site.fields.get(option.name)
            if field is None or not is_limited(field):
                continue
            value = constant(context.workflow, option.value)
            if wrong_kind(field, value) is not None:
                continue
            message = wrong_value(field, value)
            if message is not None:
                fixes = _fixes(field, value) if value == option.value else ()
                yield context.problem(option.value, message, fixes=fixes)


def _fixes(field: Field, value: Node) -> tuple[Fix, ...]:
    text = string_value(value)
    if text is None or not field.values:
        return ()
    near = field.values[0] if len(field.values) == 1 else nearest(text, field.values)
    if near is None:
        return ()
    edit = Edit(Span(value.start_byte, value.end_byte), f"'{near}'")
    return (Fix(f"Change to '{near}'", (edit,), preferred=True),)


RULE = Rule(
    code="option-value",
    severity=Severity.ERROR,
    summary="An option has a value that is not allowed",
    group="Calls",
    check=check,
    calls=frozenset(FIELDS),
)
