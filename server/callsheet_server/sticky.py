"""Keeps lenses and symbols in place while code is half typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callsheet.language.problem import Span
from callsheet.language.source import TreeEdit
from callsheet.language.syntax import Parsed

from callsheet_server.documents import Snapshot, map_span
from callsheet_server.features.symbols import Symbol


class StickySymbols:
    """The symbols of each script when it could last be read whole, moved along with the edits since."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], list[Symbol]] = {}

    def moved(self, uri: str, edits: Sequence[TreeEdit]) -> None:
        """A document was edited."""
        for (other, _), kept in self._kept.items():
            if other == uri:
                for symbol in kept:
                    _move(symbol, edits)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        for key in [key for key in self._kept if key[0] == uri]:
            del self._kept[key]

    def symbols(self, snapshot: Snapshot, index: int, read: Callable[[Parsed], list[Symbol]]) -> list[Symbol]:
        """Symbols of a script: as it reads now, or as before where a syntax error hides some of them."""
        script = snapshot.scripts[index]
        key = (snapshot.uri, index)
        now = read(script)
        kept = self._kept.get(key)
        if script.root.has_error and kept is not None and _count(now) < _count(kept):
            end = len(snapshot.source.data)
            return [symbol for symbol in kept if symbol.span.end <= end]
        if not script.root.has_error:
            self._kept[key] = now
        return now


def _count(symbols: list[Symbol]) -> int:
    return sum(1 + _count(symbol.children) for symbol in symbols)


def _move(symbol: Symbol, edits: Sequence[TreeEdit]) -> None:
    name = map_span(symbol.name_span, edits)
    span = map_span(symbol.span, edits)
    symbol.span = Span(min(span.start, name.start), max(span.end, name.end))
    symbol.name_span = name
    for child in symbol.children:
        _move(child, edits)


class TokenHistory:
    """The semantic tokens that each document was last given, for answering with a difference."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, list[int]]] = {}
        self._count = 0

    def remember(self, uri: str, data: list[int]) -> str:
        """Keep what is sent now; returns its id."""
        self._count += 1
        self._last[uri] = (str(self._count), data)
        return str(self._count)

    def recall(self, uri: str, result_id: str) -> list[int] | None:
        """What was sent under an id, if it is still known."""
        known = self._last.get(uri)
        return known[1] if known is not None and known[0] == result_id else None

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._last.pop(uri, None)
