"""From tree-sitter's tree to the light tree, taking over the fragments that an edit left alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callsheet.language.literals import unescape
from callsheet.language.scopes.bind import Scope, bind, close_module
from callsheet.language.scopes.nodes import Fragment, Node

if TYPE_CHECKING:
    import tree_sitter

    from callsheet.language.syntax import Parsed

_BLOCKS = frozenset({"program", "statement_block", "class_body"})
_STATEMENT = ("statement", "declaration")
_SMALLEST_FRAGMENT_BYTES = 24
_KEPT_TREES = 4

_IGNORED = frozenset(
    {"comment", "html_comment", "hash_bang_line", "optional_chain", "string_fragment", "escape_sequence"}
)
_NAMED = frozenset(
    {
        "identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "statement_identifier",
    }
)
_CHAINS = frozenset({"call_expression", "member_expression", "subscript_expression"})
_LEAVES = _NAMED | {"number", "string", "regex", "true", "false", "null", "undefined", "this", "super", ","}
_OPERATORS = frozenset(
    {"binary_expression", "unary_expression", "augmented_assignment_expression", "update_expression"}
)
_USES = frozenset(
    {
        "member_expression",
        "subscript_expression",
        "spread_element",
        "object_pattern",
        "array_pattern",
        "for_in_statement",
    }
)
_ARRAYS = frozenset({"array", "array_pattern"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration", "using_declaration"})
_KEYWORDS = frozenset({"const", "let", "var"})
_LOOSE = frozenset(
    {
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "array_pattern",
        "object_pattern",
    }
)
_PATTERN_TOKENS = frozenset({"{", "}", "[", "]", ",", ":"})


class LightTree:
    """The light tree of one version of a script.

    Attributes:
        whole: the outermost fragment.
        data: the file's bytes.
        root: the whole script.
        module: the outermost scope.
        globals: references that no declaration of the script explains, by name.
        intact: whether no later version took fragments from it; a tree that is not must be made anew.
    """

    __slots__ = ("by_text", "data", "globals", "intact", "memo", "module", "root", "whole")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root: Node
        self.module: Scope
        self.whole: Fragment
        self.globals: dict[str, list[Node]] = {}
        self.by_text: dict[tuple[str, bytes], list[Fragment]] = {}
        self.intact = True
        self.memo: dict[object, object] = {}


class _Recent(threading.local):
    """The trees that were asked for last, oldest first; each thread has its own, as fragments move between them."""

    def __init__(self) -> None:
        self.trees: OrderedDict[int, tuple[Parsed, LightTree]] = OrderedDict()


_recent = _Recent()


def light_tree(parsed: Parsed) -> LightTree:
    """The light tree of a script, with its names resolved; cached for the last few scripts of a thread.

    What is read from it must be used before another version of the script is asked for: fragments move on. Ask again
    rather than keep nodes.
    """
    key = id(parsed)
    trees = _recent.trees
    entry = trees.get(key)
    if entry is not None and entry[1].intact:
        trees.move_to_end(key)
        return entry[1]
    tree = _lower(parsed.tree.root_node, parsed.source.data)
    for other, (_, old) in list(trees.items()):
        if not old.intact:
            del trees[other]
    trees[key] = (parsed, tree)
    trees.move_to_end(key)
    while len(trees) > _KEPT_TREES:
        trees.popitem(last=False)
    return tree


def _lower(root: tree_sitter.Node, data: bytes) -> LightTree:
    tree = LightTree(data)
    older = [old for _, old in reversed(_recent.trees.values())]
    made: list[Fragment] = []
    awaits: list[Node] = []
    whole = Fragment(0, tree, None)
    stack: list[tuple[tree_sitter.Node, Node | None, Fragment, bool]] = [(root, None, whole, False)]
    while stack:
        ts, parent, fragment, statement = stack.pop()
        type_ = ts.type
        start, end = ts.start_byte, ts.end_byte
        if statement and (fragment is whole or end - start >= _SMALLEST_FRAGMENT_BYTES):
            key = (type_, data[start:end])
            reusable = not ts.has_error
            found = _take(key, start, tree, older) if reusable else None
            if found is None:
                inner = Fragment(start, tree, key if reusable else None)
                if reusable:
                    tree.by_text.setdefault(key, []).append(inner)
                fragment.inner.append(inner)
                if fragment is not whole:
                    inner.unit = fragment.unit
                fragment = inner
            elif parent is not None:
                fragment.inner.append(found)
                _put_into(found, found if fragment is whole else fragment.unit)
                found.root.parent = parent
                parent.children.append(found.root)
                continue
        base = fragment.base
        name = None
        if type_ in _NAMED:
            name = data[start:end].decode("utf-8", "replace")
            if "\\" in name:
                name = unescape(name)
            if (
                name == "await"
                and parent is not None
                and parent.type == "call_expression"
                and not parent.children
            ):
                # The grammar takes `await (…)` for a call of a function with that name.
                parent.type = "await_expression"
                awaits.append(parent)
                continue
        elif type_ in _OPERATORS:
            operator = ts.child_by_field_name("operator")
            name = operator.type if operator is not None else None
        elif type_ == "arguments" and parent is not None and parent.type == "await_expression":
            type_ = "parenthesized_expression"
        elif type_ in _DECLARATIONS:
            name = ts.children[0].type
        elif type_ == "for_in_statement":
            kind = ts.child_by_field_name("kind")
            name = kind.type if kind is not None else None
        node = Node(type_, start - base, end - base, parent, fragment, name)
        if parent is None or parent.fragment is not fragment:
            fragment.root = node
            made.append(fragment)
        if parent is None:
            pass
        elif type_ != "ERROR":
            parent.children.append(node)
        elif parent.errors is None:
            parent.errors = [node]
        else:
            parent.errors.append(node)
        if type_ in _LEAVES:
            continue
        if type_ in _USES:
            fragment.uses.append(node)
        children = ts.named_children if type_ not in _ARRAYS else _with_holes(ts)
        if type_ == "ERROR":
            _find_loose_declarations(ts, fragment)
        blocks = type_ in _BLOCKS
        broken = type_ == "ERROR" and parent is None
        for child in reversed(children):
            child_type = child.type
            if child_type in _IGNORED:
                if child_type == "optional_chain":
                    node.name = "?."
                continue
            stack.append((child, node, fragment, blocks or (broken and child_type.endswith(_STATEMENT))))
    for await_ in awaits:
        _await_whole_chain(await_)
    tree.root = whole.root
    tree.whole = whole
    for fragment in reversed(made):
        bind(fragment)
    tree.module, tree.globals = close_module(whole)
    return tree


def _await_whole_chain(await_: Node) -> None:
    """Puts an `await (…)` around what follows it: `await (x).f()` waits for what `f` gives, not for `x`."""
    top = await_
    while top.parent is not None and top.parent.type in _CHAINS and top.parent.children[0] is top:
        top = top.parent
    parent, outer = await_.parent, top.parent
    if top is await_ or parent is None or outer is None or not await_.children:
        return
    inner = await_.children[0]
    parent.children[0], inner.parent = inner, parent
    outer.children[outer.children.index(top)] = await_
    await_.children, await_.parent, await_.limit = [top], outer, top.limit
    top.parent, top.offset = await_, inner.offset
    node: Node | None = inner.parent
    while node is not None and node is not await_:
        node.offset = inner.offset
        node = node.parent


def _with_holes(array: tree_sitter.Node) -> list[tree_sitter.Node]:
    """Elements of an array, the comma standing for a hole."""
    elements: list[tree_sitter.Node] = []
    after_comma = True
    for child in array.children[1:]:
        if child.is_named:
            elements.append(child)
            after_comma = after_comma and child.type in _IGNORED
        elif child.type == ",":
            if after_comma:
                elements.append(child)
            after_comma = True
    return elements


def _take(key: tuple[str, bytes], start: int, tree: LightTree, older: Sequence[LightTree]) -> Fragment | None:
    """Moves a fragment of the same text from an older tree to this one."""
    for old in older:
        candidates = old.by_text.get(key)
        while candidates:
            fragment = candidates.pop()
            if _is_whole(fragment, old):
                old.intact = False
                _move(fragment, start - fragment.base, tree)
                return fragment
    return None


def _is_whole(fragment: Fragment, tree: LightTree) -> bool:
    """Whether a fragment and all in it still belong to a tree: an inner one may have moved on alone."""
    stack = [fragment]
    while stack:
        inner = stack.pop()
        if inner.tree is not tree:
            return False
        stack.extend(inner.inner)
    return True


def _move(fragment: Fragment, distance: int, tree: LightTree) -> None:
    stack = [fragment]
    while stack:
        moved = stack.pop()
        moved.base += distance
        moved.tree = tree
        if moved.key is not None:
            tree.by_text.setdefault(moved.key, []).append(moved)
        stack.extend(moved.inner)


def _put_into(fragment: Fragment, unit: Fragment) -> None:
    """Says which statement of the script a fragment is in; what was found about it elsewhere is void."""
    if fragment.unit is unit:
        return
    stack = [fragment]
    while stack:
        moved = stack.pop()
        moved.unit = unit
        moved.touched = {}
        moved.results = {}
        stack.extend(moved.inner)


def _find_loose_declarations(error: tree_sitter.Node, fragment: Fragment) -> None:
    """Notes what half-typed code declares, such as `const x = agent(` without its end."""
    kind: str | None = None
    previous: tree_sitter.Node | None = None
    for child in error.children:
        type_ = child.type
        if not child.is_named:
            if type_ in _KEYWORDS or type_ == "function":
                kind = type_
            elif type_ == "=>" and previous is not None and previous.type == "identifier":
                fragment.loose[previous.start_byte - fragment.base] = "param"
            elif type_ not in _PATTERN_TOKENS:
                kind = None
        elif kind is not None and type_ in _LOOSE:
            fragment.loose[child.start_byte - fragment.base] = kind
            if kind == "function":
                kind = None
        elif type_ == "formal_parameters":
            fragment.loose[child.start_byte - fragment.base] = "param"
        previous = child
