"""Places in the user's file of errors that the JavaScript engine cannot place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from callsheet.sandbox.source import Prepared

if TYPE_CHECKING:
    from callsheet.language.syntax import Parsed


_MAX_PLACES: Final = 200
"""A script that fails in more ways than this gets the engine's places for the rest: each takes a walk over it."""


class Blame:
    """Finds places in one script; its syntax tree is made when the first is asked for."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        # A fan-out can fail in thousands of slots in one way.
        self._known: dict[tuple[int, int, str], tuple[int, int]] = {}

    def place(self, line: int, column: int, message: str, near: str) -> tuple[int, int]:
        """Line and column (UTF-16 units), from 1, of an error.

        Args:
            line: of the place that the engine gives, from 1.
            column: as the engine has it, in bytes from 1.
            message: what the error says.
            near: what is to be found there: `call`, which the runtime refused, or `null`, which was used.
        """
        from callsheet.language.blame import place_of_call, place_of_null

        key = (line, column, message if near == "null" else near)
        if key not in self._known:
            if len(self._known) >= _MAX_PLACES:
                return self._prepared.position(line, column)
            offset = self._prepared.offset(line, column)
            if near == "null":
                offset = place_of_null(self._parsed, offset, message)
            else:
                offset = place_of_call(self._parsed, offset)
            self._known[key] = self._prepared.position_of(offset)
        return self._known[key]

    def thrown(self, shown: str) -> tuple[int, int] | None:
        """Line and column where a value that is no error was thrown, None where it is not clear."""
        from callsheet.language.blame import place_of_thrown

        offset = place_of_thrown(self._parsed, shown)
        return None if offset is None else self._prepared.position_of(offset)

    @cached_property
    def _parsed(self) -> Parsed:
        from callsheet.language.syntax import parse

        return parse(self._prepared.source, self._prepared.script)
