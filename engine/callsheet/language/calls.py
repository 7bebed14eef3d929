"""The calls of the language's own functions: where they stand, and what they are given."""

from __future__ import annotations

import re

from attrs import define, field, frozen
from tree_sitter import Node

from callsheet.language.literals import key_name, string_value
from callsheet.language.problem import Span
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.scopes.units import globals_in
from callsheet.language.syntax import Parsed, span_of
from callsheet.language.tables.globals import GLOBALS

FUNCTION_TYPES = frozenset(
    {
        "arrow_function",
        "function_expression",
        "function_declaration",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
LOOP_TYPES = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
FAN_OUT_KINDS = frozenset({"parallel", "pipeline"})
CALL_KINDS = (*(entry.name for entry in GLOBALS if entry.kind == "function"), "budget")
"""What a call site may call; `budget` is no function, and called by mistake."""
_OPTIONS_AT = {
    entry.name: found[0] for entry in GLOBALS if (found := entry.parameter_with_fields()) is not None
}
_NAMES = re.compile(
    rb"\b(?:" + b"|".join(kind.encode() for kind in CALL_KINDS) + rb")\b(?=\s*(?:\(|`|\?\.|/[/*]))"
)


@frozen(eq=False)
class Option:
    """One property of an options object. `value` is the shorthand's own node where there is no other."""

    name: str
    key: Node
    value: Node
    node: Node

    @property
    def text(self) -> str | None:
        """The value where it is a plain string."""
        return string_value(self.value)


@frozen(eq=False)
class Options:
    """An options object literal.

    Attributes:
        node: the object.
        entries: properties with a static name, in order.
        is_open: whether a spread or a computed key may add more.
    """

    node: Node
    entries: tuple[Option, ...]
    is_open: bool

    def get(self, name: str) -> Option | None:
        """The property of that name; of several the last."""
        for entry in reversed(self.entries):
            if entry.name == name:
                return entry
        return None


@define(eq=False)
class CallSite:
    """One call of one of the language's own functions.

    Attributes:
        kind: the function's name: `agent`, `parallel`, …
        node: the call expression.
        callee: the identifier that is called.
        path: the nodes around the call, from the root to its parent.
        fan_out: the innermost `parallel` or `pipeline` whose arguments hold this call.
        loop: the innermost loop around the call, within its function.
        function: the innermost function around the call; None at the top level.
    """

    kind: str
    node: Node
    callee: Node
    path: tuple[Node, ...] = field(repr=False)
    fan_out: CallSite | None = field(repr=False)
    loop: Node | None = field(repr=False)
    function: Node | None = field(repr=False)
    _arguments: tuple[Node, ...] | None = field(default=None, init=False, repr=False)
    _options: Options | None = field(default=None, init=False, repr=False)
    _options_read: bool = field(default=False, init=False, repr=False)

    @property
    def span(self) -> Span:
        return span_of(self.node)

    @property
    def callee_span(self) -> Span:
        return span_of(self.callee)

    @property
    def parent(self) -> Node:
        return self.path[-1]

    @property
    def is_sound(self) -> bool:
        """Whether the call and what surrounds it up to its statement could be read."""
        return not self.node.has_error and not any(node.is_error for node in self.path)

    @property
    def arguments(self) -> tuple[Node, ...]:
        """The arguments without comments; a tagged template has none."""
        if self._arguments is None:
            self._arguments = arguments_of(self.node)
        return self._arguments

    def argument(self, index: int) -> Node | None:
        """The argument at an index, where no spread before it makes that uncertain."""
        before = self.arguments[: index + 1]
        if len(before) <= index or any(node.type == "spread_element" for node in before):
            return None
        return before[index]

    @property
    def options_node(self) -> Node | None:
        """The options argument, whatever it is."""
        index = _OPTIONS_AT.get(self.kind)
        return None if index is None else self.argument(index)

    @property
    def options(self) -> Options | None:
        """The options where they are an object literal."""
        if not self._options_read:
            node = self.options_node
            self._options = read_options(node) if node is not None and node.type == "object" else None
            self._options_read = True
        return self._options

    def option(self, name: str) -> Option | None:
        """An option that is written in the call itself."""
        return self.options.get(name) if self.options is not None else None


def read_options(node: Node) -> Options:
    """Reads an object literal as options."""
    entries: list[Option] = []
    is_open = False
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            name = key_name(key) if key is not None else None
            if name is None or key is None or value is None:
                is_open = True
            else:
                entries.append(Option(name, key, value, child))
        elif kind in {"shorthand_property_identifier", "method_definition"}:
            key = child if kind != "method_definition" else child.child_by_field_name("name")
            name = key_name(key) if key is not None else None
            if name is None or key is None:
                is_open = True
            else:
                entries.append(Option(name, key, child, child))
        elif kind != "comment":
            is_open = True
    return Options(node, tuple(entries), is_open)


def arguments_of(call: Node) -> tuple[Node, ...]:
    """The arguments of a call expression, without comments."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return ()
    return tuple(child for child in arguments.named_children if child.type != "comment")


@define(eq=False)
class _Frame:
    """A node on the way down to a call, with what encloses its children."""

    node: Node
    start: int
    end: int
    function: Node | None
    loop: Node | None
    fan_out: CallSite | None


def calls_in(parsed: Parsed, tree: LightTree, statement: Fragment) -> tuple[CallSite, ...]:
    """Calls of the language's functions in one statement of a script, in source order.

    Args:
        parsed: the script.
        tree: its light tree.
        statement: one of `tree.whole.inner`, or `tree.whole` for what broken code leaves outside of all of them.
    """
    ours = {use.start for kind in CALL_KINDS for use in globals_in(tree, statement, kind)}
    return _find(parsed, ours, statement.root.start, statement.root.end) if ours else ()


def _find(parsed: Parsed, ours: set[int], start: int, end: int) -> tuple[CallSite, ...]:
    """Finds calls by their names in the text, then descends to each from the one before.

    Asking each node for its parent would start at the root every time, and a query over all calls costs more
    than the text search, as most calls are not ours.
    """
    sites: list[CallSite] = []
    root = parsed.root
    frames = [_Frame(root, root.start_byte, root.end_byte, None, None, None)]
    for match in _NAMES.finditer(parsed.source.data, start, end):
        start, end = match.span()
        if start not in ours:
            continue
        while len(frames) > 1 and not (frames[-1].start <= start and end <= frames[-1].end):
            frames.pop()
        callee = frames[-1].node.descendant_for_byte_range(start, end)
        if (
            callee is None
            or callee.type != "identifier"
            or callee.end_byte != end
            or callee.start_byte != start
        ):
            continue
        _descend(frames, callee)
        call = frames[-1]
        if call.node.type != "call_expression" or call.start != start:
            continue
        site = CallSite(
            match.group().decode(),
            call.node,
            callee,
            tuple([frame.node for frame in frames[:-1]]),
            call.fan_out,
            call.loop,
            call.function,
        )
        if site.kind in FAN_OUT_KINDS:
            call.fan_out = site
        sites.append(site)
    return tuple(sites)


def _descend(frames: list[_Frame], target: Node) -> None:
    frame = frames[-1]
    while True:
        child = frame.node.child_with_descendant(target)
        if child is None or child.id == target.id:
            return
        function, loop = frame.function, frame.loop
        kind = child.type
        if kind in FUNCTION_TYPES:
            function, loop = child, None
        elif kind in LOOP_TYPES:
            loop = child
        frame = _Frame(child, child.start_byte, child.end_byte, function, loop, frame.fan_out)
        frames.append(frame)
