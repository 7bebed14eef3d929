"""The script's own async functions that call agents, and their uses, on the light tree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from callsheet.language.rule import Context
from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node


def async_helpers(context: Context) -> Iterator[Binding]:
    """Names of async functions with a call in them that the rule looks at, where it looks at it."""
    starts = [site.node.start_byte for site in context.calls]
    for binding in _declared(context):
        function = _function_of(binding)
        if function is None or not function.text.startswith("async"):
            continue
        at = bisect_left(starts, function.start)
        if at < len(starts) and starts[at] < function.end:
            touch(binding, function, mentions=True)
            yield binding


def _declared(context: Context) -> Iterator[Binding]:
    """The names that are declared in the statement that is looked at, or in the whole script."""
    statement = context.statement
    tree = light_tree(context.parsed)
    if statement is None:
        stack = [tree.module]
    else:
        stack = list(statement.scopes)
        yield from (node.binding for node, _ in statement.declared if node.binding is not None)
    while stack:
        scope = stack.pop()
        stack.extend(scope.children)
        yield from scope.bindings.values()


def dropped_uses(binding: Binding) -> Iterator[Node]:
    """Calls of a function whose promise nobody has: statements of their own, and callbacks of `forEach`."""
    for use in binding.references:
        parent = use.parent
        if parent is None or parent.type not in {"call_expression", "arguments"}:
            continue
        outer = parent.parent
        if parent.type == "call_expression":
            if parent.children[0] is use and outer is not None and outer.type == "expression_statement":
                yield use
        elif outer is not None and outer.type == "call_expression" and parent.children[0] is use:
            callee = outer.children[0]
            if callee.type == "member_expression" and callee.children[-1].name == "forEach":
                yield use


def _function_of(binding: Binding) -> Node | None:
    if len(binding.declarations) != 1:
        return None
    declared = binding.declarations[0].parent
    if declared is None:
        return None
    if binding.kind == "function":
        return declared if declared.type in FUNCTIONS else None
    if binding.kind != "const" or declared.type != "variable_declarator":
        return None
    value = declared.children[-1]
    return value if value.type in FUNCTIONS else None
