"""# Nothing waits for the call

`agent`, `parallel`, `pipeline`, `workflow` and the helpers give a promise. When it is neither awaited nor returned nor
handed on, the script goes on without the result, an error in it is lost, and the run waits for it only at its end.

```js
agent('Fix the failing test.', { label: 'fix' })
files.forEach(async (file) => {
  await agent(`Review ${file}`)          // forEach drops the promises that it is given
})
```

```js
await agent('Fix the failing test.', { label: 'fix' })
await parallel(files.map((file) => () => agent(`Review ${file}`)))
```

To start a call on purpose without waiting, write `void agent(…)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.model import CallSite
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant, is_async, is_function, method_call
from callsheet.language.rules._fate import Fate, fate_of
from callsheet.language.rules._helpers import async_helpers, dropped_uses
from callsheet.language.scopes import nodes
from callsheet.language.tables.globals import AWAITED

_NAME_OF_KEEPER = {"variable_declarator": "name", "assignment_expression": "left"}
_STATEMENT_OF_ITS_CALL = ["expression_statement", "call_expression", "parenthesized_expression"]


def check(context: Context) -> Iterator[Problem]:
    """Calls whose promise nobody has."""
    for site in context.calls:
        fate = fate_of(site.node, site.path)
        if fate.kind == "dropped":
            yield _dropped(context, site, fate)
        elif (dropping := _dropping_method(site, fate)) is not None:
            yield context.problem(
                site.callee,
                f"`{dropping}` does not wait for `{site.kind}`: use `for … of` with `await`, or `parallel`.",
            )
        elif fate.kind == "kept" and _is_never_read(context, fate.user):
            yield context.problem(
                site.callee,
                f"Nothing waits for this `{site.kind}`: it is stored, and never read.",
                fixes=_await(site, fate),
            )
    yield from _called_at_once(context)
    for helper in async_helpers(context):
        for use in sorted(dropped_uses(helper), key=lambda use: use.start):
            message = (
                f"Nothing waits for `{helper.name}`, which calls agents: await it, or hand its promise on."
            )
            yield context.problem(use.span, message, fixes=_await_use(use))


def _called_at_once(context: Context) -> Iterator[Problem]:
    """`(async () => { … })()` as a statement, with calls in it."""
    seen: set[int] = set()
    for site in context.calls:
        function = site.function
        if function is None or function.id in seen or not is_async(function):
            continue
        seen.add(function.id)
        at = next(at for at, node in enumerate(site.path) if node.id == function.id)
        if [node.type for node in site.path[max(at - 3, 0) : at]] != _STATEMENT_OF_ITS_CALL:
            continue
        start = site.path[at - 3].start_byte
        fixes: tuple[Fix, ...] = ()
        if not any(is_function(node) for node in site.path[: at - 3]):
            fixes = (Fix("Await it", (Edit(Span(start, start), "await "),), preferred=True),)
        message = "Nothing waits for this function, which calls agents: await it."
        yield context.problem(
            Span(function.start_byte, function.start_byte + len("async")), message, fixes=fixes
        )


def _await_use(use: nodes.Node) -> tuple[Fix, ...]:
    statement = use.parent.parent if use.parent is not None else None
    if statement is None or statement.type != "expression_statement":
        return ()
    if any(ancestor.type in nodes.FUNCTIONS for ancestor in use.ancestors()):
        return ()
    is_last = (
        statement.parent is not None
        and statement.parent.parent is None
        and statement.parent.children[-1] is statement
    )
    text, title = ("return await ", "Return its result") if is_last else ("await ", "Await it")
    return (Fix(title, (Edit(Span(use.start, use.start), text),), preferred=True),)


def _dropped(context: Context, site: CallSite, fate: Fate) -> Problem:
    function, statement = site.function, fate.user
    if function is not None and site.fan_out is not None and _is_last_statement(function, statement):
        edit = Edit(Span(statement.start_byte, statement.start_byte), "return ")
        return context.problem(
            site.callee,
            f"The result of `{site.kind}` is lost, and the fan-out does not wait for it: return it.",
            fixes=(Fix("Return it", (edit,), preferred=True),),
        )
    message = f"Nothing waits for `{site.kind}`: write `await` before it, or `void` to start it on purpose."
    return context.problem(site.callee, message, fixes=_await(site, fate))


def _await(site: CallSite, fate: Fate) -> tuple[Fix, ...]:
    if site.function is not None and not is_async(site.function):
        return ()
    at = fate.promise.start_byte
    return (Fix("Await it", (Edit(Span(at, at), "await "),), preferred=True),)


def _is_last_statement(function: Node, statement: Node) -> bool:
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return False
    statements = [child for child in body.named_children if child.type != "comment"]
    return bool(statements) and statements[-1] == statement


def _dropping_method(site: CallSite, fate: Fate) -> str | None:
    """The array method whose callback gives the promise and that drops it: `forEach`, or a `map` that nobody reads."""
    function = site.function
    if function is None or (fate.kind == "kept" and not is_async(function)):
        return "forEach" if fate.kind == "not waited for" else None
    at = next((at for at, node in enumerate(site.path) if node.id == function.id), 0)
    if at < 3 or site.path[at - 1].type != "arguments":
        return None
    method = method_call(site.path[at - 2])
    if method is None:
        return None
    is_dropped = method[1] == "map" and site.path[at - 3].type == "expression_statement"
    return method[1] if method[1] == "forEach" or is_dropped else None


def _is_never_read(context: Context, keeper: Node) -> bool:
    """Whether a promise is put into a variable, or pushed to an array, that nothing else is done with."""
    pushed_to = _pushed_to(keeper)
    name = pushed_to or keeper.child_by_field_name(_NAME_OF_KEEPER.get(keeper.type, ""))
    if name is None or name.type != "identifier" or context.parsed.root.has_error:
        return False
    binding = context.workflow.scopes.binding_of(name)
    if binding is None or (pushed_to is not None and constant(context.workflow, name).type != "array"):
        return False
    for use in context.workflow.scopes.references_of(binding):
        node = context.parsed.root.descendant_for_byte_range(use.span.start, use.span.end)
        pushes = pushed_to is not None and node is not None and _is_push(node)
        if use.kind != "write" and not pushes:
            return False
    return True


def _pushed_to(arguments: Node) -> Node | None:
    """The array that `array.push(promise)`, a statement, puts a promise into."""
    call = arguments.parent if arguments.type == "arguments" else None
    method = method_call(call) if call is not None else None
    return method[0] if method is not None and _is_push(method[0]) else None


def _is_push(name: Node) -> bool:
    call = name.parent.parent if name.parent is not None else None
    method = method_call(call) if call is not None else None
    if call is None or method is None or method[1] != "push" or method[0] != name:
        return False
    return call.parent is not None and call.parent.type == "expression_statement"


RULE = Rule(
    code="call-unused",
    severity=Severity.WARNING,
    summary="A call is neither awaited nor returned nor handed on",
    group="Calls",
    check=check,
    calls=AWAITED,
)
