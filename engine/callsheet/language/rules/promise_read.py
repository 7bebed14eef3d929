"""# A promise is used as if it were the result

Without `await` a call gives a promise, not the agent's answer. Its properties are `undefined`, in a text it reads
`[object Promise]`, and as a condition it is always true.

```js
const review = agent('Review the change.', { schema: REVIEW })
if (review.ok) log(`Fine: ${review}`)
const all = await files.map((file) => agent(`Review ${file}`))    // waits for nothing: an array is no promise
```

```js
const review = await agent('Review the change.', { schema: REVIEW })
if (review?.ok) log(`Fine: ${JSON.stringify(review)}`)
const all = await parallel(files.map((file) => () => agent(`Review ${file}`)))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import FUNCTION_TYPES, CallSite
from callsheet.language.problem import Edit, Fix, Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import is_async, method_call
from callsheet.language.rules._fate import Fate, fate_of
from callsheet.language.scopes import node_at, nodes
from callsheet.language.scopes.bind import touch
from callsheet.language.scopes.lower import light_tree
from callsheet.language.tables.globals import AWAITED

_COLLECTIONS = frozenset({"pair", "object", "array", "parenthesized_expression", "ternary_expression"})
_PASSED_ON = frozenset({"then", "catch", "finally"})


def check(context: Context) -> Iterator[Problem]:
    """Promises that are read, in place or through a `const`."""
    seen: set[int] = set()
    for site in context.calls:
        fate = fate_of(site.node, site.path)
        if fate.kind == "read":
            message = f"This uses the promise of `{site.kind}`, not its result: await it first."
            yield context.problem(site.callee, message, fixes=_await(site, fate))
        elif fate.kind == "kept" and fate.user.type == "variable_declarator":
            yield from _reads_of_constant(context, site, fate)
        elif fate.kind == "kept" and (problem := _in_collection(context, site, fate)) is not None:
            # One finding for each callback, however many calls it makes.
            key = site.function.id if site.function is not None else site.node.id
            if key not in seen:
                seen.add(key)
                yield problem


def _in_collection(context: Context, site: CallSite, fate: Fate) -> Problem | None:
    """A promise in an array or object that is awaited or returned as a whole: only its own `await` would help."""
    path = list(site.path)
    function, mapped = site.function, None
    if function is not None and (fate.user.id == function.id or is_async(function)):
        at = next(at for at, node in enumerate(path) if node.id == function.id)
        mapped = method_call(path[at - 2]) if at >= 2 and path[at - 1].type == "arguments" else None
        if mapped is None or mapped[1] != "map":
            return None
        path = path[: at - 2]
    elif function is not None:
        return None
    is_collection = mapped is not None
    while path and path[-1].type in _COLLECTIONS:
        is_collection = is_collection or path[-1].type in {"array", "object"}
        path.pop()
    if not path or not is_collection:
        return None
    if path[-1].type == "await_expression":
        message = (
            "`await` waits for one promise, not for those in an array: use `parallel`, or `Promise.all`."
        )
        return context.problem(site.callee, message)
    at_top = not any(node.type in FUNCTION_TYPES for node in path)
    if path[-1].type == "return_statement" and at_top:
        message = f"The result holds the promise of `{site.kind}`, which becomes `{{}}`: await it."
        return context.problem(site.callee, message, fixes=() if mapped is not None else _await(site, fate))
    return None


def _reads_of_constant(context: Context, site: CallSite, fate: Fate) -> Iterator[Problem]:
    name = fate.user.child_by_field_name("name")
    if name is not None and name.type in {"object_pattern", "array_pattern"}:
        message = f"This takes apart the promise of `{site.kind}`, not its result: await it first."
        yield context.problem(site.callee, message, fixes=_await(site, fate))
    if name is None or name.type != "identifier":
        return
    binding = context.workflow.scopes.binding_of(name)
    if binding is None or binding.kind != "const":
        return
    declared = node_at(light_tree(context.parsed), binding.span.start)
    if declared.binding is None:
        return
    touch(declared.binding, declared, mentions=True)
    read = [use for use in declared.binding.references if _reads(use)]
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
    calls=AWAITED,
)
