"""# Another export than `meta`

Only `meta` is exported. The script's result is what it returns at the top level.

```js
export default async function main() {
  return await agent('Summarise the repository.')
}
```

```js
return await agent('Summarise the repository.')
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Exports beside that of `meta`."""
    meta = context.workflow.meta
    for node in context.parsed.root.children:
        if node.type != "export_statement" or (meta is not None and node == meta.statement) or node.has_error:
            continue
        declaration = node.child_by_field_name("declaration")
        is_default = any(child.type == "default" for child in node.children)
        fixes: tuple[Fix, ...] = ()
        if declaration is not None and not is_default:
            edit = Edit(Span(node.start_byte, declaration.start_byte), "")
            fixes = (Fix("Remove `export`", (edit,), safe=True, preferred=True),)
        keyword = node.child(0) or node
        message = "Only `meta` is exported. The result of a script is what it returns at the top level."
        yield context.problem(keyword, message, fixes=fixes)


RULE = Rule(
    code="module-export",
    severity=Severity.ERROR,
    summary="The script exports more than `meta`",
    group="Structure",
    check=check,
)
