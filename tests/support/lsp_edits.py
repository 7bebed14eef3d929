"""Random edits in a client's terms, and a reference of what they mean that shares nothing with the server."""

from __future__ import annotations

import re

from hypothesis import strategies as st

PIECES = (
    "a",
    "é",
    "e\u0301",
    "中",
    "😀",
    "👩‍👩‍👧",
    "\u2028",
    "\u2029",
    "\u0085",
    "\f",
    "\v",
    "\x1c",
    "\r",
    "\n",
    "\r\n",
    "'",
    "`",
    "${",
    "}",
    "{",
    "(",
    ")",
    "=> ",
    "agent('x', { label: 'y' })",
    "await ",
    "phase('Ü 😀')",
    "const r = ",
    "// note",
    "/*",
    "*/",
    ";\n",
)
"""What texts are made of: every kind of line end there is anywhere, and JavaScript, whole and broken."""

ENCODINGS = ("utf-8", "utf-16", "utf-32")
_UNIT_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_LINE = re.compile(r"\r\n|\r|\n")

texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
positions = st.tuples(st.integers(0, 12), st.integers(0, 30))
edits = st.lists(st.tuples(positions, positions, texts), min_size=1, max_size=8)


def reference_edit(text: str, start: tuple[int, int], end: tuple[int, int], new: str, encoding: str) -> str:
    """The text after one change, worked out line by line."""
    one, other = _index(text, start, encoding), _index(text, end, encoding)
    first, last = min(one, other), max(one, other)
    return text[:first] + new + text[last:]


def _index(text: str, position: tuple[int, int], encoding: str) -> int:
    line, column = position
    starts = [0, *(match.end() for match in _LINE.finditer(text))]
    if line >= len(starts):
        return len(text)
    rest = _LINE.split(text[starts[line] :], maxsplit=1)[0]
    codec, width = _UNIT_BYTES[encoding]
    units = 0
    for index, character in enumerate(rest):
        units += len(character.encode(codec)) // width
        if units > column:
            return starts[line] + index
    return starts[line] + len(rest)
