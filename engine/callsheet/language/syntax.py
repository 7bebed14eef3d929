"""Text to syntax tree. Parsing never fails: what cannot be read becomes ERROR nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Range, Tree

from callsheet.language import fences
from callsheet.language.problem import Span
from callsheet.language.source import Source, TreeEdit
from callsheet.language.tables.limits import MAX_SCRIPT_BYTES

if TYPE_CHECKING:
    from callsheet.language.model import Workflow

JAVASCRIPT = Language(tree_sitter_javascript.language())

_UNKNOWN_END = re.compile(rb"\r(?!\n)|(?:\xc2\xa0|\xe3\x80\x80|\xef\xbb\xbf)+(?=[ \t]*(?:[\r\n]|\Z))")
"""Ends of lines that the grammar does not know: a lone carriage return, and blanks that are no spaces before an end."""

_HEAD_BYTES = 64 * 1024
"""How much is read of a script that is too large: enough for its `meta`."""


class Parsed:
    """One script of a file with its syntax tree; immutable, and safe to keep while the file is edited.

    Attributes:
        source: the whole file.
        tree: positions in it are bytes of the whole file.
        script: the bytes of the script in the file.
        embedded: whether the script is a fence of a Markdown document.
    """

    __slots__ = ("_workflow", "embedded", "root", "script", "source", "tree")

    def __init__(self, source: Source, tree: Tree, script: Span, *, embedded: bool = False) -> None:
        self.source = source
        self.tree = tree
        self.root: Node = tree.root_node
        self.script = script
        self.embedded = embedded
        self._workflow: Workflow | None = None

    @property
    def is_too_large(self) -> bool:
        """Whether the script has more bytes than a script may have (F6); only its head is in the tree then."""
        return self.script.end - self.script.start > MAX_SCRIPT_BYTES

    def text(self, node: Node) -> str:
        """Source text of a node."""
        return self.source.data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def parse(source: Source, script: Span | None = None) -> Parsed:
    """Parses the script of a file.

    Args:
        source: the file.
        script: the bytes of the script, where they are known (an embedded script); else they are found.
    """
    span = script or fences.script_span(source)
    return Parsed(source, _parse(source, span, None), span, embedded=script is not None)


def parse_embedded(source: Source) -> list[Parsed]:
    """Parses every workflow script in the fences of a Markdown document, in order."""
    return [parse(source, fence.content) for fence in fences.workflow_fences(source)]


def reparse(parsed: Parsed, source: Source, edits: Sequence[TreeEdit]) -> Parsed:
    """Parses a script file again after edits, reusing what they left alone.

    Args:
        parsed: the state before the edits; it stays as it is. It must not be an embedded script.
        source: the text after all edits.
        edits: as `Source.replace` gave them, in the order in which they were made.
    """
    if parsed.is_too_large or _has_unknown_ends(parsed.source.data) or _has_unknown_ends(source.data):
        # Its tree ends elsewhere, or was read from another text than the edits were made in.
        return parse(source)
    old = parsed.tree.copy()
    for edit in edits:
        old.edit(
            edit.start_byte,
            edit.old_end_byte,
            edit.new_end_byte,
            edit.start_point,
            edit.old_end_point,
            edit.new_end_point,
        )
    span = fences.script_span(source)
    return Parsed(source, _parse(source, span, old), span)


def _parse(source: Source, span: Span, old: Tree | None) -> Tree:
    data = source.data
    if _has_unknown_ends(data):
        # In JavaScript a carriage return ends a line like a line feed, in templates too.
        data = _UNKNOWN_END.sub(lambda end: b"\n" if end[0] == b"\r" else b" " * len(end[0]), data)
    parser = Parser(JAVASCRIPT)
    is_too_large = span.end - span.start > MAX_SCRIPT_BYTES
    end = span.start + _HEAD_BYTES if is_too_large else span.end
    if (span.start, end) != (0, len(data)):
        parser.included_ranges = [Range(_point(data, span.start), _point(data, end), span.start, end)]
    if old is None or is_too_large:
        return parser.parse(data)
    return parser.parse(data, old)


def _has_unknown_ends(data: bytes) -> bool:
    return (b"\r" in data or not data.isascii()) and _UNKNOWN_END.search(data) is not None


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)


@lru_cache(maxsize=64)
def compile_query(pattern: str) -> Query:
    """Compiles a tree-sitter query once."""
    return Query(JAVASCRIPT, pattern)


def captures(query: Query, node: Node) -> dict[str, list[Node]]:
    """Nodes by capture name, each list in source order."""
    # The library gives them in the order of a set.
    return {
        name: sorted(nodes, key=lambda found: (found.start_byte, -found.end_byte))
        for name, nodes in QueryCursor(query).captures(node).items()
    }


def matches(query: Query, node: Node) -> list[tuple[int, dict[str, list[Node]]]]:
    """Matches as (pattern index, nodes by capture name)."""
    return QueryCursor(query).matches(node)


def span_of(node: Node) -> Span:
    """Bytes of a node."""
    return Span(node.start_byte, node.end_byte)
