"""Where nulls of results go without an error: into prompts, counts, and objects that hide them."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.functions import arguments_of, returned_by
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment, Node
from callsheet.language.scopes.origins import origins
from callsheet.language.types.infer import Inference, per_unit
from callsheet.language.types.model import Null
from callsheet.language.types.narrow import is_condition, is_looked_at
from callsheet.language.types.uses import all_uses, uses

_TAKE_OUT = frozenset(
    {"filter", "some", "every", "find", "findLast", "findIndex", "reduce", "flatMap", "includes", "indexOf"}
)
_DEPTH = 4


@frozen(eq=False)
class Hole:
    """A null that goes where it should not.

    Attributes:
        place: the expression that may be null, or hold nulls.
        in_list: whether it is a list with nulls in it.
        one_by_one: whether it is one of a fan-out's results, which a callback turns into text.
        is_joined: whether `join` makes text of it, which leaves nulls out.
        is_whole: whether it is a whole prompt.
        name: of the property that hides it.
    """

    place: Node
    null: Null
    in_list: bool = False
    one_by_one: bool = False
    is_joined: bool = False
    is_whole: bool = False
    name: str | None = None
    where: Node | None = None


def prompt_holes(tree: LightTree) -> Iterator[Hole]:
    """Nulls that become part of a prompt."""
    return per_unit(tree, "prompt holes", _prompt_holes_in)


def _prompt_holes_in(types: Inference, unit: Fragment) -> Iterator[Hole]:
    tree = unit.tree
    # What the outermost scope leaves over are the globals of all units.
    named = unit.free.get("agent", ()) if unit is not tree.whole else ()
    for use in named:
        call = use.parent
        if (
            call is None
            or call.type != "call_expression"
            or call.children[0] is not use
            or use.binding is not None
        ):
            continue
        for prompt in arguments_of(call)[:1]:
            null = types.type_of(prompt).null
            if null is not None:
                yield Hole(prompt, null, is_whole=True)
                continue
            for text in _texts(types, prompt):
                yield from _hole(types, text, _DEPTH)


def _texts(types: Inference, prompt: Node) -> Iterator[Node]:
    """The expressions that make a prompt, also those in a helper that builds it."""
    for origin in origins(prompt):
        if origin.type != "call_expression":
            yield origin
            continue
        functions = types.functions(origin.children[0])
        for function in functions:
            yield from returned_by(function)
        if not functions:
            yield origin


def _holes_in_text(types: Inference, node: Node, depth: int) -> Iterator[Hole]:
    if depth <= 0:
        return
    if node.type == "template_string":
        for part in node.children:
            if part.type == "template_substitution" and part.children:
                yield from _hole(types, part.children[0], depth)
    elif node.type == "binary_expression" and node.name == "+":
        for part in _added(node):
            if part.type == "template_string":
                yield from _holes_in_text(types, part, depth - 1)
            else:
                yield from _hole(types, part, depth)


def _added(node: Node) -> Iterator[Node]:
    """The parts that are put together by `+`."""
    stack = [node]
    while stack:
        part = stack.pop()
        if (part.type == "binary_expression" and part.name == "+") or part.type == "parenthesized_expression":
            stack.extend(reversed(part.children))
        else:
            yield part


def _hole(types: Inference, node: Node, depth: int) -> Iterator[Hole]:
    if depth <= 0:
        return
    if _is_text(node):
        yield from _holes_in_text(types, node, depth - 1)
        return
    named = _text_by_name(node)
    if named is not None:
        yield from _hole(types, named, depth - 1)
        return
    shown, is_joined = _shown_value(node)
    for result in _mapped(types, shown):
        for hole in _holes_in_text(types, result, depth - 1):
            if hole.null.in_slot:
                yield evolve(hole, one_by_one=True)
    for hole in _holes_in_value(types, shown, depth):
        yield evolve(hole, is_joined=True) if is_joined else hole


def _holes_in_value(types: Inference, shown: Node, depth: int) -> Iterator[Hole]:
    if shown.type == "array":
        for item in shown.children:
            value = item.children[0] if item.type == "spread_element" and item.children else item
            yield from _hole(types, value, depth - 1)
        return
    found = types.type_of(shown)
    if found.kind == "array" and found.element is not None and found.element.null is not None:
        yield Hole(shown, found.element.null, in_list=True)
    elif found.null is not None:
        yield Hole(shown, found.null)
    elif shown.type == "object":
        for member in found.properties.values():
            element = member.type.element
            if member.type.kind == "array" and element is not None and element.null is not None:
                yield Hole(member.key or shown, element.null, in_list=True)
            elif member.type.null is not None:
                yield Hole(member.key or shown, member.type.null)


def _is_text(node: Node) -> bool:
    return node.type == "template_string" or (node.type == "binary_expression" and node.name == "+")


def _text_by_name(node: Node) -> Node | None:
    """What a constant is declared as that holds a text made from other values."""
    if node.type != "identifier" or node.binding is None or node.binding.kind != "const":
        return None
    found = origins(node)
    if len(found) != 1 or found[0] is node:
        return None
    return found[0] if _is_text(found[0]) or _shown_value(found[0])[0] is not found[0] else None


def _mapped(types: Inference, node: Node) -> list[Node]:
    """What the callback of `x.map(…)` gives."""
    if node.type != "call_expression" or not arguments_of(node):
        return []
    callee = node.children[0]
    if callee.type != "member_expression" or callee.children[-1].name not in {"map", "flatMap"}:
        return []
    return [result for function in types.functions(arguments_of(node)[0]) for result in returned_by(function)]


def _shown_value(node: Node) -> tuple[Node, bool]:
    """What `JSON.stringify(x)`, `x.join()` and the like show, and whether it is joined."""
    if node.type == "call_expression" and node.children:
        callee = node.children[0]
        arguments = arguments_of(node)
        if callee.text in {"JSON.stringify", "String"} and arguments:
            return arguments[0], False
        if callee.type == "member_expression" and callee.children[-1].name in {"join", "toString"}:
            return callee.children[0], True
    return node, False


def count_holes(tree: LightTree) -> Iterator[Hole]:
    """Lengths of lists with nulls that are told as if every element were a success."""
    return per_unit(tree, "count holes", _count_holes_in)


def _count_holes_in(types: Inference, unit: Fragment) -> Iterator[Hole]:
    for group in uses(unit):
        for node in group.lengths:
            value = node.children[0]
            if value.type not in _COUNTED or not _is_told(node):
                continue
            found = types.type_of(value)
            null = found.element.null if found.kind == "array" and found.element is not None else None
            if null is None or not null.in_slot:
                continue
            if value.binding is None or not _is_looked_into(value.binding, value):
                yield Hole(value, null, in_list=True)


_COUNTED = frozenset({"identifier", "parenthesized_expression"})


def _is_told(length: Node, depth: int = 3) -> bool:
    """Whether a number goes into a text, a log line or a result as it is."""
    parent = length.parent
    while parent is not None and parent.type == "parenthesized_expression":
        parent = parent.parent
    if parent is None:
        return False
    if parent.type == "arguments":
        call = parent.parent
        return call is not None and call.children[0].text in {"log", "console.log", "console.info"}
    name = parent.children[0].binding if parent.type in _TAKES else None
    if name is not None and depth > 0:
        touch(name, length, mentions=True)
        return any(_is_told(use, depth - 1) for use in name.references)
    if parent.type == "binary_expression" and parent.name == "+":
        return any(side.type in {"string", "template_string"} for side in parent.children)
    return parent.type in {"template_substitution", "pair", "return_statement"}


_TAKES = frozenset({"variable_declarator", "augmented_assignment_expression"})


def _is_looked_into(binding: Binding, node: Node) -> bool:
    """Whether the script anywhere takes care of nulls in a list."""
    touch(binding, node, mentions=True)
    for use in binding.references:
        parent = use.parent
        if parent is None:
            continue
        if parent.type == "member_expression" and parent.children[0] is use:
            name = parent.children[-1].name
            call = parent.parent
            if name in _TAKE_OUT:
                return True
            if name in {"map", "forEach"} and call is not None and _any_checks(arguments_of(call)):
                return True
        elif parent.type == "for_in_statement" and parent.children[0] is not use:
            if any(_is_checked_pattern(name) for name in parent.children[0].walk()):
                return True
        elif parent.type == "subscript_expression" and parent.children[0] is use:
            return True
        elif parent.type == "arguments":
            call = parent.parent
            if call is not None and call.children[0].binding is not None:
                return True
    return False


def _any_checks(callbacks: list[Node]) -> bool:
    return any(_checks_parameter(function) for callback in callbacks for function in origins(callback))


def _checks_parameter(function: Node) -> bool:
    parameters = function.child("formal_parameters")
    nodes = parameters.children if parameters is not None else function.children[:1]
    return any(_is_checked_pattern(name) for node in nodes[:1] for name in node.walk())


def _is_checked_pattern(name: Node) -> bool:
    if name.binding is None or name not in name.binding.declarations:
        return False
    touch(name.binding, name, mentions=True)
    return is_looked_at(name.binding)


def hidden_nulls(tree: LightTree) -> Iterator[Hole]:
    """Objects that hold a null, or lost one to a spread, and so pass `filter(Boolean)`."""
    for hole in per_unit(tree, "hidden nulls", _hidden_in):
        if hole.name is None or not _is_property_looked_at(tree, hole.name):
            yield hole


def _hidden_in(types: Inference, unit: Fragment) -> Iterator[Hole]:
    for group in uses(unit):
        for node in group.filters:
            yield from _hidden_from(types, node)


def _hidden_from(types: Inference, member: Node) -> Iterator[Hole]:
    call = member.parent
    if call is None or call.type != "call_expression" or call.children[0] is not member:
        return
    arguments = arguments_of(call)
    if len(arguments) != 1 or not _keeps_truthy(arguments[0]) or _is_filtered_again(call):
        return
    container = types.type_in_chain(member.children[0])
    element = container.element if container.kind == "array" else None
    if element is None or element.null is not None or element.literal is None:
        return
    if element.lost is not None:
        yield Hole(element.literal, element.lost, where=arguments[0])
    for name, property_ in element.properties.items():
        if property_.type.null is not None:
            yield Hole(element.literal, property_.type.null, name=name, where=arguments[0])


def _keeps_truthy(predicate: Node) -> bool:
    if predicate.type == "identifier":
        return predicate.name == "Boolean" and predicate.binding is None
    if predicate.type != "arrow_function" or len(predicate.children) != 2:
        return False
    parameter, body = predicate.children
    if parameter.type == "formal_parameters" and len(parameter.children) == 1:
        parameter = parameter.children[0]
    body = _looked_at(body)
    return body.type == "identifier" and body.binding is not None and body.binding is parameter.binding


def _looked_at(condition: Node) -> Node:
    """What a condition is about that asks only whether something is there: `!!x`, `x !== null`, `Boolean(x)`."""
    while True:
        children = condition.children
        is_negated = condition.type == "unary_expression" and condition.name == "!"
        if children and (is_negated or condition.type == "parenthesized_expression"):
            condition = children[0]
        elif condition.type == "binary_expression" and condition.name in {"!=", "!=="} and len(children) == 2:
            if children[1].type not in {"null", "undefined"}:
                return condition
            condition = children[0]
        elif condition.type == "call_expression" and condition.children[0].text == "Boolean":
            arguments = arguments_of(condition)
            if len(arguments) != 1:
                return condition
            condition = arguments[0]
        else:
            return condition


def _is_filtered_again(call: Node) -> bool:
    outer = call.parent
    return (
        outer is not None
        and outer.type == "member_expression"
        and outer.children[-1].name in {"filter", "find"}
    )


def _is_property_looked_at(tree: LightTree, name: str) -> bool:
    """Whether the script anywhere checks a property of that name."""
    for group in all_uses(tree):
        if any(node.children[1].name == name and is_condition(node) for node, _ in group.accesses):
            return True
        for pattern in group.patterns:
            for child in pattern.children:
                key, declared = (child.children[0], child.children[-1]) if child.children else (child, child)
                if key.name == name and _is_checked_pattern(declared):
                    return True
    return False
