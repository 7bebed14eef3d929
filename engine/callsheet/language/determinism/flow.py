"""Following forbidden things forwards through a script, from where they are named to where they are used."""

from __future__ import annotations

from attrs import field, frozen, mutable

from callsheet.language.determinism import arguments, calls, classes
from callsheet.language.determinism.values import (
    ANY,
    CALL,
    ELEMENT,
    EVALUATES,
    PROTO,
    ROOTS,
    Flow,
    Note,
    Thing,
    entry_of,
    forbidden_call,
    read,
)
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.functions import arguments_of, name_of_function
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import arguments_for, constant_strings, key_names, keys_of, property_of
from callsheet.language.tables.forbidden import Forbidden

_MOST_STEPS = 6
_MOST_WORK = 20_000
_CHECKS = frozenset({"===", "!==", "==", "!=", "instanceof", "in"})
_EITHER = frozenset({"||", "??", "&&"})
_TESTS = frozenset({"if_statement", "while_statement", "do_statement", "for_statement"})


_GIVES_LEFT = frozenset(
    {"parenthesized_expression", "assignment_expression", "augmented_assignment_expression"}
)
_WRAPPERS = frozenset({"parenthesized_expression", "sequence_expression"})
_CALLED_UNSEEN = frozenset({"valueOf", "toString", "toJSON", "then"})
"""Methods that the language calls by itself."""


@frozen
class Use:
    """A use of something forbidden.

    Attributes:
        entry: what forbids it.
        node: what to underline.
        call: the use itself; not `node` when it lies in a function that was given the thing.
        trail: how the thing came here.
    """

    entry: Forbidden
    node: Node
    call: Node
    trail: tuple[Note, ...]


