"""What a JSON Schema asks of one value, gathered from everything that applies to it.

`$ref`, `allOf` and the like are followed; of `anyOf`, `oneOf` and `if` one way is chosen, so that gathering again may
give other constraints. What is gathered guides the making of a value, which is then validated against the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from attrs import define, field, frozen
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_MAX_DEPTH = 60


_SHOWN_PATH = 4


class UnmeetableError(Exception):
    """No value was found, in words that follow "because".

    Attributes:
        why: the reason.
        path: names of the properties that lead to it.
    """

    def __init__(self, why: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(why, path)
        self.why = why
        self.path = path

    def __str__(self) -> str:
        if not self.path:
            return self.why
        shown = ".".join(self.path[:_SHOWN_PATH]) + ("…" if len(self.path) > _SHOWN_PATH else "")
        return f"its property {shown!r} cannot be made: {self.why}"


class ImpossibleError(UnmeetableError):
    """No value can be found, unless other ways are chosen."""


@frozen
class Node:
    """A schema and where its references start from."""

    schema: Any
    resolver: Any

    def child(self, schema: Any) -> Node:
        """A schema inside this one."""
        if not isinstance(schema, dict):
            return Node(schema, self.resolver)
        return Node(schema, self.resolver.in_subresource(DRAFT202012.create_resource(schema)))

    def refer(self, reference: str) -> Node:
        """The schema that a reference leads to.

        Raises:
            ImpossibleError: it leads nowhere.
        """
        try:
            resolved = self.resolver.lookup(reference)
        except Unresolvable as error:
            raise ImpossibleError(f"{reference!r} refers to nothing in the schema") from error
        return Node(resolved.contents, resolved.resolver)


@define
class Constraints:
    """Everything gathered, by keyword, in the order in which it was found."""

    found: dict[str, list[tuple[Any, Node]]] = field(factory=dict)

    def add(self, keyword: str, value: Any, node: Node) -> None:
        self.found.setdefault(keyword, []).append((value, node))

    def values(self, keyword: str) -> list[Any]:
        return [value for value, _ in self.found.get(keyword, ())]

    def nodes(self, keyword: str) -> list[Node]:
        """The schemas that a keyword holds, one each."""
        return [node.child(value) for value, node in self.found.get(keyword, ())]

    def has(self, *keywords: str) -> bool:
        return any(keyword in self.found for keyword in keywords)

    def most(self, keyword: str, default: Any) -> Any:
        return max(self.values(keyword), default=default)

    def least(self, keyword: str, default: Any) -> Any:
        return min(self.values(keyword), default=default)

    @property
    def types(self) -> list[str]:
        """Types that are allowed, in the usual order."""
        allowed = list(TYPES)
        for value in self.values("type"):
            wanted = {value} if isinstance(value, str) else set(value)
            if "number" in wanted:
                wanted.add("integer")
            allowed = [name for name in allowed if name in wanted]
        return allowed

    def properties(self) -> dict[str, list[Node]]:
        """Schemas of the properties that are named."""
        named: dict[str, list[Node]] = {}
        for value, node in self.found.get("properties", ()):
            for name, schema in value.items():
                named.setdefault(name, []).append(node.child(schema))
        return named


class Gatherer:
    """Gathers constraints; choices come from `random`, the first ones of a schema where `plain` is set.

    Attributes:
        chose: whether there was something to choose when last gathering.
    """

    def __init__(self, random: Random, count_step: Callable[[], None]) -> None:
        self._random = random
        self._count_step = count_step
        self._plain = True
        self.chose = False

    def gather(self, nodes: list[Node], *, plain: bool) -> Constraints:
        """Constraints of a value that is to meet all of the schemas.

        Args:
            nodes: the schemas.
            plain: take the first way where there are several.

        Raises:
            UnmeetableError: nothing can meet them, with the ways that were chosen.
        """
        self._plain = plain
        self.chose = False
        constraints = Constraints()
        for node in nodes:
            self.add(node, constraints, 0)
        return constraints

    def add(self, node: Node, into: Constraints, depth: int) -> None:
        """Adds what one schema asks."""
        self._count_step()
        schema = node.schema
        if schema is False:
            raise ImpossibleError("a part of it allows no value")
        if not isinstance(schema, dict):
            return
        if depth > _MAX_DEPTH:
            raise ImpossibleError("it refers to itself without end")
        for keyword, value in schema.items():
            follow = _FOLLOWED.get(keyword)
            if follow is None:
                into.add(keyword, value, node)
            else:
                follow(self, value, node, into, depth + 1)
        if "if" in schema:
            self._add_conditional(schema, node, into, depth + 1)

    def add_negated(self, node: Node, into: Constraints, depth: int) -> None:
        """Adds what a value that does not meet a schema must be like, as far as one keyword tells."""
        self._count_step()
        schema = node.schema
        if schema is True or schema == {}:
            raise ImpossibleError("a part of it excludes every value")
        if not isinstance(schema, dict):
            return
        if depth > _MAX_DEPTH:
            raise UnmeetableError("it refers to itself without end")
        ways = [keyword for keyword in schema if keyword in NEGATIONS]
        if "not" in schema and len(ways) == 1:
            self.add(node.child(schema["not"]), into, depth + 1)
            return
        self.chose |= len(ways) > 1
        if ways and not (self._plain and len(ways) > 1):
            keyword = self._random.choice(ways)
            if keyword in ("$ref", "$dynamicRef"):
                self.add_negated(node.refer(schema[keyword]), into, depth + 1)
            else:
                negated = NEGATIONS[keyword](schema[keyword], schema, self._random)
                self.add(node.child(negated), into, depth + 1)

    def choose(self, count: int) -> int:
        """Number of the way to take."""
        self.chose |= count > 1
        return 0 if self._plain else self._random.randrange(count)

    def _add_reference(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        self.add(node.refer(value), into, depth)

    def _add_all(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        for schema in value:
            self.add(node.child(schema), into, depth)

    def _add_any(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        self.add(node.child(value[self.choose(len(value))]), into, depth)

    def _add_one(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        chosen = self.choose(len(value))
        self.add(node.child(value[chosen]), into, depth)
        for index, schema in enumerate(value):
            if index != chosen and not self._plain:
                self.add_negated(node.child(schema), into, depth)

    def _add_not(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        into.add("not", value, node)
        self.add_negated(node.child(value), into, depth)

    def _add_conditional(self, schema: dict[str, Any], node: Node, into: Constraints, depth: int) -> None:
        if self.choose(2) == 0:
            self.add(node.child(schema["if"]), into, depth)
            self.add(node.child(schema.get("then", True)), into, depth)
        else:
            self.add_negated(node.child(schema["if"]), into, depth)
            self.add(node.child(schema.get("else", True)), into, depth)

    def _skip(self, value: Any, node: Node, into: Constraints, depth: int) -> None:
        pass


_FOLLOWED: dict[str, Callable[[Gatherer, Any, Node, Constraints, int], None]] = {
    "$ref": Gatherer._add_reference,
    "$dynamicRef": Gatherer._add_reference,
    "allOf": Gatherer._add_all,
    "anyOf": Gatherer._add_any,
    "oneOf": Gatherer._add_one,
    "not": Gatherer._add_not,
    "if": Gatherer._skip,
    "then": Gatherer._skip,
    "else": Gatherer._skip,
    "$defs": Gatherer._skip,
    "definitions": Gatherer._skip,
}

_Negation = Callable[[Any, dict[str, Any], Random], Any]


def _other_types(value: Any, _schema: dict[str, Any], _random: Random) -> Any:
    excluded = {value} if isinstance(value, str) else set(value)
    if "number" in excluded:
        excluded.add("integer")
    return {"type": [name for name in TYPES if name not in excluded]}


def _other_property(value: Any, _schema: dict[str, Any], random: Random) -> Any:
    if not value:
        return False
    name = random.choice(list(value))
    return {"type": "object", "required": [name], "properties": {name: {"not": value[name]}}}


def _lacking(value: Any, _schema: dict[str, Any], random: Random) -> Any:
    return {"type": "object", "properties": {random.choice(value): False}} if value else False


def _lacking_dependent(value: Any, _schema: dict[str, Any], random: Random) -> Any:
    name = random.choice(list(value))
    needed = value[name]
    excluded = {random.choice(needed): False} if needed else {}
    return {"type": "object", "required": [name], "properties": excluded} if needed else False


def _breaking_dependent(value: Any, _schema: dict[str, Any], random: Random) -> Any:
    name = random.choice(list(value))
    return {"type": "object", "required": [name], "not": value[name]}


def _extra_property(value: Any, schema: dict[str, Any], _random: Random) -> Any:
    name = "extra"
    while name in schema.get("properties", {}):
        name += "_"
    return {"type": "object", "required": [name], "properties": {name: {"not": value}}}


NEGATIONS: dict[str, _Negation] = {
    "$ref": lambda value, _schema, _random: value,
    "$dynamicRef": lambda value, _schema, _random: value,
    "type": _other_types,
    "not": lambda value, _schema, _random: value,
    "minimum": lambda value, _schema, _random: {"type": "number", "exclusiveMaximum": value},
    "maximum": lambda value, _schema, _random: {"type": "number", "exclusiveMinimum": value},
    "exclusiveMinimum": lambda value, _schema, _random: {"type": "number", "maximum": value},
    "exclusiveMaximum": lambda value, _schema, _random: {"type": "number", "minimum": value},
    "multipleOf": lambda value, _schema, _random: {"type": "number"},
    "minLength": lambda value, _schema, _random: {"type": "string", "maxLength": value - 1},
    "maxLength": lambda value, _schema, _random: {"type": "string", "minLength": value + 1},
    "pattern": lambda value, _schema, _random: {"type": "string"},
    "minItems": lambda value, _schema, _random: {"type": "array", "maxItems": value - 1},
    "maxItems": lambda value, _schema, _random: {"type": "array", "minItems": value + 1},
    "uniqueItems": lambda value, _schema, _random: {"type": "array", "minItems": 2, "items": {"const": 1}},
    "minProperties": lambda value, _schema, _random: {"type": "object", "maxProperties": value - 1},
    "maxProperties": lambda value, _schema, _random: {"type": "object", "minProperties": value + 1},
    "items": lambda value, _schema, _random: {"type": "array", "contains": {"not": value}},
    "prefixItems": lambda value, _schema, _random: {
        "type": "array",
        "minItems": 1,
        "prefixItems": [{"not": value[0]}],
    },
    "contains": lambda value, _schema, _random: {"type": "array", "items": {"not": value}},
    "properties": _other_property,
    "required": _lacking,
    "dependentRequired": _lacking_dependent,
    "dependentSchemas": _breaking_dependent,
    "additionalProperties": _extra_property,
    "unevaluatedProperties": _extra_property,
    "unevaluatedItems": lambda value, _schema, _random: {"type": "array", "contains": {"not": value}},
    "propertyNames": lambda value, _schema, _random: {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": value},
    },
    "allOf": lambda value, _schema, _random: {"anyOf": [{"not": schema} for schema in value]},
    "anyOf": lambda value, _schema, _random: {"allOf": [{"not": schema} for schema in value]},
}
"""Schemas for values that break a keyword. Those of a keyword that is not here are only tried out."""
