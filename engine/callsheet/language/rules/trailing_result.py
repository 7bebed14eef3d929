"""# A trailing expression is not the result

A run's result is what the script returns. A value that stands alone at the end is dropped.

```js
const report = await agent('Write the report.')
({ report })
```

```js
const report = await agent('Write the report.')
return { report }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import unwrap

_VALUES = frozenset(
    {"identifier", "object", "array", "template_string", "member_expression", "subscript_expression"}
)
_SKIPPED = frozenset({"comment", "html_comment", "empty_statement"})


def check(context: Context) -> Iterator[Problem]:
    """A script whose last statement is a value, and that returns nothing."""
    statements = [node for node in context.parsed.root.children if node.type not in _SKIPPED]
    if not statements or statements[-1].type != "expression_statement":
        return
    if any(node.type == "return_statement" for node in statements):
        return
    value = statements[-1].named_child(0)
    if value is None or unwrap(value).type not in _VALUES:
        return
    start = statements[-1].start_byte
    fix = Fix("Return it", (Edit(Span(start, start), "return "),), preferred=True)
    message = "A value at the end is not the result of the run: write `return`."
    yield context.problem(statements[-1], message, fixes=(fix,))


RULE = Rule(
    code="trailing-result",
    severity=Severity.WARNING,
    summary="A value at the end of the script is not its result",
    group="Structure",
    check=check,
    needs_sound_tree=True,
)
