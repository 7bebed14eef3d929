"""The table of JSON Schema's keywords says the same as the official metaschema."""

import json
import random

import pytest
from callsheet.language.scopes.lower import light_tree
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.types.globals import agent_schemas
from callsheet.language.types.metaschema import KEYWORDS, subschemas, violations
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError

VALUES = [
    0, 1, -1, 1.5, 2.0, True, False, None, "a", "string", "strng", "object", "", [], ["a"], ["a", "a"], [{}], [1],
    {}, {"type": "string"}, {"a": ["b"]}, {"a": {}}, {"a": 1}, ["string", "null"], ["string", "string"], [True, False],
]  # fmt: skip
# Their values are judged by more than their type: as addresses, or with the help of other schemas.
LEFT_OUT = {"$schema", "$id", "$vocabulary", "$ref", "$dynamicRef", "definitions"}


@pytest.mark.parametrize("seed", range(10))
def test_random_schemas_are_judged_as_by_the_metaschema(seed):
    rng = random.Random(seed)
    names = sorted(set(KEYWORDS) - LEFT_OUT)

    def schema(depth):
        made = {}
        for _ in range(rng.randrange(1, 3)):
            value = rng.choice(VALUES)
            if depth and rng.random() < 0.4:
                value = rng.choice([schema(depth - 1), [schema(depth - 1)], {"p": schema(depth - 1)}])
            made[rng.choice(names)] = value
        return made

    for _ in range(100):
        made = {"type": "object", **schema(2)}
        assert bool(judge(made)) is not _is_valid(made), made


def _is_valid(schema):
    try:
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    except SchemaError:
        return False
    return True


def judge(schema):
    tree = light_tree(parse(Source(f"agent('p', {{ schema: {json.dumps(schema)} }})")))
    return [
        violation.message
        for root in agent_schemas(tree)
        for part in subschemas(root)
        for violation in violations(part)
    ]


def test_every_keyword_is_in_the_metaschema_and_every_keyword_of_it_is_here():
    named = set()
    for part in Draft202012Validator.META_SCHEMA["allOf"]:
        from jsonschema_specifications import REGISTRY

        named |= set(REGISTRY.contents(f"https://json-schema.org/draft/2020-12/{part['$ref']}")["properties"])
    assert named <= set(KEYWORDS)
    assert set(KEYWORDS) - named <= {"definitions"}
