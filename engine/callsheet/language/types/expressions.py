"""What each kind of expression is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve

from callsheet.language.scopes.bind import touch
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import key_names
from callsheet.language.types.assigned import values_at
from callsheet.language.types.model import (
    BOOLEAN,
    NULL,
    NUMBER,
    STRING,
    UNDEFINED,
    UNKNOWN,
    Member,
    Type,
    array_of,
    awaited,
    join,
    join_all,
)
from callsheet.language.types.narrow import is_checked

if TYPE_CHECKING:
    from callsheet.language.types.infer import Inference

_COMPARISONS = frozenset({"===", "!==", "==", "!=", "<", ">", "<=", ">=", "in", "instanceof"})
_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"})


def _narrowed(inference: Inference, node: Node, type_: Type) -> Type:
    if type_.null is not None and is_checked(node):
        type_ = type_.not_null()
    element = type_.element
    if (
        type_.kind == "array"
        and element is not None
        and element.null is not None
        and is_checked(node, elements=True)
    ):
        type_ = evolve(type_, element=element.not_null(), items=None)
    return type_


def _same(inference: Inference, node: Node) -> Type:
    return inference.type_of(node.children[0]) if node.children else UNKNOWN


def _await(inference: Inference, node: Node) -> Type:
    return awaited(inference.type_of(node.children[0])) if node.children else UNKNOWN


def _last(inference: Inference, node: Node) -> Type:
    return inference.type_of(node.children[-1]) if node.children else UNKNOWN


def _identifier(inference: Inference, node: Node) -> Type:
    if node.binding is None:
        return UNKNOWN
    touch(node.binding, node)
    if node.binding.kind in {"let", "var"}:
        touch(node.binding, node, mentions=True)
        values = values_at(node, node.binding)
        if values is not None:
            return _narrowed(inference, node, join_all([inference.type_of(value) for value in values]))
    return _narrowed(inference, node, inference.type_of_name(node.binding))


def _chain(inference: Inference, node: Node) -> Type:
    in_chain, whole = inference.link(node)
    inference.in_chain[node] = _narrowed(inference, node, in_chain)
    return _narrowed(inference, node, whole)


def _ternary(inference: Inference, node: Node) -> Type:
    if len(node.children) != 3:
        return UNKNOWN
    return join(inference.type_of(node.children[1]), inference.type_of(node.children[2]))


def _binary(inference: Inference, node: Node) -> Type:
    operator = node.name or ""
    if len(node.children) != 2:
        return UNKNOWN
    left, right = node.children
    if operator in {"||", "??"}:
        return or_else(inference.type_of(left).not_null(), inference.type_of(right))
    if operator == "&&":
        return inference.type_of(right).or_null(inference.type_of(left).null)
    if operator in _COMPARISONS:
        return BOOLEAN
    if operator in _ARITHMETIC:
        return NUMBER
    return UNKNOWN


def or_else(first: Type, second: Type) -> Type:
    """The type of a value with a substitute; an empty one tells nothing."""
    if second.kind == "array" and second.items == ():
        return first if first.kind == "array" else array_of(UNKNOWN)
    if first.kind == second.kind == "object" and not second.properties and not second.open:
        return first
    return join(first, second)


def _object(inference: Inference, node: Node) -> Type:
    members: dict[str, Member] = {}
    is_open = bool(node.errors)
    from_schema = False
    lost = None
    for child in node.children:
        if child.type == "pair" and len(child.children) == 2:
            for name in key_names(child.children[0]) or ():
                members[name] = Member(inference.type_of(child.children[1]), True, None, child.children[0])
            is_open = is_open or key_names(child.children[0]) is None
        elif child.type == "shorthand_property_identifier":
            members[child.name or ""] = Member(_identifier(inference, child), True, None, child)
        elif child.type == "method_definition":
            for name in key_names(child.children[0]) or ():
                members[name] = Member(Type("function", function=child), True, None, child.children[0])
        elif child.type == "spread_element" and child.children:
            spread = inference.type_of(child.children[0])
            if spread.kind == "object":
                members.update(spread.properties)
            is_open = is_open or spread.kind != "object" or spread.open
            from_schema = from_schema or spread.from_schema
            lost = lost or spread.null
    return Type("object", None, members, is_open, from_schema, literal=node, lost=lost)


def _array(inference: Inference, node: Node) -> Type:
    if not node.children:
        return array_of(UNKNOWN, ())
    elements: list[Type] = []
    exact = True
    for child in node.children:
        if child.type == "spread_element":
            exact = False
            elements.append(
                (inference.type_of(child.children[0]).element or UNKNOWN) if child.children else UNKNOWN
            )
        else:
            elements.append(inference.type_of(child))
    return array_of(join_all(elements), tuple(elements) if exact else None)


def _template(inference: Inference, node: Node) -> Type:
    """Text; it is there also where a null was put into it."""
    for part in node.children:
        null = inference.type_of(part.children[0]).null if part.children else None
        if part.type == "template_substitution" and null is not None:
            return Type("string", literal=node, lost=null)
    return STRING


def _function(inference: Inference, node: Node) -> Type:
    return Type("function", function=node)


def _constant(type_: Type) -> Callable[[Inference, Node], Type]:
    return lambda inference, node: type_


def _unary(inference: Inference, node: Node) -> Type:
    return {"!": BOOLEAN, "typeof": STRING, "void": UNDEFINED, "delete": BOOLEAN}.get(node.name or "", NUMBER)


EXPRESSIONS: dict[str, Callable[[Inference, Node], Type]] = {
    "parenthesized_expression": _same,
    "await_expression": _await,
    "sequence_expression": _last,
    "assignment_expression": _last,
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "member_expression": _chain,
    "subscript_expression": _chain,
    "call_expression": _chain,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "object": _object,
    "array": _array,
    "string": _constant(STRING),
    "template_string": _template,
    "number": _constant(NUMBER),
    "true": _constant(BOOLEAN),
    "false": _constant(BOOLEAN),
    "null": lambda inference, node: evolve(NULL, written=node),
    "undefined": _constant(UNDEFINED),
    **dict.fromkeys(FUNCTIONS, _function),
}
