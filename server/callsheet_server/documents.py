"""Open documents: their text as the client sees it, and immutable snapshots of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from attrs import frozen
from callsheet.language.problem import Span
from callsheet.language.source import Encoding, Source, TreeEdit
from callsheet.language.syntax import Parsed, parse, parse_embedded, reparse
from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

LANGUAGE_ID = "callsheet"
"""Language of workflow scripts in editors; any document with it is a script (language, F7)."""

MAX_PENDING_EDITS = 200
"""Beyond that many edits between two parses, parsing afresh is cheaper."""


def path_of(uri: str) -> Path | None:
    """The file of a URI, None for a buffer that has none."""
    if not uri.startswith("file:"):
        return None
    path = to_fs_path(uri)
    return Path(path) if path else None


def uri_of(path: Path) -> str:
    """The URI of a file."""
    return from_fs_path(str(path)) or path.as_uri()


def real_path(path: Path) -> Path:
    """A path without links in it; as it is where the system does not understand it."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


@frozen(eq=False, slots=False)
class Snapshot:
    """One version of one document; never changes.

    Attributes:
        uri: the document, as the client names it.
        version: the client's number of this text; None for a file that is not open.
        path: the file, None for a buffer without one.
        source: the text.
        scripts: the workflow scripts in it: one for a script file, one a fence for a Markdown document.
    """

    uri: str
    version: int | None
    path: Path | None
    source: Source
    scripts: tuple[Parsed, ...]

    def script_at(self, offset: int) -> Parsed | None:
        """The script that the byte `offset` is in, or at the end of."""
        for script in self.scripts:
            if not script.embedded or script.script.start <= offset <= script.script.end:
                return script
        return None

    @cached_property
    def is_embedding(self) -> bool:
        """Whether the scripts are parts of another document."""
        return any(script.embedded for script in self.scripts)


class Document:
    """An open document. Edits are applied at once, the tree is brought up to date when somebody asks.

    Attributes:
        kind: `script`, `markdown`, or `other` for text that holds no workflow scripts.
    """

    def __init__(self, uri: str, language_id: str, version: int, text: str, kind: str) -> None:
        self.uri = uri
        self.language_id = language_id
        self.version = version
        self.path = path_of(uri)
        # A run knows its script by this name, whichever links the editor came through.
        self.real_path = real_path(self.path) if self.path is not None else None
        self.kind = kind
        self.source = Source(text)
        self._edits: list[TreeEdit] = []
        self._snapshot: Snapshot | None = None

    def apply(
        self,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        version: int,
        encoding: Encoding,
    ) -> list[TreeEdit]:
        """Apply a client's changes in order; returns them in bytes."""
        made: list[TreeEdit] = []
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = self.span(change.range, encoding)
                text = change.text
            else:
                start, end, text = _difference(self.source, change.text)
            self.source, edit = self.source.replace(start, end, text)
            made.append(edit)
        self._edits += made
        self.version = version
        return made

    def span(self, range_: types.Range, encoding: Encoding) -> tuple[int, int]:
        """Bytes of a client's range; its ends may come in either order."""
        start = self.source.offset(range_.start.line, range_.start.character, encoding)
        end = self.source.offset(range_.end.line, range_.end.character, encoding)
        return min(start, end), max(start, end)

    def snapshot(self) -> Snapshot:
        """The document as it stands."""
        last = self._snapshot
        if last is None or last.source is not self.source:
            scripts = self._parse(last)
            last = Snapshot(self.uri, self.version, self.path, self.source, scripts)
        elif last.version != self.version:
            last = Snapshot(self.uri, self.version, self.path, self.source, last.scripts)
        self._snapshot = last
        self._edits = []
        return last

    def relax(self) -> None:
        """Give up the trees, which take fifty times the room of the text; they are made again when somebody asks."""
        self._snapshot = None
        self._edits = []

    def _parse(self, last: Snapshot | None) -> tuple[Parsed, ...]:
        if self.kind == "markdown":
            return tuple(parse_embedded(self.source))
        if self.kind != "script":
            return ()
        if last is None or len(self._edits) > MAX_PENDING_EDITS:
            return (parse(self.source),)
        return (reparse(last.scripts[0], self.source, self._edits),)


class Positions:
    """Bytes to the client's positions and back: the only place where its encoding matters."""

    def __init__(self, encoding: Encoding = "utf-16") -> None:
        self.encoding: Encoding = encoding

    def position(self, source: Source, offset: int) -> types.Position:
        line, column = source.position(offset, self.encoding)
        return types.Position(line, column)

    def range(self, source: Source, span: Span) -> types.Range:
        return types.Range(self.position(source, span.start), self.position(source, span.end))

    def offset(self, source: Source, position: types.Position) -> int:
        return source.offset(position.line, position.character, self.encoding)

    def span(self, source: Source, range_: types.Range) -> Span:
        start, end = self.offset(source, range_.start), self.offset(source, range_.end)
        return Span(min(start, end), max(start, end))


def _difference(source: Source, text: str) -> tuple[int, int, str]:
    """The bytes in which a text differs from another, and what stands there instead: what was typed, mostly."""
    old, new = source.data, Source(text).data
    start = _common(old, new, lambda data, size: data[:size])
    while start and (old[start : start + 1] or b"x")[0] & 0xC0 == 0x80:
        start -= 1
    rest = _common(old[start:], new[start:], lambda data, size: data[len(data) - size :])
    while rest and old[len(old) - rest] & 0xC0 == 0x80:
        rest -= 1
    return start, len(old) - rest, Source.from_bytes(new[start : len(new) - rest]).text


def _common(old: bytes, new: bytes, part: Callable[[bytes, int], bytes]) -> int:
    """The greatest size at which a part of both is the same."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if part(old, middle) == part(new, middle):
            low = middle
        else:
            high = middle - 1
    return low


def map_offset(offset: int, edits: Sequence[TreeEdit], *, sticky_end: bool = False) -> int:
    """Where a byte of an old text lies after edits; a byte inside a replaced range moves to the edit's end."""
    for edit in edits:
        if offset < edit.start_byte or (offset == edit.start_byte and sticky_end):
            continue
        if offset >= edit.old_end_byte:
            offset += edit.new_end_byte - edit.old_end_byte
        else:
            offset = edit.new_end_byte
    return offset


def map_span(span: Span, edits: Sequence[TreeEdit]) -> Span:
    """Where a span of an old text lies after edits."""
    start = map_offset(span.start, edits)
    return Span(start, max(start, map_offset(span.end, edits, sticky_end=True)))
