"""How many items an array has, and how often a call is made, where the script tells."""

from __future__ import annotations

from attrs import frozen
from tree_sitter import Node

from callsheet.language.literals import number_value
from callsheet.language.model import FUNCTION_TYPES, CallSite, Workflow, arguments_of
from callsheet.language.problem import Span
from callsheet.language.rules._expressions import constant, method_call

_SAME_LENGTH = frozenset(
    {"map", "sort", "reverse", "fill", "toSorted", "toReversed", "entries", "keys", "values", "with"}
)
_MOST_NAMES = 2
_CALLED_BY_NAME = frozenset({"function_declaration", "generator_function_declaration", "method_definition"})
_AT_MOST = frozenset({"filter", "slice"})
_HELPER_AGENTS = {"verify": ("reviewers", 2), "judgePanel": ("judges", 3)}
"""Helpers that ask several agents: the option that says how many, and its default."""


@frozen
class Count:
    """A number of items.

    Attributes:
        number: how many.
        is_exact: whether it is that many, not only at most.
    """

    number: int
    is_exact: bool


def length_of(workflow: Workflow, node: Node, depth: int = 0) -> Count | None:
    """Number of items of an array; None where the script does not tell."""
    if depth > 8:
        return None
    name = node
    node = constant(workflow, node)
    if node.type == "array":
        if name.type == "identifier" and _may_grow(workflow, name):
            return None
        return _length_of_literal(workflow, node, depth)
    if node.type in {"call_expression", "new_expression"}:
        made = _made_with_length(workflow, node)
        if made is not None:
            return Count(made, True)
    method = method_call(node)
    if method is not None:
        inner = length_of(workflow, method[0], depth + 1)
        if inner is not None and method[1] in _SAME_LENGTH:
            return inner
        if inner is not None and method[1] in _AT_MOST:
            return Count(inner.number, False)
    return None


def number_of(workflow: Workflow, node: Node) -> float | None:
    """Value of a number that is written down."""
    node = constant(workflow, node)
    return number_value(node) if node.type == "number" else None


def agents_of(workflow: Workflow, site: CallSite) -> int | None:
    """The most agents that a call asks in one run, of a helper those that it asks itself."""
    times = times_called(workflow, site)
    if times is None or site.kind not in _HELPER_AGENTS:
        return times
    name, default = _HELPER_AGENTS[site.kind]
    option = site.option(name)
    each = number_of(workflow, option.value) if option is not None else default
    if site.kind == "judgePanel" and each is not None:
        attempts = site.argument(0)
        count = length_of(workflow, attempts) if attempts is not None else None
        each = each * count.number if count is not None else None
    return None if each is None else times * int(each)


def times_called(workflow: Workflow, site: CallSite) -> int | None:
    """The most often that a call is made in one run; None where the script does not tell.

    A call in a function is made as often as the function is called: by a known fan-out or array method, or by name.
    """
    return _times_reached(workflow, site.path, _MOST_NAMES)


def _times_reached(workflow: Workflow, path: tuple[Node, ...], names: int) -> int | None:
    times = 1
    for depth in range(len(path) - 1, -1, -1):
        node = path[depth]
        factor: int | None = 1
        name = _name_of(node, path[depth - 1]) if depth and node.type in FUNCTION_TYPES else None
        if name is not None or node.type in _CALLED_BY_NAME:
            rest = _times_by_name(workflow, name, names) if name is not None else None
            return None if rest is None else times * rest
        if node.type in {"arrow_function", "function_expression"}:
            factor = _callback_times(workflow, path, depth)
        elif node.type in {"for_statement", "for_in_statement", "while_statement", "do_statement"}:
            factor = _loop_times(workflow, node)
        if factor is None:
            return None
        times *= factor
    return times


def _name_of(function: Node, parent: Node) -> Node | None:
    """The name that a function is declared with, or that it is the value of."""
    if function.type == "function_declaration":
        return function.child_by_field_name("name")
    return parent.child_by_field_name("name") if parent.type == "variable_declarator" else None


def _times_by_name(workflow: Workflow, name: Node, names: int) -> int | None:
    """How often a function is called by its name; None where it is handed to what may call it any number of times."""
    binding = workflow.scopes.binding_of(name)
    if binding is None or names <= 0 or binding.kind not in {"const", "function"}:
        return None
    total = 0
    for reference in workflow.scopes.references_of(binding):
        path = _path_to(workflow.parsed.root, reference.span)
        use, parent = path[-1], path[-2]
        if parent.type == "call_expression" and parent.child_by_field_name("function") == use:
            times = _times_reached(workflow, path[:-2], names - 1)
        else:
            handed = _callback_times(workflow, path, len(path) - 1)
            times = _times_reached(workflow, path[:-1], names - 1) if handed is not None else None
            times = times * handed if times is not None and handed is not None else None
        if times is None:
            return None
        total += times
    return total


