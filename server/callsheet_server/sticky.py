"""Keeps lenses and symbols in place while code is half typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import evolve
from callsheet.language.problem import Span
from callsheet.language.source import TreeEdit
from callsheet.language.syntax import Parsed

from callsheet_server.documents import map_span
from callsheet_server.features.symbols import Kind, Symbol


class StickySymbols:
    """The symbols of scripts when they could last be read whole, moved along with the edits since."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Symbol]] = {}

    def moved(self, uri: str, edits: Sequence[TreeEdit]) -> None:
        """A document was edited."""
        if uri in self._kept:
            self._kept[uri] = _moved(self._kept[uri], edits)

    def forget(self, uri: str) -> None:
        """A document was opened or closed."""
        self._kept.pop(uri, None)

    def symbols(self, uri: str, script: Parsed, read: Callable[[Parsed], list[Symbol]]) -> list[Symbol]:
        """Symbols of a script: as it reads now, and where it has a syntax error, those of before as well."""
        now = read(script)
        kept = self._kept.setdefault(uri, [])
        # By place: of several scripts in a document, any may come or go.
        before = [symbol for symbol in kept if _is_in(symbol, script)]
        if not script.root.has_error:
            self._kept[uri] = [*(symbol for symbol in kept if symbol not in before), *now]
            return now
        return _merged(before, now) if before else now


def _is_in(symbol: Symbol, script: Parsed) -> bool:
    return script.script.start <= symbol.span.start and symbol.span.end <= script.script.end


def _merged(before: list[Symbol], now: list[Symbol]) -> list[Symbol]:
    """What was there before, by the names that it has now, and what is new."""
    fresh = {(symbol.kind, symbol.name_span.start): symbol for symbol in _flat(now)}
    kept = [_renewed(symbol, fresh) for symbol in before]
    for symbol in fresh.values():
        siblings = kept
        while home := next((other for other in siblings if _holds(other, symbol)), None):
            siblings = home.children
        siblings.append(evolve(symbol, children=[]))
        siblings.sort(key=lambda other: other.span.start)
    return kept


def _renewed(symbol: Symbol, fresh: dict[tuple[Kind, int], Symbol]) -> Symbol:
    """A symbol with the name that stands in its place now, which is taken from `fresh`."""
    twin = fresh.pop((symbol.kind, symbol.name_span.start), None)
    children = [_renewed(child, fresh) for child in symbol.children]
    if twin is None:
        return evolve(symbol, children=children)
    return evolve(symbol, name=twin.name, detail=twin.detail, children=children)


def _flat(symbols: list[Symbol]) -> Iterator[Symbol]:
    for symbol in symbols:
        yield symbol
        yield from _flat(symbol.children)


def _holds(symbol: Symbol, other: Symbol) -> bool:
    return symbol.span.start <= other.span.start and other.span.end <= symbol.span.end


def _moved(symbols: list[Symbol], edits: Sequence[TreeEdit]) -> list[Symbol]:
    """Symbols in the text after edits, without those whose name was deleted."""
    return [moved for symbol in symbols if (moved := _moved_one(symbol, edits)) is not None]


def _moved_one(symbol: Symbol, edits: Sequence[TreeEdit]) -> Symbol | None:
    name, span = symbol.name_span, symbol.span
    for edit in edits:
        is_deletion = edit.new_end_byte == edit.start_byte < edit.old_end_byte
        if is_deletion and edit.start_byte <= name.start and name.end <= edit.old_end_byte:
            return None
        name, span = map_span(name, [edit]), map_span(span, [edit])
    whole = Span(min(span.start, name.start), max(span.end, name.end))
    return evolve(symbol, span=whole, name_span=name, children=_moved(symbol.children, edits))


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
