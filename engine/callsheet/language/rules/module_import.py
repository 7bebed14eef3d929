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

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule

_WORD = re.compile(rb"\bimport\b")
_INSTEAD = (
    "a script is one file. Write the helper here, call another script with `workflow()`, or ask an agent."
)
_MESSAGES = {
    "import_statement": f"`import` is not available: {_INSTEAD}",
    "call_expression": f"`import()` is not available: {_INSTEAD}",
    "meta_property": "`import.meta` is not available. The script's own `meta` is.",
}


def check(context: Context) -> Iterator[Problem]:
    """Static and dynamic imports."""
    data, script = context.parsed.source.data, context.parsed.script
    for match in _WORD.finditer(data, script.start, script.end):
        node = context.parsed.root.descendant_for_byte_range(match.start(), match.end())
        if node is None or node.type != "import":
            continue
        while node.type == "import" and node.parent is not None:
            node = node.parent
        message = _MESSAGES.get(node.type)
        if message is not None and not node.has_error:
            yield context.problem(node, message)


RULE = Rule(
    code="module-import",
    severity=Severity.ERROR,
    summary="The script imports something",
    group="Structure",
    check=check,
)
