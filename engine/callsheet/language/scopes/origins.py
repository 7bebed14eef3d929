"""Looking backwards: the literals, functions and classes that an expression may stand for."""

from __future__ import annotations

from itertools import product
from math import prod

from callsheet.language.literals import unescape
from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.folding import characters, fold
from callsheet.language.scopes.functions import arguments_of, calls_of_function, returned_by
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, SAME, Node

_DEPTH = 12
_MOST = 24
"""How many origins, or constant strings, are followed before giving up."""

_EITHER = frozenset({"||", "??", "&&"})
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_DEFAULTS = frozenset({"assignment_pattern", "object_assignment_pattern"})
_ITERATIONS = frozenset(
    {"map", "forEach", "filter", "find", "findLast", "flatMap", "some", "every", "findIndex", "findLastIndex"}
)

_FREEZES = frozenset({"freeze", "seal", "preventExtensions"})
_NAMED_MEMBERS = frozenset({"shorthand_property_identifier", "method_definition"})

Step = str | None
"""A property name or an index as a string; None for one that is not known."""


def origins(node: Node, depth: int = _DEPTH) -> list[Node]:
    """Expressions that `node` may stand for, names and containers being followed to what was put into them.

    A node that leads nowhere further is its own origin: a call, a global, a parameter that nobody fills.
    """
    if depth <= 0:
        return [node]
    type_ = node.type
    if type_ in SAME and node.children:
        return origins(node.children[0], depth)
    if type_ == "sequence_expression" and node.children:
        return origins(node.children[-1], depth)
    if type_ == "ternary_expression" and len(node.children) == 3:
        return _merge(origins(node.children[1], depth - 1), origins(node.children[2], depth - 1))
    if type_ == "binary_expression" and node.name in _EITHER and len(node.children) == 2:
        if node.name != "&&" and node.children[0].type in {"undefined", "null"}:
            return origins(node.children[1], depth - 1)
        return _merge(origins(node.children[0], depth - 1), origins(node.children[1], depth - 1))
    if type_ == "assignment_expression" and len(node.children) == 2:
        return origins(node.children[1], depth)
    if type_ in {"identifier", "shorthand_property_identifier"}:
        if node.binding is None:
            return [node]
        touch(node.binding, node)
        return origins_of_binding(node.binding, depth - 1) or [node]
    if type_ == "call_expression" and _gives_its_argument(node):
        return origins(arguments_of(node)[0], depth - 1)
    if type_ in {"member_expression", "subscript_expression"} and len(node.children) == 2:
        found: list[Node] = []
        for key in keys_of(node, depth - 1) or ():
            for container in origins(node.children[0], depth - 1):
                found = _merge(found, _inside(container, key, depth - 1))
        return found or [node]
    return [node]


def _gives_its_argument(call: Node) -> bool:
    """Whether a call is `Object.freeze(…)` or the like."""
    callee = call.children[0]
    if (
        callee.type != "member_expression"
        or callee.children[-1].name not in _FREEZES
        or len(callee.children) != 2
    ):
        return False
    base = callee.children[0]
    return base.name == "Object" and base.binding is None and len(arguments_of(call)) == 1


def origins_of_binding(binding: Binding, depth: int = _DEPTH) -> list[Node]:
    """Expressions that a declared name may stand for; empty where nothing is known."""
    found: list[Node] = []
    for declaration in binding.declarations:
        found = _merge(found, _of_declaration(declaration, depth))
    if binding.kind != "const":
        touch(binding, binding.declarations[0], mentions=True)
        for use in binding.references:
            parent = use.parent
            if (
                parent is not None
                and parent.type in _ASSIGNMENTS
                and parent.children[0] is use
                and parent.name in {None, "??=", "||="}
            ):
                found = _merge(found, origins(parent.children[-1], depth - 1))
    return found


def declared_by(declaration: Node) -> tuple[Node, list[Step], list[tuple[int, Node]]]:
    """How a declaring identifier gets its value.

    Returns:
        The node that declares (a declarator, function, class, `formal_parameters`, …), the steps from the value given
        to it down to this name, and the default values on the way, each with the number of steps that lead to it.
    """
    steps: list[Step] = []
    defaults: list[tuple[int, Node]] = []
    child, parent = declaration, declaration.parent
    if declaration.type == "shorthand_property_identifier_pattern":
        steps.append(declaration.name)
    while parent is not None:
        type_ = parent.type
        if type_ == "array_pattern":
            steps.append(str(parent.children.index(child)))
        elif type_ == "pair_pattern":
            names = key_names(parent.children[0])
            steps.append(next(iter(names)) if names and len(names) == 1 else None)
        elif type_ in _DEFAULTS and parent.children[0] is child:
            defaults.append((len(steps), parent.children[-1]))
        elif type_ not in {"object_pattern", "rest_pattern"}:
            break
        child, parent = parent, parent.parent
    steps.reverse()
    assert parent is not None
    return parent, steps, [(len(steps) - below, default) for below, default in defaults]