def _path_to(root: Node, span: Span) -> tuple[Node, ...]:
    """The nodes from the root to the one that stands at a place."""
    target = root.descendant_for_byte_range(span.start, span.end)
    path = [root]
    while target is not None and path[-1].id != target.id:
        child = path[-1].child_with_descendant(target)
        if child is None:
            break
        path.append(child)
    return tuple(path)


def _length_of_literal(workflow: Workflow, array: Node, depth: int) -> Count | None:
    total, exact = 0, True
    for item in array.named_children:
        if item.type == "comment":
            continue
        if item.type == "spread_element":
            inner = item.named_child(0)
            count = length_of(workflow, inner, depth + 1) if inner is not None else None
            if count is None:
                return None
            total, exact = total + count.number, exact and count.is_exact
        else:
            total += 1
    return Count(total, exact)


def _may_grow(workflow: Workflow, name: Node) -> bool:
    binding = workflow.scopes.binding_of(name)
    if binding is None:
        return True
    data = workflow.parsed.source.data
    return any(
        data[use.span.end :]
        .lstrip()[:8]
        .startswith((b".push", b".unshift", b".splice", b".concat", b".length"))
        for use in workflow.scopes.references_of(binding)
    )


def _made_with_length(workflow: Workflow, node: Node) -> int | None:
    callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    text = callee.text if callee is not None else None
    arguments = arguments_of(node)
    if not arguments:
        return None
    if text == b"Array" and len(arguments) == 1:
        value = number_of(workflow, arguments[0])
        return int(value) if value is not None and value >= 0 and value == int(value) else None
    if text == b"Array.from":
        source = constant(workflow, arguments[0])
        for entry in source.named_children if source.type == "object" else ():
            key, value_node = entry.child_by_field_name("key"), entry.child_by_field_name("value")
            if key is not None and key.text == b"length" and value_node is not None:
                value = number_of(workflow, value_node)
                return int(value) if value is not None and value >= 0 else None
        count = length_of(workflow, arguments[0], 1)
        return count.number if count is not None and count.is_exact else None
    return None


def _callback_times(workflow: Workflow, path: tuple[Node, ...], depth: int) -> int | None:
    """How often a function written as an argument, or as an item of an array that is one, is called."""
    above = path[:depth]
    if above and above[-1].type == "arrow_function":
        return 1  # the thunk that a callback gives: made once per item already counted
    if len(above) >= 3 and above[-1].type == "array" and above[-2].type == "arguments":
        name = above[-3].child_by_field_name("function")
        return 1 if name is not None and name.text in {b"parallel", b"Promise.all"} else None
    if len(above) < 2 or above[-1].type != "arguments":
        return None
    call, function = above[-2], path[depth]
    method = method_call(call)
    if method is not None and method[1] in {"map", "forEach", "flatMap", "filter"}:
        count = length_of(workflow, method[0])
        return count.number if count is not None else None
    callee = call.child_by_field_name("function")
    arguments = arguments_of(call)
    if callee is not None and callee.text == b"pipeline" and arguments and function != arguments[0]:
        count = length_of(workflow, arguments[0])
        return count.number if count is not None else None
    made = (
        callee is not None
        and callee.text == b"Array.from"
        and len(arguments) == 2
        and function == arguments[1]
    )
    if made:
        return _made_with_length(workflow, call)
    return None


def _loop_times(workflow: Workflow, loop: Node) -> int | None:
    if loop.type == "for_in_statement":
        right = loop.child_by_field_name("right")
        count = length_of(workflow, right) if right is not None else None
        return count.number if count is not None else None
    if loop.type != "for_statement":
        return None
    return _counted_times(workflow, loop)


def _counted_times(workflow: Workflow, loop: Node) -> int | None:
    """Turns of `for (let i = a; i < b; i++)`."""
    start, condition, step = (
        loop.child_by_field_name(name) for name in ("initializer", "condition", "increment")
    )
    if start is None or condition is None or step is None or step.type != "update_expression":
        return None
    declarator = next((child for child in start.named_children if child.type == "variable_declarator"), None)
    value = declarator.child_by_field_name("value") if declarator is not None else None
    if condition.type == "expression_statement" and (inner := condition.named_child(0)) is not None:
        condition = inner
    limit, operator = condition.child_by_field_name("right"), condition.child_by_field_name("operator")
    if value is None or limit is None or operator is None or operator.type not in {"<", "<="}:
        return None
    first, last = number_of(workflow, value), number_of(workflow, limit)
    if first is None or last is None:
        return None
    return max(0, int(last - first) + (1 if operator.type == "<=" else 0))
