"""What expressions are, followed from `agent()` calls and their schemas through names, functions and arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.functions import arguments_of, is_async, returned_by
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Fragment, Node
from callsheet.language.scopes.origins import declared_by, key_names, keys_of, origins, property_of
from callsheet.language.scopes.units import in_each_statement, settled
from callsheet.language.types import globals as language
from callsheet.language.types import methods
from callsheet.language.types.expressions import EXPRESSIONS, or_else
from callsheet.language.types.model import (
    NUMBER,
    UNDEFINED,
    UNKNOWN,
    Type,
    array_of,
    awaited,
    join,
    join_all,
    promise_of,
)

_Found = TypeVar("_Found")

_DEEPEST = 60
_NULL_GIVERS = frozenset({"agent", "completenessCheck"})
_LINKS = frozenset({"member_expression", "subscript_expression", "call_expression"})


class Inference:
    """The types of one version of a script, made as they are asked for.

    Attributes:
        in_chain: the types of links in a chain without the null that a `?.` before them skips.
    """

    def __init__(self, tree: LightTree) -> None:
        self.tree = tree
        self._types: dict[Node, Type] = {}
        self.in_chain: dict[Node, Type] = {}
        self._names: dict[Binding, Type] = {}
        self._results: dict[Node, Type] = {}
        self._depth = 0

    def type_of(self, node: Node) -> Type:
        """The type of an expression where it stands: names are narrowed by the checks around it."""
        known = self._types.get(node)
        if known is not None:
            return known
        if self._depth > _DEEPEST:
            return UNKNOWN
        self._types[node] = UNKNOWN
        self._depth += 1
        try:
            infer = EXPRESSIONS.get(node.type)
            found = infer(self, node) if infer is not None else UNKNOWN
        finally:
            self._depth -= 1
        self._types[node] = found
        return found

    def type_in_chain(self, node: Node) -> Type:
        """The type of an object on which an access follows: what `?.` before it skips does not make it null."""
        if node.type not in _LINKS:
            return self.type_of(node)
        self.type_of(node)
        return self.in_chain.get(node, UNKNOWN)

    def is_unknown_root(self, root: Node) -> bool:
        """Whether a chain of accesses starts from a name of which nothing is known."""
        if root.type != "identifier":
            return False
        if root.binding is None:
            return True
        touch(root.binding, root)
        type_ = self.type_of_name(root.binding)
        return type_.kind == "unknown" and type_.null is None

    def type_of_name(self, binding: Binding) -> Type:
        """The type of a declared name, before any check narrows it."""
        known = self._names.get(binding)
        if known is None:
            self._names[binding] = UNKNOWN
            known = self._names[binding] = self._declared(binding)
        return known

    def type_of_declaration(self, declaration: Node) -> Type:
        """The type that a declaring identifier has where it is declared."""
        owner, steps, defaults = declared_by(declaration)
        found = self._source(owner, declaration)
        rest = declaration.parent if declaration.parent is not None else owner
        others = rest.parent if rest.type == "rest_pattern" else None
        if others is not None and others.type == "object_pattern":
            return _without(self.type_of_declaration(others), others)
        if not steps and rest.type == "rest_pattern":
            return UNKNOWN
        for at, step in enumerate(steps):
            found = self._or_default(found, at, defaults)
            is_last = at == len(steps) - 1
            if is_last and rest.type == "rest_pattern":
                found = array_of(found.element or UNKNOWN) if found.kind == "array" else UNKNOWN
            else:
                found = step_into(found, step)
        return self._or_default(found, len(steps), defaults)

    def _or_default(self, found: Type, at: int, defaults: list[tuple[int, Node]]) -> Type:
        """A value on the way into a pattern, or the default that stands there for one that is not given."""
        for level, default in defaults:
            if level == at and found.kind != "unknown":
                found = or_else(found, self.type_of(default))
        return found

    def result_of(self, function: Node) -> Type:
        """What a call of a function gives."""
        known = self._results.get(function)
        if known is not None:
            return known
        self._results[function] = UNKNOWN
        if "generator" in function.type:
            found = self._results[function] = self._yielded(function)
            return found
        returned = join_all([self.type_of(node) for node in returned_by(function)])
        found = promise_of(awaited(returned)) if is_async(function) else returned
        self._results[function] = found
        return found

    def _yielded(self, function: Node) -> Type:
        """What a generator gives one by one."""
        given: list[Type] = []
        stack = [function.children[-1]]
        while stack:
            node = stack.pop()
            if node.type == "yield_expression":
                is_all = node.text.removeprefix("yield").lstrip().startswith("*")
                given.append(self.type_of(node.children[0]) if node.children and not is_all else UNKNOWN)
            if node.type not in FUNCTIONS:
                stack.extend(node.children)
        return array_of(awaited(join_all(given)) if given else UNKNOWN)

    def functions(self, node: Node) -> list[Node]:
        """Functions that an expression may be."""
        return [found for found in origins(node) if found.type in FUNCTIONS]

    def result_of_callback(self, node: Node) -> Type:
        """What a call of the function that an expression is gives."""
        found = self.functions(node)
        return join_all([self.result_of(function) for function in found]) if found else UNKNOWN

    def _source(self, owner: Node, declaration: Node) -> Type:
        type_ = owner.type
        if type_ == "variable_declarator":
            return self.type_of(owner.children[1]) if len(owner.children) > 1 else UNDEFINED
        if type_ == "assignment_expression" and len(owner.children) > 1:
            return self.type_of(owner.children[1])
        if type_ == "for_in_statement" and len(owner.children) > 1:
            container = self.type_of(owner.children[1])
            element = (container.element or UNKNOWN) if container.kind == "array" else UNKNOWN
            head = owner.fragment.tree.data[owner.start : owner.children[0].start]
            return awaited(element) if b"await" in head else element
        if type_ == "formal_parameters":
            for index, child in enumerate(owner.children):
                if child.start <= declaration.start < child.end and owner.parent is not None:
                    return UNKNOWN if child.type == "rest_pattern" else self._parameter(owner.parent, index)
        if type_ == "arrow_function" and declaration is owner.children[0] and len(owner.children) > 1:
            return self._parameter(owner, 0)
        if type_ in FUNCTIONS:
            return Type("function", function=owner)
        return UNKNOWN

    def _declared(self, binding: Binding) -> Type:
        if binding.kind in {"catch", "import", "class"}:
            return UNKNOWN
        found = join_all([self.type_of_declaration(declaration) for declaration in binding.declarations])
        if binding.kind != "const":
            touch(binding, binding.declarations[0], mentions=True)
            # What it is first is known while the values are read that are made from it: `r = r.trim()`.
            self._names[binding] = found
            for use in binding.references:
                found = self._assigned(use, found)
        if found.kind == "array" and found.items == ():
            found = self._pushed(binding)
        return found

    def _assigned(self, use: Node, found: Type) -> Type:
        parent = use.parent
        if parent is None:
            return found
        if parent.children and parent.children[0] is use:
            if parent.type == "assignment_expression" and len(parent.children) > 1:
                return join(found, self.type_of(parent.children[1]))
            if parent.type == "augmented_assignment_expression" and parent.name in {"??=", "||="}:
                return join(found.not_null(), self.type_of(parent.children[-1]))
            if parent.type == "for_in_statement":
                return UNKNOWN
        if parent.type in {"array_pattern", "object_pattern", "pair_pattern", "rest_pattern"}:
            return UNKNOWN
        return found

    def _pushed(self, binding: Binding) -> Type:
        """The element type of an array that starts empty, from what is pushed onto it."""
        touch(binding, binding.declarations[0], mentions=True)
        pushed: list[Type] = []
        for use in binding.references:
            member = use.parent
            call = member.parent if member is not None and member.type == "member_expression" else None
            if (
                member is None
                or call is None
                or call.type != "call_expression"
                or call.children[0] is not member
            ):
                continue
            if member.children[-1].name in {"push", "unshift"}:
                for argument in arguments_of(call):
                    if argument.type == "spread_element" and argument.children:
                        pushed.append(self.type_of(argument.children[0]).element or UNKNOWN)
                    else:
                        pushed.append(self.type_of(argument))
        if pushed:
            return array_of(join_all(pushed))
        return array_of(UNDEFINED if binding.kind == "param" else UNKNOWN)

    def _parameter(self, function: Node, index: int) -> Type:
        """The type of a parameter, from the places where the function is called or handed on."""
        places = [function]
        name = function.child("identifier") if function.type.endswith("declaration") else None
        parent = function.parent
        if name is None and parent is not None and parent.type == "variable_declarator":
            name = parent.children[0] if parent.children[0].type == "identifier" else None
        if name is not None and name.binding is not None:
            touch(name.binding, function, mentions=True)
            places = name.binding.references
        given = [self._given(place, index) for place in places]
        return join_all([type_ or UNKNOWN for type_ in given]) if given else UNKNOWN

    def _given(self, place: Node, index: int) -> Type | None:
        parent = place.parent
        if parent is None:
            return None
        if parent.type == "call_expression" and parent.children[0] is place:
            arguments = arguments_of(parent)
            if index >= len(arguments):
                return UNDEFINED
            if any(argument.type == "spread_element" for argument in arguments[: index + 1]):
                return None
            return self.type_of(arguments[index])
        if parent.type == "parenthesized_expression":
            return self._given(parent, index)
        call = parent.parent
        if parent.type == "pair" and call is not None and call.parent is not None:
            return self._given_by_option(parent, call.parent, index)
        if parent.type != "arguments" or call is None or call.type != "call_expression":
            return None
        if place not in parent.children:
            return None  # a piece that could not be read
        position = parent.children.index(place)
        callee = call.children[0]
        if callee.type == "identifier" and callee.binding is None:
            return language.parameter(self, callee.name or "", call, position, index)
        if callee.type == "member_expression" and len(callee.children) == 2:
            receiver = self.type_in_chain(callee.children[0])
            return methods.parameter(self, receiver, call, callee.children[1].name or "", position, index)
        return None

    def _given_by_option(self, pair: Node, arguments: Node, index: int) -> Type | None:
        """What a global hands to a function among its options."""
        call = arguments.parent
        if arguments.type != "arguments" or call is None or call.children[0].binding is not None:
            return None
        name = next(iter(key_names(pair.children[0]) or ()), "")
        return language.option_parameter(self, f"{call.children[0].name}.{name}", call, index)

    def link(self, node: Node) -> tuple[Type, Type]:
        """The type of an access, without and with the null of `?.` in it."""
        if node.type == "call_expression":
            return self._call_link(node)
        if len(node.children) != 2:
            return UNKNOWN, UNKNOWN
        receiver = node.children[0]
        object_ = self.type_in_chain(receiver)
        skipped = object_.null if node.name == "?." else None
        if receiver.type in _LINKS:
            skipped = skipped or (self.type_of(receiver).null if object_.null is None else None)
        found = self._access(node, object_)
        return found, found.or_null(skipped)

    def _access(self, node: Node, object_: Type) -> Type:
        if node.type == "subscript_expression":
            key = node.children[1]
            if object_.kind == "array":
                if key.type == "number" and object_.items is not None and key.text.isdecimal():
                    at = int(key.text)
                    return object_.items[at] if at < len(object_.items) else UNKNOWN
                return object_.element or UNKNOWN if key.type != "string" else UNKNOWN
        keys = keys_of(node) if object_.kind == "object" or node.type == "member_expression" else None
        if keys is None or len(keys) != 1:
            return UNKNOWN
        name = next(iter(keys))
        if object_.kind == "object":
            member = object_.member(name)
            return member.type if member is not None else UNKNOWN
        if name == "length" and object_.kind in {"array", "string"}:
            return NUMBER
        return UNKNOWN

    def _call_link(self, node: Node) -> tuple[Type, Type]:
        callee = node.children[0] if node.children else node
        if callee.type in {"member_expression", "subscript_expression"} and len(callee.children) == 2:
            receiver = self.type_in_chain(callee.children[0])
            skipped = receiver.null if callee.name == "?." else None
            outer = callee.children[0]
            if receiver.null is None and outer.type in _LINKS:
                skipped = self.type_of(outer).null
            found = self._method_call(node, callee, receiver)
            return found, found.or_null(skipped)
        if callee.type == "identifier" and callee.binding is None:
            found = language.call(self, callee.name or "", node)
            return found, found
        functions = self.functions(callee)
        found = join_all([self.result_of(function) for function in functions]) if functions else UNKNOWN
        found = _of_call(node, found)
        return found, found

    def _method_call(self, node: Node, callee: Node, receiver: Type) -> Type:
        keys = keys_of(callee)
        name = next(iter(keys)) if keys is not None and len(keys) == 1 else ""
        object_ = callee.children[0]
        if object_.type == "identifier" and object_.binding is None:
            found = language.static_call(self, f"{object_.name}.{name}", node)
            if found is not None:
                return found
        found = methods.call(self, receiver, name, node)
        if found is not None:
            return found
        functions = self.functions(callee)
        found = join_all([self.result_of(function) for function in functions]) if functions else UNKNOWN
        return _of_call(node, found)


def inference(tree: LightTree) -> Inference:
    """The types of one version of a script; made once, filled as they are asked for."""
    found = tree.memo.get("types")
    if not isinstance(found, Inference):
        found = tree.memo["types"] = Inference(settled(tree))
    return found


def per_unit(
    tree: LightTree, key: str, find: Callable[[Inference, Fragment], Iterable[_Found]]
) -> Iterator[_Found]:
    """What an analysis finds in each statement of a script that has agents.

    The findings in statements that no edit has a bearing on are those of the version before.
    """
    if tree.globals.keys().isdisjoint(_NULL_GIVERS):
        return
    types = inference(tree)
    yield from find(types, tree.whole)
    yield from in_each_statement(tree, key, lambda unit: find(types, unit))


def _of_call(call: Node, result: Type) -> Type:
    """The result of a helper that hands several schemas on to `agent()`: of this call it is that of its own schema."""
    value = awaited(result)
    if not value.choices:
        return result
    given: set[Node] = set()
    for argument in arguments_of(call):
        for origin in origins(argument):
            schema = property_of(origin, "schema") if origin.type == "object" else None
            given.update(origins(schema) if schema is not None else [origin])
    own = [choice for choice in value.choices if choice.schema in given]
    if not own:
        return result
    found = join_all(own).or_null(value.null)
    return promise_of(found) if result.kind == "promise" else found


def _without(type_: Type, pattern: Node) -> Type:
    """What is left of an object for the rest of a pattern."""
    names: set[str] = set()
    for child in pattern.children:
        key = (child.children or [child])[0]
        names |= {key.name or ""} if key.type.endswith("_pattern") else key_names(key) or frozenset()
    if type_.kind != "object":
        return UNKNOWN
    left = {name: member for name, member in type_.properties.items() if name not in names}
    return evolve(type_, null=None, properties=left, schema=None, choices=(), literal=None)


def step_into(type_: Type, step: str | None) -> Type:
    """What destructuring takes out of a value."""
    if type_.kind == "object" and step is not None:
        member = type_.member(step)
        return member.type if member is not None else UNKNOWN
    if type_.kind == "array" and step is not None and step.isdecimal():
        if type_.items is not None:
            return type_.items[int(step)] if int(step) < len(type_.items) else UNKNOWN
        return type_.element or UNKNOWN
    return UNKNOWN
