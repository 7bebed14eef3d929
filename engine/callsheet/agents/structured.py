"""JSON Schemas of `agent()` calls: which of them cannot be used, and what a value does wrong.

jsonschema is imported on first use: most calls have no schema, and the import costs 0.2 s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from callsheet.agents.requirements import find_contradiction

MAX_VIOLATIONS = 12
MAX_MESSAGE_CHARS = 300


def schema_fault(schema: object) -> str | None:
    """Say why a schema can never be used for a call (language, E3), or None when it can.

    Found are: schemas that are no valid JSON Schema (draft 2020-12), another root than `type: "object"`,
    references that lead nowhere, and objects that require what they exclude.
    """
    if not isinstance(schema, dict):
        return f"a schema must be an object, this one is {_json_type(schema)}"
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError

    try:
        # No formats: the one that matters is "regex", which would ask Python about patterns of ECMAScript.
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    except SchemaError as error:
        where = _pointer(error.absolute_path)
        return f"the schema is invalid{f' at {where}' if where else ''}: {_cut(error.message)}"
    except RecursionError:
        return "the schema is nested too deeply"
    if schema.get("type") != "object":
        found = json.dumps(schema["type"]) if "type" in schema else "missing"
        return f'the root of a schema must have type "object", here it is {found}'
    return _broken_reference(schema) or find_contradiction(schema)


def violations(schema: dict[str, Any], value: object) -> list[str]:
    """List what a value does wrong, one line each with its place; empty when it meets the schema.

    At most 12 are given: they are told to the model, which corrects the first few at best.
    """
    from referencing.exceptions import Unresolvable

    validator = validator_for(json.dumps(schema, sort_keys=True))
    try:
        errors = sorted(
            _first(validator.iter_errors(value), 200), key=lambda error: list(map(str, error.path))
        )
    except Unresolvable as error:
        return [f"the schema refers to {error.ref!r}, which it does not contain"]
    except RecursionError:
        return ["value or schema are nested too deeply to be checked"]
    lines = [f"{_pointer(error.absolute_path) or '(root)'}: {_cut(error.message)}" for error in errors]
    more = len(lines) - MAX_VIOLATIONS
    return [*lines[:MAX_VIOLATIONS], f"and {more} more"] if more > 0 else lines


@lru_cache(maxsize=64)
def validator_for(schema_text: str) -> Any:
    """The validator of a schema, given as JSON text: formats count, and nothing is fetched."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    # The registry is given because the default one fetches remote references over the network.
    lenient = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return lenient(
        json.loads(schema_text),
        registry=REGISTRY,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def _pattern(_validator: Any, pattern: str, value: object, _schema: Any) -> Iterator[Any]:
    """Patterns are ECMAScript's; one that Python cannot compile holds for every string."""
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str):
        compiled = compile_pattern(pattern)
        if compiled is not None and compiled.search(value) is None:
            yield ValidationError(f"{value!r} does not match {pattern!r}")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """A pattern of ECMAScript for Python; None when Python cannot compile it."""
    try:
        return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", pattern))
    except re.error:
        return None


def _broken_reference(schema: dict[str, Any]) -> str | None:
    from jsonschema_specifications import REGISTRY
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    if '"$id"' in json.dumps(schema):
        return None  # References then depend on where they stand; validation reports the ones that fail.
    resource = DRAFT202012.create_resource(schema)
    resolver = REGISTRY.resolver_with_root(resource)
    for reference in _references(schema):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            return f"the schema refers to {reference!r}, which it does not contain"
    return None


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, child in node.items():
            if key == "$ref" and isinstance(child, str):
                yield child
            elif key not in ("const", "enum", "default", "examples"):
                yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def _first(errors: Iterator[Any], count: int) -> Iterator[Any]:
    for _, error in zip(range(count), errors, strict=False):
        yield error


def _pointer(path: Any) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _cut(message: str) -> str:
    return message if len(message) <= MAX_MESSAGE_CHARS else message[: MAX_MESSAGE_CHARS - 1] + "…"


def _json_type(value: object) -> str:
    names = {bool: "a boolean", str: "a string", list: "an array", type(None): "null"}
    return names.get(type(value), "a number")