def _of_declaration(declaration: Node, depth: int) -> list[Node]:
    if depth <= 0:
        return []
    owner, steps, defaults = declared_by(declaration)
    found: list[Node] = []
    type_ = owner.type
    if type_ == "variable_declarator":
        if len(owner.children) > 1:
            found = _along(origins(owner.children[1], depth - 1), steps, depth)
    elif type_ == "for_in_statement" and len(owner.children) > 1:
        for container in origins(owner.children[1], depth - 1):
            for element in _elements(container, depth - 1):
                found = _merge(found, _along([element], steps, depth))
    elif type_ == "formal_parameters" or (
        type_ == "arrow_function" and owner.children[-1] is not declaration
    ):
        found = _along(_given(owner, declaration, depth - 1), steps, depth)
    elif type_ in FUNCTIONS or type_ in CLASSES:
        return [owner]
    for at, default in defaults:
        found = _merge(found, _along(origins(default, depth - 1), steps[at:], depth))
    return found


def _given(owner: Node, declaration: Node, depth: int) -> list[Node]:
    """Arguments that calls give to a parameter."""
    function = owner if owner.type == "arrow_function" else owner.parent
    if function is None or depth <= 0:
        return []
    index = 0
    if owner.type == "formal_parameters":
        index = next(
            (at for at, child in enumerate(owner.children) if child.start <= declaration.start < child.end), 0
        )
        if owner.children[index].type == "rest_pattern":
            return []
    found: list[Node] = []
    for call in calls_of_function(function):
        arguments = arguments_of(call)
        if index < len(arguments) and not any(a.type == "spread_element" for a in arguments[: index + 1]):
            found = _merge(found, origins(arguments[index], depth - 1))
    if index == 0 and function.parent is not None and function.parent.type == "arguments":
        receiver = function.parent.parent
        callee = receiver.children[0] if receiver is not None else None
        if (
            callee is not None
            and callee.type == "member_expression"
            and callee.children[-1].name in _ITERATIONS
        ):
            for container in origins(callee.children[0], depth - 1):
                found = _merge(found, _elements(container, depth - 1))
    return found


def arguments_for(binding: Binding) -> list[Node]:
    """Arguments that calls give to a name that is a whole parameter; empty for any other name."""
    if binding.kind != "param":
        return []
    declaration = binding.declarations[0]
    owner, steps, _ = declared_by(declaration)
    function = owner if owner.type == "arrow_function" else owner.parent
    if steps or function is None or function.type not in FUNCTIONS:
        return []
    parameters = owner.children if owner.type == "formal_parameters" else [declaration]
    index = next(
        (at for at, child in enumerate(parameters) if child.start <= declaration.start < child.end), 0
    )
    if parameters[index].type == "rest_pattern":
        return []
    calls = (arguments_of(call) for call in calls_of_function(function))
    return [
        arguments[index]
        for arguments in calls
        if index < len(arguments) and not any(a.type == "spread_element" for a in arguments[: index + 1])
    ]


def property_of(container: Node, name: str) -> Node | None:
    """The value node of a property of an object or array literal: the last that is written for it."""
    if container.type == "array":
        if name.isdecimal() and int(name) < len(container.children):
            element = container.children[int(name)]
            before = container.children[: int(name) + 1]
            return None if any(child.type == "spread_element" for child in before) else element
        return None
    for child in reversed(container.children):
        value = property_of_child(child, name)
        if value is not None:
            return value
    return None


def property_of_child(child: Node, name: str) -> Node | None:
    """The value node that one member of an object literal gives a property; None where it is another."""
    if child.type == "pair" and len(child.children) == 2:
        names = key_names(child.children[0])
        return child.children[1] if names and name in names else None
    if child.type in _NAMED_MEMBERS and name in (key_names((child.children or [child])[0]) or ()):
        return child
    return None


