"""A light tree for analyses: parents, names and positions without calls into tree-sitter.

A statement's nodes form a *fragment*. Positions inside it count from its first byte, so that a fragment can move to
the tree of the next version of the text when an edit left it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callsheet.language.problem import Span

if TYPE_CHECKING:
    from callsheet.language.scopes.bind import Binding, Scope
    from callsheet.language.scopes.lower import LightTree

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_expression",
        "function_declaration",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
SAME = frozenset({"parenthesized_expression", "await_expression"})
"""Wrappers that are what they hold, or what its promise gives."""
CLASSES = frozenset({"class_declaration", "class"})

_FIELDS: dict[str, tuple[str, ...]] = {
    "assignment_expression": ("left", "right"),
    "assignment_pattern": ("left", "right"),
    "augmented_assignment_expression": ("left", "right"),
    "await_expression": ("argument",),
    "binary_expression": ("left", "right"),
    "call_expression": ("function", "arguments"),
    "computed_property_name": ("expression",),
    "export_statement": ("declaration",),
    "expression_statement": ("expression",),
    "field_definition": ("property", "value"),
    "for_in_statement": ("left", "right", "body"),
    "if_statement": ("condition", "consequence", "alternative"),
    "member_expression": ("object", "property"),
    "new_expression": ("constructor", "arguments"),
    "object_assignment_pattern": ("left", "right"),
    "pair": ("key", "value"),
    "pair_pattern": ("key", "value"),
    "parenthesized_expression": ("expression",),
    "return_statement": ("argument",),
    "spread_element": ("argument",),
    "subscript_expression": ("object", "index"),
    "ternary_expression": ("condition", "consequence", "alternative"),
    "unary_expression": ("argument",),
    "update_expression": ("argument",),
    "variable_declarator": ("name", "value"),
    "while_statement": ("condition", "body"),
    "do_statement": ("body", "condition"),
}
_INDEX = {kind: {field: at for at, field in enumerate(fields)} for kind, fields in _FIELDS.items()}


class Node:
    """One named node. Comments, and text inside strings, have none.

    Attributes:
        type: tree-sitter's name of the node.
        parent: None at the root.
        children: named children in source order, so that each has its place whatever is broken between them.
        errors: ERROR nodes among the children.
        name: an identifier's name, an operator, `const`/`let`/`var` of a declaration, `?.` of an optional link.
        binding: what an identifier refers to; None for a global.
        scope: the scope that this node opens.
    """

    __slots__ = (
        "binding",
        "children",
        "errors",
        "fragment",
        "limit",
        "name",
        "offset",
        "parent",
        "scope",
        "type",
    )

    def __init__(
        self, type_: str, offset: int, limit: int, parent: Node | None, fragment: Fragment, name: str | None
    ) -> None:
        self.type = type_
        self.offset = offset
        self.limit = limit
        self.parent = parent
        self.fragment = fragment
        self.name = name
        self.children: list[Node] = []
        self.errors: list[Node] | None = None
        self.binding: Binding | None = None
        self.scope: Scope | None = None

    @property
    def start(self) -> int:
        return self.fragment.base + self.offset

    @property
    def end(self) -> int:
        return self.fragment.base + self.limit

    @property
    def span(self) -> Span:
        base = self.fragment.base
        return Span(base + self.offset, base + self.limit)

    @property
    def text(self) -> str:
        base = self.fragment.base
        return self.fragment.tree.data[base + self.offset : base + self.limit].decode("utf-8", "replace")

    def field(self, name: str) -> Node | None:
        """Child by tree-sitter's field name, for the node types whose fields have fixed places."""
        at = _INDEX[self.type].get(name)
        return self.children[at] if at is not None and at < len(self.children) else None

    def child(self, *types: str) -> Node | None:
        """First child of one of the given types."""
        for child in self.children:
            if child.type in types:
                return child
        return None

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in source order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.errors:
                stack.extend(node.errors)
            if node.children:
                stack.extend(reversed(node.children))

    def __repr__(self) -> str:
        return f"<{self.type} {self.start}..{self.end} {self.name or ''}>"


class Fragment:
    """The nodes of one statement, and what its names mean to the scope around it.

    Attributes:
        base: byte of the file at which it starts.
        tree: the tree that it belongs to now.
        inner: fragments of the statements in its blocks.
        key: node type and text by which the next version finds it; None for one that is not taken over.
        loose: kind of declaration of what half-typed code declares, by offset.
        declared: its declarations that belong to the block around it.
        hoisted: its `var` declarations that belong to the function around it.
        facts: what analyses found out about nodes of it from those nodes alone; it moves with the fragment.
        unit: the fragment of the statement of the script itself that it is in; the whole script for what is in none.
        touched: of a unit, the names of the script that analyses of it looked at: their declarations, or all mentions.
        results: of a unit, what analyses found in it; good as long as nothing that was touched changes.
        uses: its accesses, spreads, patterns and loops over values, in source order.
        free: the references that it leaves to the scope around it, by name.
        scopes: the outermost scopes in it.
    """

    __slots__ = (
        "base",
        "declared",
        "facts",
        "free",
        "hoisted",
        "inner",
        "key",
        "loose",
        "results",
        "root",
        "scopes",
        "touched",
        "tree",
        "unit",
        "uses",
    )

    def __init__(self, base: int, tree: LightTree, key: tuple[str, bytes] | None) -> None:
        self.base = base
        self.key = key
        self.tree = tree
        self.root: Node
        self.inner: list[Fragment] = []
        self.loose: dict[int, str] = {}
        self.facts: dict[tuple[str, Node], object] = {}
        self.unit: Fragment = self
        self.touched: dict[tuple[str, bool], tuple[Node, ...]] = {}
        self.results: dict[str, object] = {}
        self.uses: list[Node] = []
        self.declared: list[tuple[Node, str]] = []
        self.hoisted: list[tuple[Node, str]] = []
        self.free: dict[str, list[Node]] = {}
        self.scopes: list[Scope] = []
