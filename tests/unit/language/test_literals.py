"""Pure literals (F3)."""

from __future__ import annotations

from typing import Any

import pytest
from callsheet.language.literals import Literal, read_literal
from callsheet.language.source import Source
from callsheet.language.syntax import parse


def literal(text: str) -> Literal:
    statement = parse(Source(f"({text})")).root.named_children[0]
    inner = statement.named_children[0].named_child(0)
    assert inner is not None
    return read_literal(inner)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a\\n\\x41\\u0042\\u{1F600}\\'\\q\\0'", "a\nAB😀'q\0"),
        ("'a\\\nb'", "ab"),
        ("`a\r\nb`", "a\nb"),
        ("1_000", 1000),
        ("0xff", 255),
        ("0b101", 5),
        ("0o17", 15),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("-2", -2),
        ("[1, , ]", [1]),
        ("[1, 'a', null, [true]]", [1, "a", None, [True]]),
        ("{ a: 1, 'b c': 2, 3: 4, 0x10: 5, /* c */ a: 6 }", {"a": 6, "b c": 2, "3": 4, "16": 5}),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert literal(text).value == value


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("{ ...a }", ["a spread"]),
        ("{ a }", ["a shorthand property"]),
        ("{ [a]: 1, ['b']: 2 }", ["a computed key", "a computed key"]),
        ("{ a() {}, get b() { return 1 } }", ["a method", "a method"]),
        (
            "{ a: b.c, d: e(), f: 1 + 2, g: !0 }",
            ["a reference to a property", "a call", "a calculation", "a calculation"],
        ),
        ("[1, , 2]", ["a hole in an array"]),
        (
            "{ a: { b: [{ __proto__: 1, 'constructor': 2, prototype: 3 }] } }",
            ["the key `__proto__`", "the key `constructor`", "the key `prototype`"],
        ),
        ("`a${1}`", ["a template with ${…}"]),
        ("1n", ["a BigInt"]),
        ("undefined", ["`undefined`"]),
        ("/x/", ["a regular expression"]),
        ("- -1", ["a calculation"]),
        ("(() => 1)", ["an expression in parentheses"]),
    ],
)
def test_faults(text: str, faults: list[str]) -> None:
    assert [fault.what for fault in literal(text).faults] == faults