def _inside(container: Node, key: str, depth: int) -> list[Node]:
    if container.type in {"object", "array"}:
        value = property_of(container, key)
        if value is not None:
            return origins(value, depth)
        found: list[Node] = []
        for child in container.children:
            if child.type == "spread_element" and child.children and container.type == "object":
                for spread in origins(child.children[0], depth - 1):
                    found = _merge(found, _inside(spread, key, depth - 1) if depth > 0 else [])
        return found
    if container.type == "new_expression" and depth > 0:
        made: list[Node] = []
        for class_ in origins(container.children[0], depth - 1):
            made = _merge(made, _inside(class_, key, depth - 1) if class_.type in CLASSES else [])
        return made
    if container.type == "this" and depth > 0:
        owner = _owner_of(container)
        return _inside(owner, key, depth - 1) if owner is not None else []
    if container.type in CLASSES:
        body = container.child("class_body")
        for member in body.children if body is not None else ():
            if member.children and key in (key_names(member.children[0]) or ()):
                if member.type == "method_definition":
                    return [member]
                if member.type == "field_definition" and len(member.children) > 1:
                    return origins(member.children[1], depth)
        heritage = container.child("class_heritage")
        inherited: list[Node] = []
        for class_ in origins(heritage.children[0], depth - 1) if heritage is not None and depth > 0 else ():
            inherited = _merge(inherited, _inside(class_, key, depth - 1) if class_.type in CLASSES else [])
        return inherited
    return []


def _owner_of(this: Node) -> Node | None:
    """The class or object whose method a `this` stands in."""
    for node in this.ancestors():
        parent = node.parent
        if node.type in {"method_definition", "field_definition"} and parent is not None:
            return parent.parent if parent.type == "class_body" else parent
        if node.type in FUNCTIONS and node.type != "arrow_function":
            return parent.parent if parent is not None and parent.type == "pair" else None
    return None


def _along(found: list[Node], steps: list[Step], depth: int) -> list[Node]:
    for step in steps:
        following: list[Node] = []
        for node in found:
            if step is not None:
                following = _merge(following, _inside(node, step, depth - 1))
        found = following
    return found


def _elements(container: Node, depth: int) -> list[Node]:
    found: list[Node] = []
    if container.type == "array":
        for child in container.children:
            if child.type != "spread_element":
                found = _merge(found, origins(child, depth - 1))
            else:
                for spread in origins(child.children[0], depth - 1):
                    found = _merge(found, _elements(spread, depth - 1) if depth > 0 else [])
    return found


def _merge(first: list[Node], second: list[Node]) -> list[Node]:
    if not second:
        return first
    return [*first, *(node for node in second if node not in first)][:_MOST]


def keys_of(node: Node, depth: int = _DEPTH) -> frozenset[str] | None:
    """Names that a member access may ask for; None where they are not known."""
    key = node.children[-1]
    if node.type == "member_expression":
        return frozenset({key.name or ""})
    return constant_strings(key, depth)


def key_names(key: Node, depth: int = _DEPTH) -> frozenset[str] | None:
    """Names that the key of an object literal, a pattern or a class member may have; None where not known."""
    if key.type in {"property_identifier", "private_property_identifier", "shorthand_property_identifier"}:
        return frozenset({key.name or ""})
    if key.type == "computed_property_name":
        return constant_strings(key.children[0], depth) if key.children else None
    return constant_strings(key, depth) if key.type in {"string", "number"} else None


def constant_strings(node: Node, depth: int = _DEPTH) -> frozenset[str] | None:
    """Strings that an expression may be, numbers as strings; None where that cannot be told."""
    found: frozenset[str] = frozenset()
    for origin in origins(node, depth):
        values = _constant(origin, depth - 1) if depth > 0 else None
        if values is None:
            return None
        found |= values
    for addition in _additions(node):
        values = constant_strings(addition, depth - 1) if depth > 0 else None
        found |= _combine([found, values], "") or frozenset() if values is not None else frozenset()
    return found if 0 < len(found) <= _MOST else None


def _additions(node: Node) -> list[Node]:
    """What `+=` adds to a name."""
    binding = node.binding if node.type == "identifier" else None
    if binding is None or binding.kind not in {"let", "var"}:
        return []
    parents = (
        use.parent for use in binding.references if use.parent is not None and use.parent.children[0] is use
    )
    return [
        parent.children[-1]
        for parent in parents
        if parent.type == "augmented_assignment_expression" and parent.name == "+="
    ]


def _constant(node: Node, depth: int) -> frozenset[str] | None:
    type_ = node.type
    if type_ == "string":
        return frozenset({unescape(node.text[1:-1])})
    if type_ == "number":
        return frozenset({node.text})
    if type_ == "template_string":
        return _template(node, depth)
    if type_ == "binary_expression" and node.name == "+" and len(node.children) == 2:
        return _joined([node.children[0], node.children[1]], "", depth)
    if type_ == "call_expression":
        return _constant_call(node, depth)
    return None


