"""The generator of made-up values: they meet their schema, look like what they stand for, and repeat."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from callsheet.agents.generate import generate
from callsheet.agents.generate_constraints import UnmeetableError
from callsheet.agents.structured import violations
from hypothesis import given, settings
from hypothesis import strategies as st

MANY_UNLIKE: list[Any] = [
    {"type": "string"},
    {"type": "string", "maxLength": 4},
    *({"type": "string", "format": name} for name in ("date", "date-time", "time", "email", "uri", "ipv4")),
    {"type": "integer"},
    {"type": "integer", "minimum": 1, "maximum": 120},
    {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
    {"type": "array", "items": {"type": "string"}, "minItems": 1},
]
"""Items of which there are enough that differ, although the usual ones would run out."""

MEETABLE: list[Any] = [
    {},
    True,
    {"type": ["string", "null"]},
    {"const": {"a": [1, None]}},
    {"enum": [1, "a", None], "type": "string"},
    {"enum": [1, 2, 3], "const": 2},
    {"type": "integer", "minimum": 5, "maximum": 5},
    {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    {"type": "number", "multipleOf": 0.01, "minimum": 3.3, "maximum": 3.31},
    {"type": "integer", "multipleOf": 7, "minimum": 1e6},
    {"allOf": [{"multipleOf": 4}, {"multipleOf": 6}, {"minimum": 13}], "type": "integer"},
    {"type": "number", "maximum": -1e9},
    {"type": "string", "minLength": 300},
    {"type": "string", "maxLength": 3},
    {"type": "string", "minLength": 5, "maxLength": 5},
    {"type": "string", "pattern": "^[A-Z]{2,4}-\\d{3}$"},
    {"type": "string", "pattern": "^(foo|bar)+$", "minLength": 9},
    {"type": "string", "pattern": "[^a-z]\\s\\w(?:x|y)?\\.$", "maxLength": 8},
    {"type": "string", "pattern": "^a", "allOf": [{"pattern": "z$"}]},
    {"type": "string", "pattern": "^(?<year>\\d{4})-\\k<year>?$"},
    {"type": "string", "pattern": "\\p{Letter}"},
    *({"type": "string", "format": name} for name in ("date-time", "date", "time", "email", "uri", "uuid", "ipv4", "ipv6", "hostname", "duration", "regex", "json-pointer", "unknown")),
    {"type": "array", "items": {"type": "integer"}, "minItems": 4, "uniqueItems": True},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True},
    *({"type": "array", "items": item, "minItems": 120, "uniqueItems": True} for item in MANY_UNLIKE),
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    {"type": "array", "prefixItems": [{"type": "string"}], "items": {"const": 0}, "minItems": 3},
    {"type": "array", "contains": {"const": "x"}, "items": {"type": "string"}, "minContains": 2, "maxContains": 2, "minItems": 4},
    {"type": "array", "contains": {"type": "null"}, "maxItems": 1},
    {"type": "array", "maxItems": 0},
    {"type": "array", "prefixItems": [True], "unevaluatedItems": False},
    {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
    {"type": "object", "properties": {"a": False, "b": True}},
    {"type": "object", "minProperties": 3, "maxProperties": 3},
    {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": False, "minProperties": 2},
    {"type": "object", "propertyNames": {"pattern": "^[a-c]{3}$"}, "minProperties": 2},
    {"type": "object", "properties": {"a": True, "b": True, "c": True}, "maxProperties": 1, "required": ["b"]},
    {"type": "object", "dependentRequired": {"a": ["b"]}, "required": ["a"]},
    {"type": "object", "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 5}}}}, "required": ["a"]},
    {"type": "object", "allOf": [{"properties": {"a": {"minimum": 5}}}, {"properties": {"a": {"maximum": 5}}}], "required": ["a"], "properties": {"a": {"type": "number"}}},
    {"type": "object", "unevaluatedProperties": False, "allOf": [{"properties": {"a": {"type": "string"}}}], "anyOf": [{"properties": {"b": {"const": 1}}, "required": ["b"]}]},
    {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    {"type": "object", "properties": {"k": {"enum": ["x", "y"]}}, "required": ["k"], "if": {"properties": {"k": {"const": "x"}}}, "then": {"required": ["x"]}, "else": {"required": ["y"]}},
    {"type": "object", "not": {"required": ["a"]}, "properties": {"a": True}},
    {"type": "object", "properties": {"a": {"not": {"type": "string"}}}, "required": ["a"]},
    {"type": "object", "properties": {"a": {"type": "integer", "not": {"multipleOf": 2}}}, "required": ["a"]},
    {"not": {"type": ["string", "object", "array", "null"]}},
    {"not": {"not": {"const": 5}}},
    {"type": "string", "not": {"maxLength": 10}},
    {"anyOf": [False, {"const": 1}]},
    {"oneOf": [{"type": "integer"}, {"minimum": 2}]},
    {"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}, "required": ["b"]}, "b": {"const": 7}}},
    {"$defs": {"node": {"type": "object", "properties": {"value": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "required": ["value", "children"]}}, "$ref": "#/$defs/node"},
    {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["next"]},
    {"$id": "https://example.com/tree", "$dynamicAnchor": "node", "type": "object", "properties": {"children": {"type": "array", "items": {"$dynamicRef": "#node"}}}},
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "https://json-schema.org/draft/2020-12/schema"},
    {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(200)}},
    {"type": "object", "properties": {f"p{n}": {"type": "object", "properties": {f"q{m}": {"type": "array", "items": {"type": "object", "properties": {"r": {"type": "string"}}}} for m in range(8)}} for n in range(8)}},
    {"type": "array", "items": {"type": "integer"}, "minItems": 400},
    {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}}},
    {"type": "object", "properties": {"a": {"type": "string", "description": 'Quotes " and \\ and é'}}, "required": ["a"]},
    {"type": "object", "properties": {"__proto__": {"type": "integer"}, "": {"type": "integer"}}, "required": ["__proto__", ""]},
]  # fmt: skip

UNMEETABLE: list[tuple[Any, str]] = [
    (False, "allows no value"),
    ({"type": "string", "enum": [1, 2]}, "meets it"),
    ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "types exclude"),
    ({"allOf": [{"const": 1}, {"const": 2}]}, "nothing in common"),
    ({"type": "integer", "minimum": 5, "maximum": 4}, "bounds"),
    ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, "no number"),
    ({"type": "string", "minLength": 5, "maxLength": 4}, "lengths"),
    ({"type": "array", "minItems": 3, "items": {"type": "boolean"}, "uniqueItems": True}, "different"),
    ({"type": "array", "contains": True, "minContains": 2, "maxContains": 1}, "contain more"),
    ({"type": "array", "minItems": 2, "maxItems": 1}, "more items"),
    ({"type": "object", "properties": {"a": False}, "required": ["a"]}, "'a'"),
    ({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": False}, "required": ["b"]}}, "required": ["a"]}, "'a.b'"),
    ({"$ref": "#/$defs/missing"}, "refers to nothing"),
    ({"$ref": "https://example.com/elsewhere"}, "refers to nothing"),
    ({"$ref": "#"}, "itself"),
    ({"not": {}}, "excludes every value"),
    ({"type": "object", "required": ["n"], "properties": {"n": {"$ref": "#"}}}, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize("schema", MEETABLE, ids=lambda schema: json.dumps(schema)[:70])
def test_values_meet_their_schema(schema: Any) -> None:
    for seed in ("a", "b", "c"):
        assert violations(schema, generate(schema, seed)) == []


@pytest.mark.parametrize(("schema", "why"), UNMEETABLE, ids=lambda part: json.dumps(part)[:70])
def test_what_cannot_be_met_says_why(schema: Any, why: str) -> None:
    with pytest.raises(UnmeetableError) as caught:
        generate(schema, "seed")
    assert why in str(caught.value)


SCHEMAS = st.recursive(
    st.sampled_from(
        [{"type": name} for name in ("string", "integer", "number", "boolean", "null")]
        + [{"type": "integer", "minimum": 3}, {"type": "string", "maxLength": 4}, {"enum": ["a", 1]}]
    ),
    lambda inner: st.one_of(
        st.builds(
            lambda item, least: {"type": "array", "items": item, "minItems": least}, inner, st.integers(0, 3)
        ),
        st.builds(
            lambda parts, needed: {"type": "object", "properties": parts, "required": sorted(parts)[:needed]},
            st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=4),
            st.integers(0, 4),
        ),
        st.builds(lambda parts: {"anyOf": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"allOf": [one, {"description": "x"}]}, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(schema=SCHEMAS, seed=st.text(max_size=5))
def test_any_schema_made_of_common_parts_is_met(schema: Any, seed: str) -> None:
    assert violations(schema, generate(schema, seed)) == []


def test_two_processes_make_the_same_values() -> None:
    program = (
        "import json, sys; from callsheet.agents.generate import generate; "
        "print(json.dumps([generate(schema, 'x') for schema in json.loads(sys.argv[1])]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, json.dumps(MEETABLE)],
            capture_output=True,
            check=True,
            text=True,
            env={"PYTHONHASHSEED": str(seed)},
            timeout=100,
        ).stdout
        for seed in (1, 2)
    }
    assert len(outputs) == 1


def test_seeds_make_different_values() -> None:
    schema = {"type": "object", "properties": {"summary": {"type": "string"}, "line": {"type": "integer"}}}
    assert len({json.dumps(generate(schema, str(seed))) for seed in range(20)}) > 10


HINTED = [
    ("file", {"type": "string"}, lambda value: "." in value and " " not in value),
    (
        "filePaths",
        {"type": "array", "items": {"type": "string"}},
        lambda value: all("." in item for item in value),
    ),
    ("summary", {"type": "string"}, lambda value: value.startswith("Simulated summary")),
    ("confidence", {"type": "number"}, lambda value: 0 <= value <= 1),
    ("line", {"type": "integer"}, lambda value: 1 <= value <= 200),
    ("score", {"type": "number", "minimum": 5, "maximum": 10}, lambda value: 5 <= value <= 10),
    ("bug_title", {"type": "string"}, lambda value: value.startswith("simulated bug title")),
    ("email", {"type": "string", "format": "email"}, lambda value: "@" in value),
    (
        "findings",
        {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "integer"}}}},
        lambda value: value,
    ),
]


@pytest.mark.parametrize(("name", "schema", "plausible"), HINTED, ids=[row[0] for row in HINTED])
def test_names_decide_what_values_look_like(name: str, schema: Any, plausible: Any) -> None:
    for seed in range(5):
        value = generate({"type": "object", "properties": {name: schema}, "required": [name]}, str(seed))
        assert plausible(value[name]), value


def test_optional_properties_are_there_in_the_schema_s_order() -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in ("z", "a", "m")}}
    assert list(generate(schema, "x")) == ["z", "a", "m"]
