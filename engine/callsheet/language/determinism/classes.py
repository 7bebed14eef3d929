"""What classes and object literals do with a forbidden thing: members, `this`, `super` and what they extend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callsheet.language.determinism import calls
from callsheet.language.determinism.values import ANY, CONSTRUCTED, NEW, PROTOTYPE, Flow, Thing
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, Node
from callsheet.language.scopes.origins import key_names, origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

_OWN_THIS = frozenset(
    {
        "function_expression",
        "function_declaration",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
        "class_static_block",
        "field_definition",
    }
)


def flow_this(tracer: Tracer, owner: Node, flow: Flow, *, of_class: bool = False) -> None:
    """Lets `this` in a class body or an object literal be what flows; `of_class` means in the static members."""
    for member in owner.children:
        if owner.type == "class_body" and is_static(member) != of_class:
            continue
        holder = member.children[-1] if member.type == "pair" else member
        if holder.type in _OWN_THIS:
            for this in _words_of(holder, "this"):
                tracer.flow(this, flow)


def give_this(tracer: Tracer, callee: Node, flow: Flow) -> None:
    """Lets `this` in the local functions that an expression may be be what flows."""
    for function in origins(callee):
        if function.type in FUNCTIONS and function.type != "arrow_function":
            for this in _words_of(function, "this"):
                tracer.flow(this, flow)


def store_this(tracer: Tracer, this: Node, flow: Flow) -> None:
    """Puts what flows into the object that `this` is."""
    member = next((outer for outer in this.ancestors() if outer.type in _OWN_THIS), None)
    if member is None or member.parent is None:
        return
    owner = member.parent
    if owner.type == "class_body" and owner.parent is not None:
        flow_this(tracer, owner, flow, of_class=is_static(member))
        tracer.flow_value(owner.parent, flow if is_static(member) else flow.into(NEW))
    elif owner.type == "object":
        flow_this(tracer, owner, flow)
        tracer.flow(owner, flow)
    elif member.type in FUNCTIONS:
        for own in _words_of(member, "this"):
            tracer.flow(own, flow)
        tracer.flow_value(member, flow.into(NEW))
        if owner.type == "pair" and owner.parent is not None:
            tracer.flow(owner.parent, flow)


def member_holds(tracer: Tracer, member: Node, flow: Flow) -> None:
    """Says that the value of a member of a class or object literal is what flows."""
    owner = member.parent
    if owner is None:
        return
    for key in key_names(member.children[0]) or {ANY}:
        if owner.type == "object":
            tracer.flow(owner, flow.into(key))
            flow_this(tracer, owner, flow.into(key))
        elif owner.parent is not None:
            of_class = is_static(member)
            flow_this(tracer, owner, flow.into(key), of_class=of_class)
            tracer.flow_value(owner.parent, flow.into(key) if of_class else flow.into(NEW, key))


def heritage(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    """A class extends what flows, or a class that holds it."""
    owner = parent.parent
    if owner is None:
        return
    if flow.steps:
        of_class = flow.steps[0] not in {NEW, PROTOTYPE}
        member = flow if of_class else flow.out()
        _inherit(tracer, owner, member, "super", of_class=of_class)
        if not member.steps or member.steps[0] not in _own_names(owner, of_class=of_class):
            tracer.flow_value(owner, flow)
            _inherit(tracer, owner, member, "this", of_class=of_class)
    elif flow.thing.path in CONSTRUCTED and flow.thing.form in {"itself", "subclass"}:
        calls.check_super(tracer, owner, flow)
        constructor = calls.constructor_of(owner)
        own = constructor is not None and not calls.hands_arguments_on(constructor)
        subclass = flow.as_(
            Thing(flow.thing.path, "subclass", "own" if own else "", hidden=_own_names(owner, of_class=True))
        )
        tracer.flow_value(owner, subclass)
        for target in _words_of(constructor, "meta_property") if constructor is not None else ():
            tracer.flow(target, subclass)
        instance = flow.as_(Thing(flow.thing.path, "instance"))
        _inherit(tracer, owner, instance, "this", "super", of_class=False)
        _inherit(tracer, owner, subclass, "this", of_class=True)
        _inherit(tracer, owner, flow, "super", of_class=True)


def _own_names(owner: Node, *, of_class: bool) -> frozenset[str]:
    """Names of the members that a class declares itself, static ones or those of its instances."""
    body = owner.child("class_body")
    members = [member for member in body.children if member.children] if body is not None else []
    return frozenset().union(
        *(key_names(member.children[0]) or () for member in members if is_static(member) == of_class)
    )


def _inherit(tracer: Tracer, owner: Node, flow: Flow, *words: str, of_class: bool) -> None:
    """Lets `this` or `super` in the members of a class be what flows."""
    body = owner.child("class_body")
    for member in body.children if body is not None else ():
        if is_static(member) == of_class:
            for word in _words_of(member, *words):
                tracer.flow(word, flow)


def field(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    """What flows is the value of a field."""
    if parent.children[-1] is node and len(parent.children) > 1:
        member_holds(tracer, parent, flow)


def _words_of(member: Node, *words: str) -> Iterator[Node]:
    """Each `this`, `super` or `new.target` that belongs to a function or member, not to a function or class in it."""
    stack = list(member.children)
    while stack:
        node = stack.pop()
        if node.type in words:
            yield node
        elif node.type not in _OWN_THIS and node.type not in CLASSES:
            stack.extend(node.children)


def is_static(member: Node) -> bool:
    """Whether a member belongs to its class rather than to the instances."""
    return member.type == "class_static_block" or "static" in _head(member)


def is_getter(method: Node) -> bool:
    """Whether a method is called by reading it."""
    return "get" in _head(method)


def _head(member: Node) -> list[str]:
    """The words in front of a member's name."""
    return member.text[: member.children[0].start - member.start].split() if member.children else []
