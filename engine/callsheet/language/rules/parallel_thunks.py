"""# `parallel` takes an array of functions

`parallel` itself starts the work, so that it can keep to the limit on agents at a time, and can give up calls that have
not started. A promise is work already started: it is a `TypeError`. One function, or functions as separate arguments,
are no array.

```js
await parallel(files.map((file) => agent(`Review ${file}`)))
await parallel([agent('Look at the code.'), agent('Look at the tests.')])
await parallel(() => agent('Look at the code.'), () => agent('Look at the tests.'))
```

```js
await parallel(files.map((file) => () => agent(`Review ${file}`)))
await parallel([() => agent('Look at the code.'), () => agent('Look at the tests.')])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.model import CallSite
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import (
    constant,
    expression_body,
    function_of,
    is_async,
    is_function,
    is_promise_of_ours,
    method_call,
    only_return,
    pushed_items,
    unwrap,
)
from callsheet.language.rules._fields import kind_of

_WRAP = "Wrap the call in a function"


def check(context: Context) -> Iterator[Problem]:
    """What `parallel` is given, where the script tells."""
    for site in context.calls:
        arguments = site.arguments
        if not arguments:
            yield context.problem(site.callee, "`parallel` takes an array of functions.")
        elif arguments[0].type == "spread_element":
            yield _spread(context, arguments[0])
        elif is_function(arguments[0]) or is_promise_of_ours(context.workflow, arguments[0]):
            yield _no_array(context, site)
        else:
            yield from _array(context, arguments[0])


def _spread(context: Context, argument: Node) -> Problem:
    edit = Edit(Span(argument.start_byte, argument.start_byte + 3), "")
    message = "`parallel` takes one array, not its items: remove the `...`."
    fix = Fix("Remove the spread", (edit,), preferred=True)
    return context.problem(argument, message, fixes=(fix,))


def _no_array(context: Context, site: CallSite) -> Problem:
    first, last = site.arguments[0], site.arguments[-1]
    edits = []
    for argument in site.arguments:
        before = "[" if argument == first else ""
        before += "() => " if is_promise_of_ours(context.workflow, argument) else ""
        edits.append(Edit(Span(argument.start_byte, argument.start_byte), before))
    edits.append(Edit(Span(last.end_byte, last.end_byte), "]"))
    what = "the functions as separate arguments" if len(site.arguments) > 1 else "one function"
    if is_promise_of_ours(context.workflow, first):
        what = "a promise"
    span = Span(first.start_byte, last.end_byte)
    fix = Fix("Make it an array of functions", tuple(edits), preferred=True)
    return context.problem(span, f"`parallel` takes an array of functions, not {what}.", fixes=(fix,))


def _array(context: Context, argument: Node) -> Iterator[Problem]:
    value = constant(context.workflow, argument)
    in_place = value == unwrap(argument)
    if value.type == "array":
        for item in value.named_children:
            inner = item.named_child(0) if item.type == "spread_element" else None
            if inner is not None:
                yield from _array(context, inner)
            elif item.type not in {"comment", "spread_element"}:
                yield from _item(context, item)
        for item in pushed_items(context.workflow, argument):
            yield from _item(context, item)
        return
    method = method_call(value)
    callback = _item_callback(method) if method is not None else None
    if callback is not None:
        problem = _callback(context, argument, callback, in_place)
        if problem is not None:
            yield problem
        return
    kind = kind_of(value)
    if kind is not None:
        yield context.problem(argument, "`parallel` takes an array of functions.")


def _item_callback(method: tuple[Node, str, tuple[Node, ...]]) -> Node | None:
    """The function that makes each item: that of `map`, `flatMap` or `Array.from`."""
    target, name, arguments = method
    if name in {"map", "flatMap"} and arguments:
        return arguments[0]
    if name == "from" and target.text == b"Array" and len(arguments) > 1:
        return arguments[1]
    return None


def _item(context: Context, item: Node) -> Iterator[Problem]:
    value = constant(context.workflow, item)
    awaited = value.named_child(0) if value.type == "await_expression" else None
    promise = awaited if awaited is not None else value
    if is_promise_of_ours(context.workflow, promise):
        fixes: tuple[Fix, ...] = ()
        if value == item:
            edit = Edit(Span(item.start_byte, promise.start_byte), "() => ")
            fixes = (Fix(_WRAP, (edit,), safe=True, preferred=True),)
        what = "the result of a call" if awaited is not None else "a promise"
        yield context.problem(
            item, f"`parallel` takes functions, and this is {what}: wrap it, `() => …`.", fixes=fixes
        )
    elif kind_of(value) not in {None, "function"}:
        yield context.problem(item, "`parallel` takes functions, and this is none.")


def _callback(context: Context, argument: Node, callback: Node, in_place: bool) -> Problem | None:
    """`items.map(callback)`: the callback must give functions."""
    function = function_of(context.workflow, callback)
    if function is None:
        return None
    is_written_here = in_place and function == callback
    where = callback if in_place else argument
    if is_async(function):
        message = "These are promises: an async callback is called at once. Give functions: `(item) => async () => …`."
        return context.problem(where, message, fixes=_async_fix(function) if is_written_here else ())
    given = expression_body(function) or only_return(function)
    if given is None:
        return None
    value = unwrap(given)
    if is_promise_of_ours(context.workflow, value):
        edit = Edit(Span(given.start_byte, given.start_byte), "() => ")
        message = "`parallel` takes functions, and these are promises: `(item) => () => …`."
        fixes = (Fix(_WRAP, (edit,), safe=True, preferred=True),) if function == callback else ()
        return context.problem(given if is_written_here else where, message, fixes=fixes)
    if kind_of(value) in {"string", "number", "object", "boolean", "null"}:
        return context.problem(
            given if is_written_here else where, "`parallel` takes functions, and these are none."
        )
    return None


def _async_fix(callback: Node) -> tuple[Fix, ...]:
    keyword, body = callback.child(0), callback.child_by_field_name("body")
    if callback.type != "arrow_function" or keyword is None or keyword.type != "async" or body is None:
        return ()
    after = keyword.next_sibling
    edits = (
        Edit(Span(keyword.start_byte, after.start_byte if after is not None else keyword.end_byte), ""),
        Edit(Span(body.start_byte, body.start_byte), "async () => "),
    )
    return (Fix("Give a function for each item", edits, preferred=True),)


RULE = Rule(
    code="parallel-thunks",
    severity=Severity.ERROR,
    summary="`parallel` is given something else than an array of functions",
    group="Calls",
    check=check,
    calls=("parallel",),
)
