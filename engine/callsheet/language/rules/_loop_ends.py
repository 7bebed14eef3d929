"""What the values that end a loop depend on."""

from __future__ import annotations

from typing import Literal

from attrs import define, evolve, field

from callsheet.language.rules._callers import is_asking
from callsheet.language.rules._loop_parts import body_of, guards_of
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.changes import is_changed_by_call
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import declared_by, origins

End = Literal["nothing", "constants", "answers", "budget"]

_ACCESSES = frozenset({"member_expression", "subscript_expression"})
_UPDATES = frozenset({"update_expression", "augmented_assignment_expression"})
_KEEPING = frozenset({"||=", "&&=", "??="})
_LOGICAL = frozenset({"||", "&&", "??"})
_READING_METHODS = frozenset(
    [
        "at",
        "concat",
        "endsWith",
        "every",
        "filter",
        "find",
        "findIndex",
        "findLast",
        "flat",
        "flatMap",
        "get",
        "has",
        "includes",
        "indexOf",
        "join",
        "keys",
        "map",
        "match",
        "reduce",
        "replace",
        "replaceAll",
        "slice",
        "some",
        "split",
        "startsWith",
        "test",
        "toLowerCase",
        "toString",
        "toUpperCase",
        "trim",
        "values",
    ]
)
_DEPTH = 8


@define(eq=False)
class EndReader:
    """What the values that end a loop depend on; a name is followed once.

    Attributes:
        counts: whether only the length of a list is asked for.
    """

    loop: Node
    known: dict[tuple[Binding, bool], End | None] = field(factory=dict)
    counts: bool = False

    def read(self, node: Node, depth: int = _DEPTH) -> End | None:
        """What a value depends on; None where it may change in another way than by an answer."""
        if depth <= 0 or node.type in _UPDATES or node.type in {"this", "new_expression", "yield_expression"}:
            return None
        if node.type == "catch_clause":
            return "answers"
        if node.type == "call_expression":
            return self._call(node, depth)
        if node.type in {"identifier", "shorthand_property_identifier"}:
            if node.binding is None:
                return "budget" if node.name == "budget" else "constants"
            return self._name(node.binding, depth)
        if node.type in FUNCTIONS:
            return self._all(node.children[-1:], depth)
        if node.type == "member_expression" and node.children[-1].name == "length" and not self.counts:
            return evolve(self, counts=True).read(node.children[0], depth)
        return self._all(node.children, depth)

    def _all(self, nodes: list[Node], depth: int) -> End | None:
        ends = {self.read(node, depth) for node in nodes}
        if None in ends:
            return None
        return next((end for end in _ENDS if end in ends), "constants")

    def _call(self, call: Node, depth: int) -> End | None:
        callee = call.children[0]
        if is_asking(call):
            # As many results as there were items: such a list is not what an agent makes longer.
            return None if self.counts and callee.name in {"parallel", "pipeline"} else "answers"
        if callee.type == "identifier" and callee.binding is not None:
            functions = [found for found in origins(callee) if found.type in FUNCTIONS]
            if not functions:
                return "budget" if _is_taken_from_budget(callee.binding) else None
            return self._all([*functions, *arguments_of(call)], depth - 1)
        if callee.type == "member_expression":
            root = callee.children[0]
            is_builtin = root.type == "identifier" and root.binding is None
            if not is_builtin and callee.children[-1].name not in _READING_METHODS:
                return None
        return self._all([callee, *arguments_of(call)], depth)

    def _name(self, binding: Binding, depth: int) -> End | None:
        key = (binding, self.counts)
        if key not in self.known:
            self.known[key] = "constants"
            if binding.kind not in {"function", "class", "import"}:
                self.known[key] = self._written(binding, depth)
        return self.known[key]

    def _written(self, binding: Binding, depth: int) -> End | None:
        values: list[Node] = []
        is_elsewhere = False
        for declaration in binding.declarations:
            owner = declared_by(declaration)[0]
            if self._is_inside(declaration) and owner.type in {"variable_declarator", "for_in_statement"}:
                values.extend(owner.children[1:2])
        for use in binding.references:
            if not self._may_run(use, binding):
                continue
            written = _write(use)
            if written is None or (written and self._moves_on(use, written, depth)):
                return None
            values.extend(written)
            is_elsewhere = is_elsewhere or (bool(written) and not self._is_inside(use))
        end = self._all(values, depth - 1)
        return "answers" if is_elsewhere and end == "constants" else end

    def _is_inside(self, node: Node) -> bool:
        return self.loop.start <= node.start < self.loop.end

    def _moves_on(self, use: Node, values: list[Node], depth: int) -> bool:
        """Whether the script itself decides on a write: `case 'build': state = 'end'`."""
        body = body_of(self.loop)
        if not body.start <= use.start < body.end or self._all(values, depth - 1) != "constants":
            return False
        guards = list(guards_of(use, body))
        return bool(guards) and self._all(guards, depth - 1) == "constants"

    def _may_run(self, use: Node, binding: Binding) -> bool:
        """Whether a use is reached while the loop runs: it stands in it, or in a function that it may call."""
        if self._is_inside(use):
            return True
        return any(
            parent.type in FUNCTIONS and not parent.start <= self.loop.start < parent.end
            for parent in use.ancestors()
        )


