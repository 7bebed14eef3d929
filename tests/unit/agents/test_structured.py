"""Which schemas a call may have (E3), and what is said of a value that does not meet one (E2)."""

import pytest
from callsheet.agents.structured import schema_fault, violations

OBJECT = {"type": "object"}

UNUSABLE = {
    "no object": (["type"], "must be an object"),
    "boolean": (True, "must be an object"),
    "unknown type": ({"type": "objekt"}, "invalid"),
    "bad keyword": ({"type": "object", "properties": {"a": {"minLength": "3"}}}, "/properties/a/minLength"),
    "array root": ({"type": "array"}, 'must have type "object", here it is "array"'),
    "no root type": ({"properties": {}}, "missing"),
    "type list": ({"type": ["object", "null"]}, "must have type"),
    "broken ref": ({"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}}, "'#/$defs/b'"),
    "remote ref": (
        {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/x"}}},
        "does not contain",
    ),
    "requires excluded": ({"type": "object", "required": ["a"], "additionalProperties": False}, "'a'"),
    "requires false": ({"type": "object", "required": ["a"], "properties": {"a": False}}, "excludes"),
    "nested": (
        {
            "type": "object",
            "required": ["in"],
            "properties": {"in": {"type": "object", "required": ["x"], "additionalProperties": False}},
        },
        "/properties/in",
    ),
    "through allOf and ref": (
        {
            "type": "object",
            "allOf": [{"$ref": "#/$defs/b"}],
            "$defs": {"b": {"required": ["q"], "properties": {"z": {}}, "additionalProperties": False}},
        },
        "'q'",
    ),
    "excluded by another part": (
        {**OBJECT, "required": ["a"], "properties": {"a": {}}, "allOf": [{"additionalProperties": False}]},
        "'a' and excludes it at /allOf/0",
    ),
    "unevaluated": ({**OBJECT, "required": ["a"], "unevaluatedProperties": False}, "'a' and excludes it"),
    "name": ({**OBJECT, "required": ["a"], "propertyNames": {"pattern": "^x"}}, "'a' and excludes it"),
    "pattern": ({**OBJECT, "required": ["a"], "patternProperties": {"^a": False}}, "'a' and excludes it"),
    "too few": ({**OBJECT, "required": ["a", "b"], "maxProperties": 1}, "requires 2 properties and allows 1"),
    "not required": ({**OBJECT, "required": ["a", "b"], "not": {"required": ["a"]}}, "excludes them"),
    "itself": (
        {**OBJECT, "required": ["a"], "properties": {"a": {"$ref": "#"}}},
        "inside itself without end",
    ),
    "circle": (
        {**OBJECT, "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        "refers to itself without end",
    ),
}

USABLE = {
    "plain": OBJECT,
    "listed": {"type": "object", "required": ["a"], "properties": {"a": {}}, "additionalProperties": False},
    "by pattern": {
        "type": "object",
        "required": ["a1"],
        "patternProperties": {"^a": {}},
        "additionalProperties": False,
    },
    "impossible but optional": {
        "type": "object",
        "properties": {"in": {"type": "object", "required": ["x"], "additionalProperties": False}},
    },
    "no object after all": {
        **OBJECT,
        "required": ["in"],
        "properties": {"in": {"required": ["x"], "additionalProperties": False}},
    },
    "recursive with an end": {
        **OBJECT,
        "required": ["next"],
        "properties": {"next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}},
    },
    "listed by another part": {
        **OBJECT,
        "required": ["a"],
        "allOf": [{"properties": {"a": {}}}],
        "unevaluatedProperties": False,
    },
    "some of what is not": {**OBJECT, "required": ["a"], "not": {"required": ["a", "b"]}},
    "as many as it may": {**OBJECT, "required": ["a"], "maxProperties": 1},
    "recursive": {"type": "object", "properties": {"next": {"$ref": "#"}}},
    "ref as a property": {"type": "object", "properties": {"$ref": {"type": "string"}}},
    "javascript pattern": {"type": "object", "properties": {"a": {"type": "string", "pattern": "^\\p{L}+$"}}},
    "metaschema": {
        "type": "object",
        "properties": {"s": {"$ref": "https://json-schema.org/draft/2020-12/schema"}},
    },
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_E3_an_unusable_schema_is_named(name):
    schema, part = UNUSABLE[name]
    assert part in (schema_fault(schema) or "")


@pytest.mark.parametrize("name", USABLE)
def test_E3_a_usable_schema_is_let_through(name):
    assert schema_fault(USABLE[name]) is None


CASES = {
    "met": (OBJECT, {}, []),
    "wrong type": (
        {"type": "object", "properties": {"n": {"type": "integer"}}},
        {"n": "1"},
        ["/n: '1' is not"],
    ),
    "format": (
        {"type": "object", "properties": {"d": {"format": "date"}}},
        {"d": "soon"},
        ["/d: 'soon' is not a 'date'"],
    ),
    "missing": ({"type": "object", "required": ["a"]}, {}, ["(root): 'a' is a required"]),
    "named group": (
        {"type": "object", "properties": {"a": {"pattern": "^(?<y>[0-9]{4})$"}}},
        {"a": "20"},
        ["/a: '20' does not match"],
    ),
    "pattern of JavaScript alone": (
        {"type": "object", "properties": {"a": {"pattern": "\\p{L}"}}},
        {"a": "1"},
        [],
    ),
    "pointer": (
        {"properties": {"a/b": {"items": {"type": "null"}}}},
        {"a/b": [None, 1]},
        ["/a~1b/1: 1 is not"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_violations(name):
    schema, value, expected = CASES[name]
    found = violations(schema, value)
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True)), found


def test_many_violations_are_cut():
    found = violations(
        {"additionalProperties": {"type": "null"}}, {f"k{n:02}": "x" * 5000 for n in range(50)}
    )
    assert len(found) == 13
    assert found[-1] == "and 38 more"
    assert max(map(len, found)) < 400


def test_a_schema_that_refers_to_itself_without_end_is_no_crash():
    assert "nested too deeply" in violations({"type": "object", "$ref": "#"}, {})[0]
