"""Names of a script: declarations, the scopes in which they are visible, and what every identifier refers to."""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

import tree_sitter
from attrs import frozen

from callsheet.language.problem import Span
from callsheet.language.scopes.bind import Binding as _Binding
from callsheet.language.scopes.bind import Scope, touch
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.syntax import Parsed

BindingKind = Literal["const", "let", "var", "using", "function", "class", "param", "catch", "import"]
ReferenceKind = Literal["read", "write", "readwrite"]

_NAMES = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_PATTERNS = frozenset({"array_pattern", "object_pattern", "rest_pattern", "pair_pattern"})


@frozen
class Binding:
    """A declared name.

    Attributes:
        span: the identifier that declares it, the first one where there are several.
        declarations: all identifiers that declare it.
        visible: the region in which it can be named.
        shorthand: whether the first declaration is a shorthand in an object pattern (`const {name} = …`).
    """

    name: str
    kind: BindingKind
    span: Span
    declarations: tuple[Span, ...]
    visible: Span
    shorthand: bool


@frozen
class Reference:
    """One use of a name.

    Attributes:
        kind: `readwrite` for `x += 1` and `x++`.
        shorthand: whether it stands for key and value in an object (`{name}`), so that a rename must write `name: new`.
    """

    name: str
    span: Span
    kind: ReferenceKind
    shorthand: bool


class Scopes:
    """Answers about the names of one version of a script. Cheap to make; it holds plain values only."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed

    @property
    def _tree(self) -> LightTree:
        return light_tree(self._parsed)

    def globals(self, name: str) -> list[Reference]:
        """References to a global: a name that no declaration of the script explains. In source order."""
        return [_reference(node) for node in sorted(self._tree.globals.get(name, ()), key=_start)]

    def global_names(self) -> set[str]:
        """Names of all globals that the script refers to."""
        return set(self._tree.globals)

    def bindings(self) -> list[Binding]:
        """Every declared name, in source order."""
        found: list[Binding] = []
        stack = [self._tree.module]
        while stack:
            scope = stack.pop()
            found.extend(_binding(binding) for binding in scope.bindings.values())
            stack.extend(scope.children)
        return sorted(found, key=lambda binding: binding.span.start)

    def visible_at(self, offset: int) -> dict[str, Binding]:
        """Names that code at a byte offset can use, the inner ones hiding the outer."""
        visible: dict[str, Binding] = {}
        scope: Scope | None = _scope_at(self._tree, offset)
        while scope is not None:
            for name, binding in scope.bindings.items():
                visible.setdefault(name, _binding(binding))
            scope = scope.parent
        return visible

    def names_at(self, offset: int) -> set[str]:
        """The names that code at a byte offset can use."""
        names: set[str] = set()
        scope: Scope | None = _scope_at(self._tree, offset)
        while scope is not None:
            names.update(scope.bindings)
            scope = scope.parent
        return names

    def scope_at(self, offset: int) -> Span:
        """The region of the innermost scope around a byte offset."""
        return _scope_at(self._tree, offset).node.span

    def binding_of(self, place: tree_sitter.Node | Span | int) -> Binding | None:
        """What an identifier means: the declaration of a reference, or of the declaration itself.

        Args:
            place: the identifier's node or span, or a byte offset in it or right behind it.
        """
        node = self._name_at(place)
        if node is None or node.binding is None:
            return None
        touch(node.binding, node)
        return _binding(node.binding)

    def references_of(self, binding: Binding) -> list[Reference]:
        """All uses of a declared name, without its declarations, in source order."""
        node = self._name_at(binding.span)
        if node is None or node.binding is None:
            return []
        touch(node.binding, node, mentions=True)
        return [_reference(use) for use in sorted(node.binding.references, key=_start)]

    def _name_at(self, place: tree_sitter.Node | Span | int) -> Node | None:
        if isinstance(place, tree_sitter.Node):
            place = place.start_byte
        elif isinstance(place, Span):
            place = place.start
        node = node_at(self._tree, place)
        if node.type not in _NAMES and place > 0:
            node = node_at(self._tree, place - 1)
            if node.end != place:
                return None
        return node if node.type in _NAMES and _is_name(node) else None


def resolve(parsed: Parsed) -> Scopes:
    """The names of a script. Never fails; half-typed code gives what can be told."""
    return Scopes(parsed)


def node_at(tree: LightTree, offset: int) -> Node:
    """The innermost node that contains a byte offset (its end excluded)."""
    node = tree.root
    while True:
        inner = next((error for error in node.errors or () if error.start <= offset < error.end), None)
        if inner is None:
            at = bisect_right(node.children, offset, key=_start) - 1
            if at < 0 or node.children[at].end <= offset:
                return node
            inner = node.children[at]
        node = inner


def _scope_at(tree: LightTree, offset: int) -> Scope:
    node: Node | None = node_at(tree, offset)
    while node is not None:
        if node.scope is not None:
            return node.scope
        node = node.parent
    return tree.module


def _is_name(node: Node) -> bool:
    return node.binding is not None or node in node.fragment.tree.globals.get(node.name or "", ())


def _start(node: Node) -> int:
    return node.start


def _binding(binding: _Binding) -> Binding:
    first = binding.declarations[0]
    return Binding(
        binding.name,
        binding.kind,  # type: ignore[arg-type]
        first.span,
        tuple(node.span for node in binding.declarations),
        binding.scope.node.span,
        first.type == "shorthand_property_identifier_pattern",
    )


def _reference(node: Node) -> Reference:
    return Reference(node.name or "", node.span, access(node), node.type.startswith("shorthand_"))


def access(node: Node) -> ReferenceKind:
    """Whether an identifier is read or written where it stands."""
    child, parent = node, node.parent
    while parent is not None and (
        parent.type in _PATTERNS
        or (
            parent.type in {"assignment_pattern", "object_assignment_pattern"} and parent.children[0] is child
        )
    ):
        child, parent = parent, parent.parent
    if parent is None:
        return "read"
    if parent.type == "update_expression":
        return "readwrite"
    if not parent.children or parent.children[0] is not child:
        return "read"
    if parent.type == "augmented_assignment_expression":
        return "readwrite"
    if parent.type == "assignment_expression" or (parent.type == "for_in_statement" and parent.name is None):
        return "write"
    return "read"
