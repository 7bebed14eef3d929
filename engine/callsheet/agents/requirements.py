"""What a JSON Schema requires and excludes at once, so that no object can meet it (language, E3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from attrs import frozen

_APPLICATORS = ("allOf", "anyOf", "oneOf", "if", "$ref", "$dynamicRef", "dependentSchemas")


class ContradictionError(Exception):
    """No value can meet the schema; the message says why and where."""


@frozen
class _Part:
    """One of the schemas that all must hold at a place of the value."""

    schema: dict[str, Any]
    where: str


def find_contradiction(schema: dict[str, Any]) -> str | None:
    """Say what a valid schema requires and excludes, None for nothing.

    Only what must hold is followed (required properties, `allOf`, `$ref`): optional parts may be impossible.
    """
    try:
        _Search(schema).look([_Part(schema, "")], ())
    except ContradictionError as error:
        return str(error)
    return None


class _Search:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        # With ids of its own, a reference depends on where it stands.
        self._follows = '"$id"' not in json.dumps(root)

    def look(self, place: list[_Part], trail: tuple[int, ...]) -> None:
        """Look at one place of the value; `trail` has the schemas of the places around it."""
        parts = list({id(part.schema): part for each in place for part in self._all_of(each, ())}.values())
        if not any(part.schema.get("type") == "object" for part in parts):
            return  # Something else than an object meets whatever is asked of objects.
        for part in parts:
            if id(part.schema) in trail:
                raise ContradictionError(f"the schema requires itself inside itself without end{_at(part)}")
        required = list(dict.fromkeys(name for part in parts for name in part.schema.get("required", ())))
        for part in parts:
            _check(part, required)
        for name in required:
            inside = [
                _Part(part.schema["properties"][name], f"{part.where}/properties/{name}")
                for part in parts
                if isinstance(part.schema.get("properties", {}).get(name), dict)
            ]
            self.look(inside, (*trail, *(id(part.schema) for part in parts)))

    def _all_of(self, part: _Part, references: tuple[str, ...]) -> Iterator[_Part]:
        """The part and what it includes."""
        yield part
        for index, schema in enumerate(part.schema.get("allOf", ())):
            if isinstance(schema, dict):
                yield from self._all_of(_Part(schema, f"{part.where}/allOf/{index}"), references)
        reference = part.schema.get("$ref")
        if not self._follows or not isinstance(reference, str) or not reference.startswith("#"):
            return
        if reference in references:
            raise ContradictionError(
                f"the schema refers to {reference!r}, which refers to itself without end"
            )
        target = self._target(reference)
        if isinstance(target, dict):
            yield from self._all_of(_Part(target, reference.removeprefix("#")), (*references, reference))

    def _target(self, reference: str) -> object:
        node: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and key.isdigit() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, dict) and key in node:
                node = node[key]
            else:
                return None
        return node


def _check(part: _Part, required: list[str]) -> None:
    schema = part.schema
    for name in required:
        if _is_excluded(schema, name):
            raise ContradictionError(f"the schema requires the property {name!r} and excludes it{_at(part)}")
    most = schema.get("maxProperties")
    if most is not None and most < len(required):
        raise ContradictionError(
            f"the schema requires {len(required)} properties and allows {most}{_at(part)}"
        )
    excluded = schema.get("not")
    if (
        isinstance(excluded, dict)
        and excluded.keys() == {"required"}
        and {*excluded["required"]} <= {*required}
    ):
        names = ", ".join(map(repr, excluded["required"]))
        raise ContradictionError(f"the schema requires the properties {names} and excludes them{_at(part)}")


def _is_excluded(schema: dict[str, Any], name: str) -> bool:
    from callsheet.agents.structured import compile_pattern, violations

    properties = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    matching = [
        pattern
        for pattern in patterns
        if (compiled := compile_pattern(pattern)) is None or compiled.search(name)
    ]
    if properties.get(name) is False or any(patterns[pattern] is False for pattern in matching):
        return True
    names = schema.get("propertyNames", True)
    if names is False or (isinstance(names, dict) and "$ref" not in str(names) and violations(names, name)):
        return True
    if name in properties or matching:
        return False
    unevaluated = schema.get("unevaluatedProperties", True) is False and not any(
        keyword in schema for keyword in _APPLICATORS
    )
    return schema.get("additionalProperties") is False or (
        unevaluated and "additionalProperties" not in schema
    )


def _at(part: _Part) -> str:
    return f" at {part.where}" if part.where else ""
