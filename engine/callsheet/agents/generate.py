"""Makes up a JSON value that meets a JSON Schema (draft 2020-12), the same one for the same seed.

Values are made from the constraints that apply at each place, validated there, and made again with other choices until
they hold. Names of properties decide what texts and numbers look like.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, ClassVar

from callsheet.agents.generate_constraints import (
    Constraints,
    Gatherer,
    ImpossibleError,
    Node,
    UnmeetableError,
)
from callsheet.agents.generate_text import Hint, name_for
from callsheet.agents.generate_values import make_number, make_string

_WAYS = ((4, 3000), (1, 3000), (0, 20_000))
"""Nesting from which optional parts are left out, and how many schemas are looked at before that is given up."""
_STEPS_PER_PART = 10
"""More steps for each part of a large schema."""
_ATTEMPTS = (150, 40, 20, 10, 6)
"""Tries for a value, by depth."""
_USUAL_ITEMS = 3
_UNLIKE_TRIES = 25
"""Tries for an item that differs from the others, before more of them ask for more."""
_UNNUMBERED_TRIES = 5
_MAX_NESTING = 30

_OBJECT_KEYWORDS = (
    "properties",
    "required",
    "patternProperties",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
)
_ARRAY_KEYWORDS = (
    "items",
    "prefixItems",
    "contains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "unevaluatedItems",
)
_KEYWORD_TYPES = (
    ("object", _OBJECT_KEYWORDS),
    ("array", _ARRAY_KEYWORDS),
    ("integer", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    ("string", ("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType")),
)


def generate(schema: Any, seed: str) -> Any:
    """A value that meets a schema, checked against it.

    Args:
        schema: a JSON Schema; references must lead to parts of itself or to the drafts' own meta-schemas.
        seed: decides what the value is.

    Raises:
        UnmeetableError: no value was found; the text says where and why.
    """
    failure: UnmeetableError | None = None
    more = _STEPS_PER_PART * _parts(schema)
    for deep, max_steps in _WAYS:
        try:
            return _Generator(schema, seed, deep, max_steps + more).value([], Hint())
        except UnmeetableError as error:
            failure = failure or error
    assert failure is not None
    raise failure


class _Generator:
    def __init__(self, schema: Any, seed: str, deep: int, max_steps: int) -> None:
        # Imported here because it takes 0.2 s, and most runs have no schema.
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
        from referencing.jsonschema import DRAFT202012

        from callsheet.agents.structured import validator_for

        self._random = Random(seed)
        self._deep = deep
        self._steps_left = max_steps
        self._gatherer = Gatherer(self._random, self._count_step)
        self._validator = validator_for(json.dumps(schema, sort_keys=True))
        self._root = Node(schema, REGISTRY.resolver_with_root(DRAFT202012.create_resource(schema)))

    def value(self, nodes: list[Node], hint: Hint, depth: int = 0) -> Any:
        """A value that meets all of the schemas; the root's where none is given."""
        if depth > _MAX_NESTING:
            raise ImpossibleError("it is nested too deeply")
        nodes = nodes or [self._root]
        failure = UnmeetableError("nothing that was tried meets it")
        for attempt in range(_ATTEMPTS[min(depth, len(_ATTEMPTS) - 1)]):
            # Until it is known what can be chosen, nothing can: `_gather` says otherwise by its error.
            final = True
            try:
                constraints = self._gather(nodes, plain=attempt == 0 and depth <= self._deep)
                final = not self._gatherer.chose and (
                    len(constraints.types) < 2 or constraints.has("const", "enum")
                )
                candidate = self._candidate(constraints, hint, depth, attempt)
            except ImpossibleError as error:
                if final:
                    raise
                failure = error
            except _ExhaustedError as error:
                told = failure if attempt else error
                raise _ExhaustedError(told.why, told.path) from None
            except UnmeetableError as error:
                failure = error
            else:
                if all(self._holds(node, candidate) for node in nodes):
                    return candidate
        raise failure

    def _gather(self, nodes: list[Node], *, plain: bool) -> Constraints:
        try:
            return self._gatherer.gather(nodes, plain=plain)
        except ImpossibleError as error:
            if self._gatherer.chose:
                raise UnmeetableError(error.why, error.path) from None
            raise

    def _count_step(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise _ExhaustedError("it is too complex")

    def _holds(self, node: Node, value: Any) -> bool:
        self._count_step()
        try:
            errors = self._validator.descend(value, node.schema, resolver=node.resolver)
            return next(errors, None) is None
        except RecursionError:
            raise UnmeetableError("it is nested too deeply") from None

    def _candidate(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        if constraints.has("const", "enum"):
            return self._fixed(constraints)
        kind = self._kind(constraints, attempt)
        make = self._makers[kind]
        return make(self, constraints, hint, depth, attempt)

    def _fixed(self, constraints: Constraints) -> Any:
        lists = [[value] for value in constraints.values("const")] + constraints.values("enum")
        shared = [value for value in lists[0] if all(_contains(other, value) for other in lists[1:])]
        if not shared:
            raise ImpossibleError("its lists of values have nothing in common")
        return self._random.choice(shared)

    def _kind(self, constraints: Constraints, attempt: int) -> str:
        allowed = constraints.types
        if not allowed:
            raise ImpossibleError("its types exclude each other")
        # A number is not made whole unless that is asked for, or nothing is.
        implied = [
            kind for kind, keywords in _KEYWORD_TYPES if kind in allowed and constraints.has(*keywords)
        ]
        if attempt < 8 or self._random.random() < 0.5:
            usual = implied or [kind for kind in ("string",) if kind in allowed] or allowed
            kind = usual[0] if attempt == 0 else self._random.choice(usual)
        else:
            kind = self._random.choice(allowed)
        if kind == "integer" and constraints.values("type") and self._wants_fractions(constraints):
            return "number"
        return kind

    def _wants_fractions(self, constraints: Constraints) -> bool:
        return (
            all(value != "integer" for value in constraints.values("type")) and "number" in constraints.types
        )

    def _make_number(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        return make_number(constraints, hint, self._random, whole=False, usual=attempt < 4)

    def _make_integer(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        return make_number(constraints, hint, self._random, whole=True, usual=attempt < 4)

    def _make_string(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        return make_string(constraints, hint, self._random, attempt)

    def _make_boolean(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        return self._random.random() < 0.6

    def _make_null(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> Any:
        return None

    # Arrays

    def _make_array(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> list[Any]:
        least = int(constraints.most("minItems", 0))
        most = constraints.least("maxItems", None)
        prefix = max((len(value) for value in constraints.values("prefixItems")), default=0)
        wanted = self._contained(constraints)
        length = self._length(constraints, least, most, prefix, len(wanted), depth, attempt)
        if most is not None and length > most:
            raise ImpossibleError("it wants more items than it allows")
        places = self._random.sample(range(length), min(len(wanted), length))
        contained = {place: [*contains] for place, contains in zip(places, wanted, strict=False)}
        unique = any(constraints.values("uniqueItems"))
        items: list[Any] = []
        for index in range(length):
            nodes = [*self._item_nodes(constraints, index), *contained.get(index, ())]
            try:
                items.append(self._item(nodes, hint.item(), depth, items if unique else None))
            except UnmeetableError:
                if index < least or contained:
                    raise
                break
        return items

    def _contained(self, constraints: Constraints) -> list[list[Node]]:
        """For each item that is wanted by a `contains`, the schema it is to meet."""
        wanted: list[list[Node]] = []
        for value, node in constraints.found.get("contains", ()):
            count = node.schema.get("minContains", 1)
            most = node.schema.get("maxContains", count)
            if most < count:
                raise ImpossibleError("it must contain more than it may")
            wanted += [[node.child(value)] for _ in range(int(count))]
        # Two that ask for different things may be met by one item.
        if len(constraints.values("contains")) > 1 and self._random.random() < 0.3:
            wanted = [[node for nodes in wanted for node in nodes]]
        return wanted

    def _length(
        self,
        constraints: Constraints,
        least: int,
        most: int | float | None,
        prefix: int,
        wanted: int,
        depth: int,
        attempt: int,
    ) -> int:
        least = max(least, wanted)
        if attempt % 3 == 2 or depth >= self._deep:
            return least
        usual = prefix or (
            0 if constraints.values("items") == [False] else self._random.randint(1, _USUAL_ITEMS)
        )
        if attempt > 8:
            usual = self._random.randint(0, prefix + _USUAL_ITEMS)
        length = max(least, usual)
        return length if most is None else max(least, min(length, int(most)))

    def _item_nodes(self, constraints: Constraints, index: int) -> list[Node]:
        nodes: list[Node] = []
        known = False
        for value, node in constraints.found.get("prefixItems", ()):
            if index < len(value):
                nodes.append(node.child(value[index]))
                known = True
        for value, node in constraints.found.get("items", ()):
            if index >= len(node.schema.get("prefixItems", ())):
                nodes.append(node.child(value))
                known = True
        return nodes if known else constraints.nodes("unevaluatedItems")

    def _item(self, nodes: list[Node], hint: Hint, depth: int, others: list[Any] | None) -> Any:
        nodes = nodes or [self._root.child(True)]
        if others is None:
            return self.value(nodes, hint, depth + 1)
        for attempt in range(_UNLIKE_TRIES + 4 * len(others)):
            if attempt == _UNNUMBERED_TRIES:
                hint = Hint(hint.name, len(others) + 1)
            item = self.value(nodes, hint, depth + 1)
            if not _contains(others, item):
                return item
        raise UnmeetableError("its items cannot all be different")

    # Objects

    def _make_object(self, constraints: Constraints, hint: Hint, depth: int, attempt: int) -> dict[str, Any]:
        named = constraints.properties()
        names = self._names(constraints, named, depth, attempt)
        made: dict[str, Any] = {}
        required = self._required(constraints, set(names))
        for name in [*names, *(name for name in required if name not in names)]:
            if name in made:
                continue
            nodes = self._property_nodes(constraints, name, named)
            try:
                made[name] = self.value(nodes, Hint(name, hint.number), depth + 1)
            except UnmeetableError as error:
                if name in required or isinstance(error, _ExhaustedError):
                    raise type(error)(error.why, (name, *error.path)) from None
        self._fill(constraints, made, named, depth)
        return made

    def _names(
        self, constraints: Constraints, named: dict[str, list[Node]], depth: int, attempt: int
    ) -> list[str]:
        """Names of the properties to make, in the order in which the schema has them."""
        required = self._required(constraints, set())
        if attempt == 1 or depth >= self._deep:
            optional: set[str] = set()
        elif attempt == 0:
            optional = set(named)
        else:
            optional = {name for name in named if self._random.random() < 0.5}
        most = constraints.least("maxProperties", None)
        names = [name for name in named if name in required or name in optional]
        names += [name for name in required if name not in named]
        if most is not None:
            spare = max(0, int(most) - len(required))
            kept = [name for name in names if name not in required][:spare]
            names = [name for name in names if name in required or name in kept]
        self._apply_dependents(constraints, set(names))
        return names

    def _required(self, constraints: Constraints, present: set[str]) -> list[str]:
        required = [name for names in constraints.values("required") for name in names]
        known = set(required) | present
        pending = sorted(known)
        while pending:
            name = pending.pop(0)
            for value in constraints.values("dependentRequired"):
                for other in value.get(name, ()):
                    if other not in known:
                        known.add(other)
                        pending.append(other)
                        required.append(other)
        return list(dict.fromkeys(required))

    def _apply_dependents(self, constraints: Constraints, names: set[str]) -> None:
        """Adds the schemas that hold because a property is there."""
        applied: set[tuple[int, str]] = set()
        while True:
            before = len(applied)
            for value, node in list(constraints.found.get("dependentSchemas", ())):
                for name, schema in value.items():
                    there = name in names or name in self._required(constraints, names)
                    if there and (id(value), name) not in applied:
                        applied.add((id(value), name))
                        self._gatherer.add(node.child(schema), constraints, 0)
            if len(applied) == before:
                return

    def _property_nodes(
        self, constraints: Constraints, name: str, named: dict[str, list[Node]]
    ) -> list[Node]:
        nodes = list(constraints.properties().get(name, ()))
        for patterns, node in constraints.found.get("patternProperties", ()):
            nodes += [node.child(schema) for pattern, schema in patterns.items() if _matches(pattern, name)]
        for value, node in constraints.found.get("additionalProperties", ()):
            listed = name in node.schema.get("properties", {})
            if not listed and not any(
                _matches(pattern, name) for pattern in node.schema.get("patternProperties", {})
            ):
                nodes.append(node.child(value))
        if not nodes:
            nodes = constraints.nodes("unevaluatedProperties")
        return nodes or [self._root.child(True)]

    def _fill(
        self, constraints: Constraints, made: dict[str, Any], named: dict[str, list[Node]], depth: int
    ) -> None:
        """Adds properties until there are as many as there must be."""
        least = int(constraints.most("minProperties", 0))
        sources: list[Callable[[], str]] = [lambda: name_for(self._random)]
        for patterns in constraints.values("patternProperties"):
            sources += [_pattern_source(pattern, self._random) for pattern in patterns]
        naming = constraints.nodes("propertyNames")
        if naming:
            text = self._root.child({"type": "string"})
            sources.append(lambda: str(self.value([text, *naming], Hint("key"), depth + 1)))
        unused = [name for name in named if name not in made]
        for _ in range(20 * least):
            if len(made) >= least:
                return
            name = unused.pop() if unused else self._random.choice(sources)()
            if name in made or not all(self._holds(node, name) for node in naming):
                continue
            try:
                made[name] = self.value(self._property_nodes(constraints, name, named), Hint(name), depth + 1)
            except _ExhaustedError:
                raise
            except UnmeetableError:
                continue

    _makers: ClassVar[dict[str, Callable[..., Any]]] = {
        "object": _make_object,
        "array": _make_array,
        "string": _make_string,
        "number": _make_number,
        "integer": _make_integer,
        "boolean": _make_boolean,
        "null": _make_null,
    }


class _ExhaustedError(UnmeetableError):
    """All steps are used up."""


def _parts(schema: Any) -> int:
    children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return 1 + sum(map(_parts, children))


def _contains(values: list[Any], value: Any) -> bool:
    return any(_same(other, value) for other in values)


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON: 1 is 1.0 but not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _matches(pattern: str, text: str) -> bool:
    from callsheet.agents.structured import compile_pattern

    compiled = compile_pattern(pattern)
    return compiled is not None and compiled.search(text) is not None


def _pattern_source(pattern: str, random: Random) -> Callable[[], str]:
    from callsheet.agents.generate_patterns import sample

    def source() -> str:
        name = sample(pattern, random) or ""
        longer = name + name_for(random)
        return longer if _matches(pattern, longer) else name

    return source