@mutable
class Tracer:
    """The work list of one script."""

    tree: LightTree
    uses: dict[tuple[int, str], Use] = field(factory=dict)
    _seen: set[tuple[int, Flow]] = field(factory=set)
    _stored: set[tuple[int, Flow]] = field(factory=set)
    _work: list[tuple[Node, Flow]] = field(factory=list)

    def run(self) -> list[Use]:
        for name in ROOTS:
            for node in self.tree.globals.get(name, ()):
                self.flow(node, Flow(Thing("" if name == "globalThis" else name)))
        self._evaluated_globals()
        done = 0
        while self._work and done < _MOST_WORK:
            node, flow = self._work.pop()
            self._step(node, flow)
            done += 1
        return sorted(self.uses.values(), key=lambda use: use.node.start)

    def _evaluated_globals(self) -> None:
        """`Function('return this')()` and `(0, eval)('this')` are the global object."""
        for name, (texts, steps) in EVALUATES.items():
            for node in self.tree.globals.get(name, ()):
                while (
                    node.parent is not None
                    and node.parent.type in _WRAPPERS
                    and node.parent.children[-1] is node
                ):
                    node = node.parent
                call = node.parent
                if call is None or call.type not in {"call_expression", "new_expression"}:
                    continue
                given = [constant_strings(argument) for argument in arguments_of(call)]
                if len(given) == 1 and given[0] and texts.issuperset(text.strip(" ;") for text in given[0]):
                    self.flow(call, Flow(Thing(""), steps))

    def flow(self, node: Node, flow: Flow) -> None:
        """Says that the expression `node` is what flows."""
        key = (id(node), flow)
        if len(flow.steps) <= _MOST_STEPS and key not in self._seen:
            self._seen.add(key)
            self._work.append((node, flow))

    def report(self, entry: Forbidden, node: Node, flow: Flow) -> None:
        """Records a use at `node`."""
        shown = flow.anchor or node
        self.uses.setdefault((shown.start, entry.rule), Use(entry, shown, node, flow.trail))

    def _step(self, node: Node, flow: Flow) -> None:
        parent = node.parent
        if parent is None:
            return
        entry = entry_of(flow.thing) if not flow.steps else None
        if entry is not None:
            if not _only_checked(node, parent):
                self.report(entry, node, flow)
            return
        handler = _STEPS.get(parent.type)
        if handler is not None:
            handler(self, node, parent, flow)
        elif parent.type in FUNCTIONS and parent.children[-1] is node and parent.type == "arrow_function":
            self.returned(parent, flow)

    def bind(self, target: Node, flow: Flow) -> None:
        """Assigns what flows to a name, pattern or property."""
        type_ = target.type
        if type_ in {"identifier", "shorthand_property_identifier_pattern"}:
            self.bind_name(target, flow)
        elif type_ in {"member_expression", "subscript_expression"} and len(target.children) == 2:
            for key in keys_of(target) or {ANY}:
                self.store(target.children[0], flow if key == PROTO else flow.into(key))
        elif type_ in {"assignment_pattern", "object_assignment_pattern"}:
            self.bind(target.children[0], flow)
        elif type_ == "rest_pattern" and target.children:
            if flow.steps:
                self.bind(target.children[0], flow.out().into(ELEMENT) if flow.steps[0].isdecimal() else flow)
        elif type_ == "array_pattern":
            for index, child in enumerate(target.children):
                for inner in read(flow, str(index)) if child.type != "rest_pattern" else (flow,):
                    self.bind(child, inner)
        elif type_ == "object_pattern":
            self._bind_object(target, flow)

    def _bind_object(self, pattern: Node, flow: Flow) -> None:
        for child in pattern.children:
            name = child.children[0] if child.children else child
            if child.type == "rest_pattern":
                self.bind(child, flow)
                continue
            keys = frozenset({name.name or ""}) if child.type != "pair_pattern" else key_names(name)
            for key in keys or ():
                for inner in read(flow, key):
                    self.bind(child.children[-1] if child.type == "pair_pattern" else child, inner)

    def bind_name(self, name: Node, flow: Flow) -> None:
        entry = entry_of(flow.thing) if not flow.steps else None
        if entry is not None:
            self.report(entry, name, flow)
            return
        flow = flow.noting(name, f"`{name.name}` {_holds(flow)}")
        if name.binding is not None:
            self.bind_references(name.binding, flow)
        else:
            for use in self.tree.globals.get(name.name or "", ()):
                self.flow(use, flow)

    def bind_references(self, binding: Binding, flow: Flow) -> None:
        key = (id(binding), flow)
        if key in self._seen:
            return
        self._seen.add(key)
        for use in binding.references:
            if not _written(use):
                self.flow(use, flow)

    def store(self, container: Node, flow: Flow) -> None:
        """Puts what flows into the object that an expression names."""
        key = (id(container), flow)
        if len(flow.steps) > _MOST_STEPS or key in self._stored:
            return
        self._stored.add(key)
        type_ = container.type
        if type_ == "identifier":
            if container.binding is not None:
                self.bind_references(container.binding, flow)
                for argument in arguments_for(container.binding):
                    self.store(argument, flow)
            elif container.name == "globalThis" and flow.steps:
                for use in self.tree.globals.get(flow.steps[0], ()):
                    self.flow(use, flow.out())
        elif type_ in {"member_expression", "subscript_expression"} and len(container.children) == 2:
            for step in keys_of(container) or {ANY}:
                self.store(container.children[0], flow.into(step))
        elif type_ == "this":
            classes.store_this(self, container, flow)
        elif type_ in _GIVES_LEFT and container.children:
            self.store(container.children[0], flow)

    def flow_value(self, definition: Node, flow: Flow) -> None:
        """Lets a function or class definition be what flows, by its name and where it stands."""
        if definition.type.endswith("_declaration"):
            binding = name_of_function(definition)
            if binding is not None:
                self.bind_references(binding, flow)
        elif definition.type == "method_definition":
            classes.member_holds(self, definition, flow)
        else:
            own = definition.child("identifier") if definition.type != "arrow_function" else None
            if own is not None and own.binding is not None:
                self.bind_references(own.binding, flow)
            self.flow(definition, flow)

    def returned(self, function: Node, flow: Flow) -> None:
        """Says that a function returns what flows."""
        if function.type == "method_definition" and classes.is_getter(function):
            classes.member_holds(self, function, flow)
        else:
            self.flow_value(function, flow.into(CALL))


