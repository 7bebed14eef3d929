"""# TypeScript in a script

A workflow script is plain JavaScript: it runs as it stands, no compiler comes before. Type annotations, `interface`,
`type`, `enum`, `as`, `satisfies`, non-null `!`, type arguments, access modifiers and decorators cannot be read.

```js
const names: string[] = args.names as string[]
```

```js
/** @type {string[]} */
const names = args.names
```

For types in the editor use JSDoc comments and the `workflow.d.ts` that comes with Callsheet.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule


def check(context: Context) -> Iterator[Problem]:
    """Syntax errors that TypeScript explains."""
    for fault in context.workflow.faults:
        if fault.kind == "typescript":
            yield context.problem(fault.span, fault.message, fixes=fault.fixes)


RULE = Rule(
    code="typescript-syntax",
    severity=Severity.ERROR,
    summary="The script uses TypeScript syntax",
    group="Structure",
    check=check,
)
