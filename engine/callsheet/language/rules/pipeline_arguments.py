"""# `pipeline` takes an array, then functions

The items come first, as one array; each further argument is a stage, a function of what the stage before gave, the item
and its index.

```js
await pipeline((file) => agent(`Review ${file}`), files)
await pipeline(files, [review, fix])
await pipeline(files, agent('Review.'))
```

```js
await pipeline(files, review, fix)
await pipeline(files, (file) => agent(`Review ${file}`), (review, file) => agent(`Fix ${file}: ${review}`))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant, is_function, is_promise_of_ours
from callsheet.language.rules._fields import kind_of


def check(context: Context) -> Iterator[Problem]:
    """What `pipeline` is given, where the script tells."""
    for site in context.calls:
        arguments = site.arguments
        if not arguments:
            yield context.problem(
                site.callee, "`pipeline` takes an array of items, then a function for each stage."
            )
            continue
        items = constant(context.workflow, arguments[0])
        if items.type == "spread_element":
            yield context.problem(items, "`pipeline` takes the items as one array: remove the `...`.")
        elif is_promise_of_ours(context.workflow, items):
            at = arguments[0].start_byte
            fix = Fix("Await it", (Edit(Span(at, at), "await "),), preferred=True)
            message = "`pipeline` takes an array of items, and this is a promise: await it first."
            yield context.problem(arguments[0], message, fixes=(fix,))
        elif is_function(items) or kind_of(items) not in {None, "array"}:
            yield context.problem(arguments[0], "The first argument of `pipeline` is the array of items.")
        for stage in arguments[1:]:
            problem = _stage(context, stage)
            if problem is not None:
                yield problem


def _stage(context: Context, stage: Node) -> Problem | None:
    if stage.type == "spread_element":
        return None
    value = constant(context.workflow, stage)
    if is_promise_of_ours(context.workflow, value):
        fixes: tuple[Fix, ...] = ()
        if value == stage:
            edit = Edit(Span(stage.start_byte, stage.start_byte), "(previous) => ")
            fixes = (Fix("Wrap it in a function", (edit,), preferred=True),)
        return context.problem(
            stage, "A stage is a function that makes the call, not the call itself.", fixes=fixes
        )
    kind = kind_of(value)
    if kind == "array":
        edit = Edit(Span(stage.start_byte, stage.start_byte), "...")
        fix = Fix("Spread it", (edit,), preferred=True)
        return context.problem(stage, "Stages are separate arguments, not an array.", fixes=(fix,))
    if kind not in {None, "function"}:
        return context.problem(stage, "A stage must be a function.")
    return None


RULE = Rule(
    code="pipeline-arguments",
    severity=Severity.ERROR,
    summary="`pipeline` is given something else than an array and functions",
    group="Calls",
    check=check,
    calls=("pipeline",),
)