def _same(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    tracer.flow(parent, flow)


def _last(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[-1] is node:
        tracer.flow(parent, flow)


def _ternary(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[0] is not node:
        tracer.flow(parent, flow)


def _binary(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.name in _EITHER and (parent.name != "&&" or parent.children[-1] is node):
        tracer.flow(parent, flow)


def _assigned(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[-1] is node and (parent.name is None or parent.name.strip("=") in _EITHER):
        tracer.bind(parent.children[0], flow)
        tracer.flow(parent, flow)


def _declared(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[0] is not node:
        tracer.bind(parent.children[0], flow)


def _member(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[0] is not node or len(parent.children) != 2:
        return
    outer = parent.parent
    if outer is not None and outer.type == "assignment_expression" and outer.children[0] is parent:
        return
    keys = keys_of(parent) or ({ANY} if flow.steps else frozenset())
    for key in keys:
        for inner in read(flow, key):
            tracer.flow(parent, inner)
        if flow.steps or key == "then":
            arguments.method(tracer, parent, key, flow)


def _call(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[0] is node:
        calls.called(tracer, parent, flow)


def _new(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if parent.children[0] is node:
        calls.constructed(tracer, parent, flow)


def _argument(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    call = parent.parent
    if call is not None and call.type in {"call_expression", "new_expression"}:
        arguments.passed(tracer, call, node, flow)


def _spread(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    outer = parent.parent
    if outer is None or not flow.steps:
        return
    if outer.type == "object":
        own = property_of(outer, flow.steps[0])
        if own is None or own.start < parent.start:
            tracer.flow(outer, flow)
    elif outer.type == "array":
        for inner in read(flow, ELEMENT):
            tracer.flow(outer, inner.into(ELEMENT))
    elif outer.type == "arguments" and flow.steps[0].isdecimal():
        _argument(tracer, parent, outer, flow.out())


def _array(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    tracer.flow(parent, flow.put(str(parent.children.index(node)), node))


def _pair(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    owner = parent.parent
    if parent.children[-1] is node and owner is not None:
        key_node = parent.children[0]
        entry = forbidden_call(flow.thing) if not flow.steps else None
        if entry is not None and (key_node.name in _CALLED_UNSEEN or key_node.text == "[Symbol.toPrimitive]"):
            tracer.report(entry, node, flow)
            return
        for key in key_names(key_node) or {ANY}:
            inherited = key == PROTO and key_node.type != "computed_property_name"
            tracer.flow(owner, flow if inherited else flow.put(key, node))
            classes.flow_this(tracer, owner, flow if inherited else flow.into(key))


def _object(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if node.type == "shorthand_property_identifier":
        tracer.flow(parent, flow.put(node.name or "", node))
        classes.flow_this(tracer, parent, flow.into(node.name or ""))


def _return(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    for outer in parent.ancestors():
        if outer.type in FUNCTIONS:
            is_generator = outer.type.startswith("generator")
            tracer.returned(outer, flow.into("next", CALL, "value") if is_generator else flow)
            return
        if outer.type == "class_static_block":
            return


def _yield(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    delegates = "*" in parent.text[: node.start - parent.start]
    for outer in parent.ancestors():
        if outer.type in FUNCTIONS:
            for inner in read(flow, ELEMENT) if delegates else (flow,):
                tracer.returned(outer, inner.into(ELEMENT))
            return


def _throw(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    inner = parent
    for outer in parent.ancestors():
        if outer.type in FUNCTIONS:
            return
        handler = outer.child("catch_clause") if outer.type == "try_statement" else None
        if handler is not None and outer.children[0] is inner:
            if len(handler.children) > 1:
                tracer.bind(handler.children[0], flow)
            return
        inner = outer


def _hole(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    template = parent.parent
    call = template.parent if template is not None else None
    if template is not None and call is not None and call.type == "call_expression":
        arguments.filled(tracer, call, template.children.index(parent), node, flow)


def _for_of(tracer: Tracer, node: Node, parent: Node, flow: Flow) -> None:
    if len(parent.children) > 1 and parent.children[1] is node:
        for inner in read(flow, ELEMENT):
            tracer.bind(parent.children[0], inner)


_STEPS = {
    "parenthesized_expression": _same,
    "await_expression": _same,
    "sequence_expression": _last,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "assignment_expression": _assigned,
    "augmented_assignment_expression": _assigned,
    "variable_declarator": _declared,
    "assignment_pattern": _declared,
    "object_assignment_pattern": _declared,
    "member_expression": _member,
    "subscript_expression": _member,
    "call_expression": _call,
    "new_expression": _new,
    "arguments": _argument,
    "spread_element": _spread,
    "array": _array,
    "pair": _pair,
    "object": _object,
    "return_statement": _return,
    "yield_expression": _yield,
    "throw_statement": _throw,
    "template_substitution": _hole,
    "for_in_statement": _for_of,
    "class_heritage": classes.heritage,
    "field_definition": classes.field,
}


def _only_checked(node: Node, parent: Node) -> bool:
    """Whether a value is looked at without being used: `typeof x`, `y instanceof x`, `if (x)`."""
    while parent.type == "parenthesized_expression" and parent.parent is not None:
        node, parent = parent, parent.parent
    type_ = parent.type
    return (
        (type_ == "unary_expression" and parent.name in {"typeof", "!", "void", "delete"})
        or (type_ == "binary_expression" and parent.name in _CHECKS)
        or (type_ == "binary_expression" and parent.name == "&&" and parent.children[0] is node)
        or (type_ == "ternary_expression" and parent.children[0] is node)
        or (type_ in _TESTS and parent.children[-1] is not node)
        or type_ == "expression_statement"
        or (type_ in {"assignment_expression", "update_expression"} and parent.children[0] is node)
    )


def _written(use: Node) -> bool:
    parent = use.parent
    return parent is not None and parent.type == "assignment_expression" and parent.children[0] is use


def _holds(flow: Flow) -> str:
    thing = flow.thing
    name = thing.path or "globalThis"
    if flow.steps == (CALL,):
        return f"returns `{name}`"
    if flow.steps:
        return f"holds `{name}`"
    shown = {"bound": "is a bound", "instance": "is a", "subclass": "extends"}
    return f"{shown.get(thing.form, 'is')} `{name}`"
