"""# A script cannot import

A script is one file and is run as it stands: no `import`, no `import()`, no `import.meta`. Only agents can read files
and load packages.

```js
import { readFile } from 'node:fs/promises'
const text = await readFile('README.md', 'utf8')
```

```js
const text = await agent('Read README.md and answer with its text, unchanged.')
```

Write small helpers into the script; call another script with `workflow('name')`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.calls import arguments_of
from callsheet.language.literals import string_value
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.tables.missing import instead_of_module

_WORD = re.compile(rb"\bimport\b")
_SHOWN = {"import_statement": "import", "call_expression": "import()"}


def check(context: Context) -> Iterator[Problem]:
    """Static and dynamic imports."""
    data, script = context.parsed.source.data, context.parsed.script
    for match in _WORD.finditer(data, script.start, script.end):
        node = context.parsed.root.descendant_for_byte_range(match.start(), match.end())
        if node is None or node.type != "import":
            continue
        while node.type == "import" and node.parent is not None:
            node = node.parent
        if node.has_error:
            continue
        if node.type in _SHOWN:
            instead = instead_of_module(_module(node))
            yield context.problem(node, f"`{_SHOWN[node.type]}` is not available. {instead}")
        elif node.type == "meta_property":
            yield context.problem(node, "`import.meta` is not available. The script's own `meta` is.")


def _module(node: Node) -> str:
    """Name of the module that is imported; empty where the script does not tell."""
    source = node.child_by_field_name("source")
    if source is None:
        source = next(iter(arguments_of(node)), None)
    return (string_value(source) if source is not None else None) or ""


RULE = Rule(
    code="module-import",
    severity=Severity.ERROR,
    summary="The script imports something",
    group="Structure",
    check=check,
)
