"""Strings that match a regular expression, drawn from the tree that Python's own parser makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from callsheet.agents.structured import compile_pattern

_PRINTABLE = tuple(chr(code) for code in range(0x20, 0x7F))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CATEGORIES = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_NOT_DIGIT: _LETTERS,
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: _LETTERS,
    op.CATEGORY_WORD: _LETTERS,
    op.CATEGORY_NOT_WORD: " -.",
}
_MORE_REPEATS = 6
"""How often more than it must a part is repeated at most."""


def sample(pattern: str, random: Random, *, repeats: int = _MORE_REPEATS) -> str | None:
    """A string that should match a pattern; None when it cannot be read.

    Assertions are not looked at, so the caller checks the result and draws again.

    Args:
        pattern: an ECMAScript pattern.
        random: where choices come from.
        repeats: how often more than it must a part may be repeated; 0 gives short strings.
    """
    compiled = compile_pattern(pattern)
    if compiled is None:
        return None
    return _Sampler(random, repeats).text(_parser.parse(compiled.pattern))


class _Sampler:
    def __init__(self, random: Random, repeats: int) -> None:
        self._random = random
        self._repeats = repeats
        self._groups: dict[int, str] = {}

    def text(self, tree: Iterable[tuple[Any, Any]]) -> str:
        return "".join(self._part(kind, value) for kind, value in tree)

    def _part(self, kind: Any, value: Any) -> str:
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.NOT_LITERAL:
            return self._other({chr(value)})
        if kind is op.ANY:
            return self._random.choice(_LETTERS)
        if kind is op.IN:
            return self._one_of(value)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, tree = value
            most = min(int(most), least + self._repeats)
            return "".join(self.text(tree) for _ in range(self._random.randint(least, max(least, most))))
        if kind is op.SUBPATTERN:
            text = self.text(value[3])
            if value[0] is not None:
                self._groups[value[0]] = text
            return text
        if kind is op.ATOMIC_GROUP:
            return self.text(value)
        if kind is op.BRANCH:
            return self.text(self._random.choice(value[1]))
        if kind is op.GROUPREF:
            return self._groups.get(value, "")
        return ""

    def _one_of(self, members: list[tuple[Any, Any]]) -> str:
        negated = members[0][0] is op.NEGATE
        choices: list[str] = []
        for kind, value in members:
            if kind is op.LITERAL:
                choices.append(chr(value))
            elif kind is op.RANGE:
                low, high = value
                choices += (chr(code) for code in range(low, min(high, low + 255) + 1))
            elif kind is op.CATEGORY:
                choices += _CATEGORIES.get(value, _LETTERS)
        return self._other(set(choices)) if negated else self._random.choice(choices)

    def _other(self, excluded: set[str]) -> str:
        choices = [character for character in _PRINTABLE if character not in excluded] or ["é"]
        letters = [character for character in choices if character in _LETTERS]
        return self._random.choice(letters or choices)
