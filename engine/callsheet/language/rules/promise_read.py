"""# A promise is used as if it were the result

Without `await` a call gives a promise, not the agent's answer. Its properties are `undefined`, in a text it reads
`[object Promise]`, and as a condition it is always true.

```js
const review = agent('Review the change.', { schema: REVIEW })
if (review.ok) log(`Fine: ${review}`)
```

```js
const review = await agent('Review the change.', { schema: REVIEW })
if (review?.ok) log(`Fine: ${JSON.stringify(review)}`)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import CallSite
from callsheet.language.problem import Edit, Fix, Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import is_async
from callsheet.language.rules._fate import Fate, fate_of
from callsheet.language.scopes import node_at, nodes
from callsheet.language.scopes.lower import light_tree
from callsheet.language.tables.globals import AWAITED

_PASSED_ON = frozenset({"then", "catch", "finally"})


def check(context: Context) -> Iterator[Problem]:
    """Promises that are read, in place or through a `const`."""
    for site in context.workflow.calls_of(*AWAITED):
        fate = fate_of(site.node, site.path)
        if fate.kind == "read":
            message = f"This uses the promise of `{site.kind}`, not its result: await it first."
            yield context.problem(site.callee, message, fixes=_await(site, fate))
        elif fate.kind == "kept" and fate.user.type == "variable_declarator":
            yield from _reads_of_constant(context, site, fate)


def _reads_of_constant(context: Context, site: CallSite, fate: Fate) -> Iterator[Problem]:
    name = fate.user.child_by_field_name("name")
    if name is None or name.type != "identifier":
        return
    binding = context.workflow.scopes.binding_of(name)
    if binding is None or binding.kind != "const":
        return
    node = _light_name(context, binding.span.start)
    uses = node.binding.references if node is not None and node.binding is not None else ()
    read = [use for use in uses if _reads(use)]
    if not read:
        return
    insert = _await(site, fate)
    origin = Related(Span(site.callee.start_byte, site.callee.end_byte), "The promise comes from here.")
    for use in sorted(read, key=lambda use: use.start):
        yield context.problem(
            use.span,
            f"`{binding.name}` is a promise, not the result of `{site.kind}`: await it.",
            fixes=insert,
            related=(origin,),
        )


def _reads(use: nodes.Node) -> bool:
    parent = use.parent
    if parent is None:
        return False
    if parent.type == "member_expression" and parent.children[0] is use:
        return parent.children[-1].name not in _PASSED_ON
    if parent.type == "template_substitution":
        return True
    if parent.type == "subscript_expression":
        return parent.children[0] is use
    if parent.type == "arguments" and parent.parent is not None and parent.parent.type == "call_expression":
        return parent.parent.children[0].text in {"JSON.stringify", "log", "String"}
    return parent.type == "unary_expression" and parent.name == "!"


def _light_name(context: Context, start: int) -> nodes.Node | None:
    return node_at(light_tree(context.parsed), start)


def _await(site: CallSite, fate: Fate) -> tuple[Fix, ...]:
    if site.function is not None and not is_async(site.function):
        return ()
    start, end = fate.promise.start_byte, fate.promise.end_byte
    edits: tuple[Edit, ...] = (Edit(Span(start, start), "await "),)
    if fate.user.type in {"member_expression", "subscript_expression"}:
        edits = (Edit(Span(start, start), "(await "), Edit(Span(end, end), ")"))
    return (Fix("Await it", edits, preferred=True),)


RULE = Rule(
    code="promise-read",
    severity=Severity.WARNING,
    summary="A promise is used as if it were the result",
    group="Calls",
    check=check,
)
