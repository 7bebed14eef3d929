"""The workflow model: what a script declares, and each of its calls of the language's own functions."""

from __future__ import annotations

import re

from attrs import define, field, frozen
from tree_sitter import Node

from callsheet.language.faults import Fault, find_faults
from callsheet.language.literals import key_name, string_value
from callsheet.language.meta import Meta, Phase, find_meta
from callsheet.language.problem import Span
from callsheet.language.scopes import Scopes, resolve
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.lower import light_tree
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


@define(eq=False)
class Workflow:
    """What the analysis knows of one script.

    Attributes:
        parsed: the tree it was read from.
        meta: the script's `meta`, also where it is faulty; None where there is none.
        calls: calls of the language's own functions, in source order; calls of shadowed names are left out.
        constants: what names stand for, by the id of their node, as far as rules have asked.
    """

    parsed: Parsed
    meta: Meta | None
    calls: tuple[CallSite, ...]
    constants: dict[int, Node] = field(factory=dict, init=False, repr=False)
    _by_kinds: dict[tuple[str, ...], list[CallSite]] = field(factory=dict, init=False, repr=False)
    _single_bindings: dict[str, Binding] | None = field(default=None, init=False, repr=False)
    _faults: list[Fault] | None = field(default=None, init=False, repr=False)
    _scopes: Scopes | None = field(default=None, init=False, repr=False)

    @property
    def faults(self) -> list[Fault]:
        """The syntax errors, each at its cause."""
        if self._faults is None:
            self._faults = find_faults(self.parsed)
        return self._faults

    @property
    def scopes(self) -> Scopes:
        """What each name means."""
        if self._scopes is None:
            self._scopes = resolve(self.parsed)
        return self._scopes

    @property
    def single_bindings(self) -> dict[str, Binding]:
        """Names that are declared once in the whole script and are no globals anywhere, with their declaration."""
        if self._single_bindings is None:
            tree = light_tree(self.parsed)
            found: dict[str, Binding] = {}
            repeated = set(tree.globals)
            stack = [tree.module]
            while stack:
                scope = stack.pop()
                stack.extend(scope.children)
                for name, binding in scope.bindings.items():
                    if name in found or len(binding.declarations) != 1:
                        repeated.add(name)
                    found[name] = binding
            for name in repeated:
                found.pop(name, None)
            self._single_bindings = found
        return self._single_bindings

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The declared phases."""
        return self.meta.phases if self.meta is not None else ()

    @property
    def name(self) -> str | None:
        return self.meta.name if self.meta is not None else None

    @property
    def description(self) -> str | None:
        return self.meta.description if self.meta is not None else None

    def calls_of(self, *kinds: str) -> list[CallSite]:
        """Calls of these functions that could be read, in source order. The list is shared: leave it as it is."""
        found = self._by_kinds.get(kinds)
        if found is None:
            broken = self.parsed.root.has_error
            found = [site for site in self.calls if site.kind in kinds and not (broken and not site.is_sound)]
            self._by_kinds[kinds] = found
        return found

    def phase(self, title: str) -> Phase | None:
        """The declared phase of that title."""
        return next((phase for phase in self.phases if phase.title == title), None)


def build_model(parsed: Parsed) -> Workflow:
    """The model of a script; built once per tree."""
    if parsed._workflow is None:
        parsed._workflow = Workflow(parsed, find_meta(parsed.root, parsed.source.data), _call_sites(parsed))
    return parsed._workflow


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


def _call_sites(parsed: Parsed) -> tuple[CallSite, ...]:
    """Finds the calls by their names in the text, then descends to each from the one before.

    Asking each node for its parent would start at the root every time, and a query over all calls costs more
    than the text search, as most calls are not ours.
    """
    sites: list[CallSite] = []
    unresolved = light_tree(parsed).globals
    ours = {node.start for kind in CALL_KINDS for node in unresolved.get(kind, ())}
    root = parsed.root
    frames = [_Frame(root, root.start_byte, root.end_byte, None, None, None)]
    for match in _NAMES.finditer(parsed.source.data, parsed.script.start, parsed.script.end):
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


__all__ = [
    "CALL_KINDS",
    "CallSite",
    "Option",
    "Options",
    "Workflow",
    "arguments_of",
    "build_model",
    "read_options",
]
