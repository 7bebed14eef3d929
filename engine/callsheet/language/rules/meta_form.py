"""# `meta` is declared in another form

The declaration is `export const meta = {…}`: exported, `const`, one declarator, an object literal.

```js
const meta = { name: 'report', description: 'Writes the daily report.' }
```

```js
export const meta = { name: 'report', description: 'Writes the daily report.' }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """What is wrong with the form of the declaration of `meta`."""
    meta = context.workflow.meta
    if meta is None or meta.statement.has_error:
        return
    statement = meta.statement
    exported = statement.type == "export_statement"
    declaration = (statement.child_by_field_name("declaration") if exported else statement) or statement
    keyword = declaration.child(0)
    if not exported:
        insert = Edit(Span(statement.start_byte, statement.start_byte), "export ")
        yield context.problem(
            meta.name_node,
            "`meta` must be exported: `export const meta = {…}`.",
            fixes=(Fix("Export it", (insert,), safe=True, preferred=True),),
        )
    if keyword is not None and keyword.type != "const":
        yield context.problem(
            keyword,
            f"`meta` must be a `const`, not a `{keyword.type}`.",
            fixes=(Fix("Make it a `const`", (Edit(_span(keyword), "const"),), safe=True, preferred=True),),
        )
    for declarator in declaration.named_children:
        if (
            declarator.type == "variable_declarator"
            and declarator.child_by_field_name("name") != meta.name_node
        ):
            yield context.problem(
                declarator, "`meta` must be declared alone: move this to a statement of its own."
            )
    if meta.value_node is None or meta.value_node.type != "object":
        yield context.problem(
            meta.value_node or meta.name_node,
            "`meta` must be an object literal: it is read without running the script.",
        )


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


RULE = Rule(
    code="meta-form",
    severity=Severity.ERROR,
    summary="`meta` is not declared as `export const meta = {…}`",
    group="Structure",
    check=check,
)