def _is_taken_from_budget(binding: Binding) -> bool:
    """Whether a name stands for a function of the budget: `const { remaining } = budget`."""
    owner = declared_by(binding.declarations[0])[0]
    value = owner.children[-1]
    return value.type == "identifier" and value.name == "budget" and value.binding is None


_ENDS: tuple[End, ...] = ("budget", "answers", "constants")


def _write(use: Node) -> list[Node] | None:
    """The values that a use of a name gives it, often none; None where it changes it in another way."""
    node = use
    while node.parent is not None and node.parent.type in _ACCESSES and node.parent.children[0] is node:
        node = node.parent
    parent = node.parent
    if parent is None:
        return []
    is_target = bool(parent.children) and parent.children[0] is node
    if parent.type == "update_expression":
        return None
    if parent.type == "augmented_assignment_expression" and is_target:
        return parent.children[1:] if parent.name in _KEEPING else None
    if parent.type == "assignment_expression" and is_target:
        value = parent.children[-1]
        return None if _goes_on_from(value, use.binding) else [value]
    if parent.type in {"array_pattern", "object_pattern", "pair_pattern", "object_assignment_pattern"}:
        owner = declared_by(node)[0]
        if owner.type != "assignment_expression":
            return []
        return None if _goes_on_from(owner.children[-1], use.binding) else owner.children[-1:]
    if parent.type == "call_expression" and is_target and node.type in _ACCESSES:
        return [] if node.children[-1].name in _READING_METHODS else None
    if parent.type == "arguments" and parent.parent is not None:
        return None if _may_change(parent.parent, node) else []
    return []


def _goes_on_from(value: Node, binding: Binding | None) -> bool:
    """Whether a value is made from the one that the name had before: `n = n + 1`, `queue = queue.slice(1)`."""
    stack = [value]
    while stack:
        part = stack.pop()
        if part.type == "call_expression" and is_asking(part):
            continue
        stack.extend(part.children)
        parent = part.parent
        if part.binding is not binding or parent is None or part is value:
            continue
        is_logical = parent.type == "binary_expression" and parent.name in _LOGICAL
        if not is_logical and parent.type not in {"unary_expression", "ternary_expression"}:
            return True
    return False


def _may_change(call: Node, argument: Node) -> bool:
    callee = call.children[0]
    if is_changed_by_call(call, argument):
        return True
    if callee.type == "identifier":
        return callee.binding is not None and not any(found.type in FUNCTIONS for found in origins(callee))
    if callee.type == "member_expression":
        root = callee.children[0]
        is_builtin = root.type == "identifier" and root.binding is None
        return not is_builtin and callee.children[-1].name not in _READING_METHODS | {"push", "set", "add"}
    return False
