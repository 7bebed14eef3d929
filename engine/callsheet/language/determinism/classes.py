"""What classes and object literals do with a forbidden thing: members, `this`, `super` and what they extend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet.language.determinism import calls
from callsheet.language.determinism.values import ANY, CONSTRUCTED, NEW, Flow, Thing
from callsheet.language.scopes.nodes import CLASSES, Node
from callsheet.language.scopes.origins import key_names

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer


def flow_this(tracer: Tracer, owner: Node, flow: Flow) -> None:
    """Lets `this` in a class body or an object literal be what flows."""
    stack = [(child, False) for child in owner.children]
    while stack:
        node, inside = stack.pop()
        if node.type == "this":
            if inside:
                tracer.flow(node, flow)
        elif node.type in CLASSES or (
            inside and node.type in {"function_expression", "function_declaration", "method_definition"}
        ):
            continue
        else:
            inside = inside or node.type in {
                "method_definition",
                "function_expression",
                "field_definition",
            }
            stack.extend((child, inside) for child in node.children)


def member_holds(tracer: Tracer, method: Node, flow: Flow) -> None:
    owner = method.parent
    if owner is None:
        return
    for key in key_names(method.children[0]) or {ANY}:
        if owner.type == "object":
            tracer.flow(owner, flow.into(key))
            flow_this(tracer, owner, flow.into(key))
        elif owner.parent is not None:
            if is_static(method):
                tracer.flow_value(owner.parent, flow.into(key))
            else:
                flow_this(tracer, owner, flow.into(key))
                tracer.flow_value(owner.parent, flow.into(NEW, key))


def heritage(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    owner = parent.parent
    if owner is None:
        return
    if flow.steps:
        tracer.flow_value(owner, flow)
    elif flow.thing.path in CONSTRUCTED and flow.thing.form in {"itself", "subclass"}:
        calls.check_super(tracer, owner, flow)
        constructor = calls.constructor_of(owner)
        own = constructor is not None and not calls.hands_arguments_on(constructor)
        subclass = flow.as_(Thing(flow.thing.path, "subclass", "own" if own else ""))
        instance = flow.as_(Thing(flow.thing.path, "instance"))
        tracer.flow_value(owner, subclass)
        body = owner.child("class_body")
        for member in body.children if body is not None else ():
            of_class = member.type == "class_static_block" or is_static(member)
            for part in member.walk():
                if part.type == "this":
                    tracer.flow(part, subclass if of_class else instance)
                elif part.type == "super":
                    tracer.flow(part, flow if of_class else instance)


def field(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[-1] is node and len(parent.children) > 1:
        member_holds(tracer, parent, flow)


def class_around(node: Node) -> Node | None:
    for outer in node.ancestors():
        if outer.type == "class_body":
            return outer.parent
        if outer.type in {"function_expression", "function_declaration"}:
            return None
    return None


def is_static(member: Node) -> bool:
    return member.text.lstrip().startswith("static")


def is_getter(method: Node) -> bool:
    head = method.text[: method.children[0].start - method.start]
    return "get" in head.split()