def _template(node: Node, depth: int) -> frozenset[str] | None:
    text, base, at = node.text.encode(), node.start, 1
    parts: list[frozenset[str]] = []
    for hole in node.children:
        if hole.type != "template_substitution" or not hole.children:
            continue
        values = constant_strings(hole.children[0], depth)
        if values is None:
            return None
        parts += [frozenset({unescape(text[at : hole.start - base].decode())}), values]
        at = hole.end - base
    parts.append(frozenset({unescape(text[at:-1].decode())}))
    return _combine(parts, "")


def _joined(nodes: list[Node], separator: str, depth: int) -> frozenset[str] | None:
    parts = [constant_strings(node, depth) for node in nodes]
    if any(part is None for part in parts):
        return None
    return _combine([part for part in parts if part is not None], separator)


def _combine(parts: list[frozenset[str]], separator: str) -> frozenset[str] | None:
    if prod(map(len, parts)) > _MOST:
        return None
    return frozenset(separator.join(choice) for choice in product(*parts))


def _constant_call(node: Node, depth: int) -> frozenset[str] | None:
    callee, arguments = node.children[0], arguments_of(node)
    if callee.type == "member_expression":
        name, receiver = callee.children[-1].name or "", callee.children[0]
        if receiver.type == "identifier" and receiver.binding is None and receiver.name == "String":
            return _of_string(name, node, depth)
        if name == "join":
            separator = constant_strings(arguments[0], depth) if arguments else frozenset({","})
            items = _constant_items(receiver, depth)
            if items is None or separator is None or len(separator) != 1:
                return None
            return _combine(items, next(iter(separator)))
        return _fold(name, [receiver, *arguments], depth)
    if callee.type == "identifier" and callee.binding is None:
        return (
            constant_strings(arguments[0], depth) if callee.name == "String" and len(arguments) == 1 else None
        )
    found: frozenset[str] = frozenset()
    for function in origins(callee, depth):
        if function.type not in FUNCTIONS:
            return None
        for result in returned_by(function):
            values = constant_strings(result, depth - 1)
            if values is None:
                return None
            found |= values
    return found or None


def _of_string(name: str, call: Node, depth: int) -> frozenset[str] | None:
    """`String.fromCharCode(…)`, and `String.raw` of a template without holes."""
    if name == "raw" and len(call.children) == 2 and call.children[1].type == "template_string":
        template = call.children[1]
        return frozenset({template.text[1:-1]}) if not template.children else None
    if name in {"fromCharCode", "fromCodePoint"}:
        codes = [constant_strings(argument, depth) for argument in arguments_of(call)]
        text = characters([next(iter(code)) for code in codes if code is not None and len(code) == 1])
        return frozenset({text}) if text is not None and len(text) == len(codes) else None
    return None


def _fold(name: str, operands: list[Node], depth: int) -> frozenset[str] | None:
    values = [constant_strings(operand, depth) for operand in operands]
    choices = [value for value in values if value is not None]
    if len(choices) != len(values) or prod(map(len, choices)) > _MOST:
        return None
    found = {fold(name, receiver, arguments) for receiver, *arguments in product(*choices)}
    return frozenset(text for text in found if text is not None) if None not in found else None


def _constant_items(node: Node, depth: int) -> list[frozenset[str]] | None:
    """The strings in an array that is built of constants."""
    found = origins(node, depth)
    origin = found[0]
    if len(found) != 1 or depth <= 0:
        return None
    if origin.type == "array":
        items: list[frozenset[str]] = []
        for element in origin.children:
            spread = element.type == "spread_element" and element.children
            value = None if spread else constant_strings(element, depth)
            inner = _characters_of(element.children[0], depth) if spread else [value] if value else None
            if inner is None:
                return None
            items.extend(inner)
        return items
    if origin.type != "call_expression" or origin.children[0].type != "member_expression":
        return None
    receiver, name = origin.children[0].children[0], origin.children[0].children[-1].name
    if name in {"reverse", "toReversed"}:
        before = _constant_items(receiver, depth - 1)
        return before[::-1] if before is not None else None
    if name == "split" and len(arguments_of(origin)) == 1:
        return _split(constant_strings(receiver, depth), constant_strings(arguments_of(origin)[0], depth))
    return None


def _split(texts: frozenset[str] | None, separators: frozenset[str] | None) -> list[frozenset[str]] | None:
    if texts is None or separators is None or len(texts) != 1 or len(separators) != 1:
        return None
    text, separator = next(iter(texts)), next(iter(separators))
    return [frozenset({part}) for part in (text.split(separator) if separator else text)]


def _characters_of(node: Node, depth: int) -> list[frozenset[str]] | None:
    return _split(constant_strings(node, depth), frozenset({""})) or _constant_items(node, depth - 1)
