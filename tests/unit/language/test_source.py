"""Lines, positions and edits of a text."""

from __future__ import annotations

import re

import pytest
from callsheet.language.source import Encoding, Source
from callsheet.language.syntax import parse, reparse
from hypothesis import given
from hypothesis import strategies as st

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
PIECES = [
    "a",
    " ",
    "\n",
    "\r",
    "\r\n",
    "é",
    "😀",
    "\u2028",
    "\u0085",
    "\x0c",
    "\x0b",
    "\ufeff",
    "\x1c",
    "`",
    "{",
    "}",
    "\ud83d",
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def reference_lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


def width(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32":
        return len(text)
    unit = 2 if encoding == "utf-16" else 1
    name = "utf-16-le" if encoding == "utf-16" else "utf-8"
    return len(text.encode(name, "surrogatepass")) // unit


@given(texts)
def test_lines_end_as_in_the_protocol(text: str) -> None:
    source = Source(text)
    assert source.line_count == len(reference_lines(text))
    assert [source.data[source.line_starts[i] : source.line_end(i)] for i in range(source.line_count)] == [
        line.encode("utf-8", "surrogatepass") for line in reference_lines(text)
    ]
    assert source.text == text


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6), texts), max_size=6))
def test_the_line_index_follows_edits(text: str, edits: list[tuple[int, int, str]]) -> None:
    source = Source(text)
    for at, length, inserted in edits:
        assert source.line_starts == Source.from_bytes(source.data).line_starts
        start = min(at, len(source.data))
        source, _ = source.replace(start, min(start + length, len(source.data)), inserted)
    assert source.line_starts == Source.from_bytes(source.data).line_starts


@given(texts, st.data())
def test_positions_go_there_and_back(text: str, data: st.DataObject) -> None:
    source = Source(text)
    lines = reference_lines(text)
    line = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[line])))
    for encoding in ENCODINGS:
        units = width(lines[line][:column], encoding)
        offset = source.offset(line, units, encoding)
        assert source.position(offset, encoding) == (line, units)


@given(texts, st.integers(-2, 40), st.integers(-2, 40))
def test_any_position_means_a_place_in_the_text(text: str, line: int, column: int) -> None:
    source = Source(text)
    for encoding in ENCODINGS:
        offset = source.offset(line, column, encoding)
        assert 0 <= offset <= len(source.data)
        assert offset == len(source.data) or source.data[offset] & 0xC0 != 0x80


@pytest.mark.parametrize(
    ("encoding", "column", "offset"),
    [
        ("utf-8", 5, 5),
        ("utf-16", 3, 5),
        ("utf-16", 2, 1),
        ("utf-32", 2, 5),
        ("utf-8", 3, 1),
        ("utf-16", 99, 6),
    ],
)
def test_columns_count_in_their_own_units(encoding: Encoding, column: int, offset: int) -> None:
    assert Source("a😀b\nc").offset(0, column, encoding) == offset


SCRIPT_PIECES = [
    "export const meta = { name: 'x', description: 'y' }\n",
    "const a = await agent(`Say ${args.é}`)\n",
    "await parallel(items.map((item) => () => agent(item)))\r\n",
    "// 😀 comment\u2028 more\n",
    "return { a }\n",
    "```\n",
    "(",
    "}",
    "`",
    "/* ",
]


@given(
    st.lists(st.sampled_from(SCRIPT_PIECES), max_size=8).map("".join),
    st.lists(
        st.tuples(
            st.integers(0, 300), st.integers(0, 40), st.sampled_from([*SCRIPT_PIECES, *PIECES[:-1], ""])
        ),
        max_size=4,
    ),
)
def test_an_edited_tree_is_the_tree_of_the_edited_text(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    before = parse(Source(text))
    shape = str(before.root)
    source, edits = before.source, []
    for start, length, inserted in changes:
        characters = source.text
        first = min(start, len(characters))
        last = min(first + length, len(characters))
        low, high = len(characters[:first].encode()), len(characters[:last].encode())
        source, edit = source.replace(low, high, inserted)
        edits.append(edit)
        assert source.text == characters[:first] + inserted + characters[last:]
    after, fresh = reparse(before, source, edits), parse(Source(source.text))
    assert after.script == fresh.script
    assert str(after.root) == str(fresh.root)
    assert str(before.root) == shape, "the tree before stays as it was"
