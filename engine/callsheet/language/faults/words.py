"""Keywords that are written wrong, and statements that run into each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.faults.places import KEYWORDS, TWO_STATEMENTS, begins_value
from callsheet.language.lexer import Token
from callsheet.language.problem import Edit, Fix, Span
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.scopes.units import Spot, in_each_statement, spot
from callsheet.language.suggest import nearest
from callsheet.language.syntax import Parsed
from callsheet.language.tables.globals import GLOBALS_BY_NAME

_MAY_FOLLOW = re.compile(
    rb"(?:[ \t\f\v]|\xc2\xa0|\xe3\x80\x80|\xef\xbb\xbf)*(?:[\r\n;}]|//|/\*|\Z|\xe2\x80[\xa8\xa9]|else\b|while\b)"
)
_WORD = re.compile(rb"[A-Za-z]{2,}")
_ENDS_STATEMENT = frozenset({b";", b"{", b"}"})
_OPENING_WORDS = tuple(
    word.decode() for word in b"async await class const for function if let return switch throw while".split()
)


def run_together(parsed: Parsed) -> Iterator[Fault]:
    """A statement that another one follows on its line without a `;`: mostly a keyword that is written wrong."""
    tree, end = light_tree(parsed), parsed.script.end
    candidates = in_each_statement(
        tree, "statements that may run together", lambda unit: _candidates(tree, unit, end)
    )
    for place in (candidate.span for candidate in candidates):
        if not _is_ended(tree.data, place, end):
            first = _WORD.match(tree.data, place.start)
            yield (first and _misspelt(first.group(), place.start)) or Fault(
                "syntax", Span(place.end - 1, place.end), TWO_STATEMENTS
            )


def _candidates(tree: LightTree, statement: Fragment, end: int) -> Iterator[Spot]:
    """Statements that another one follows at once, and the last one, as what follows that one may change."""
    for node in statement.root.walk():
        if node.type == "expression_statement" and (
            node.end == statement.root.end or not _is_ended(tree.data, node.span, end)
        ):
            yield spot(tree, node.span)


def _is_ended(data: bytes, place: Span, end: int) -> bool:
    return _MAY_FOLLOW.match(data, place.end, end) is not None or data[place.end - 1 : place.end] == b";"


def misspelt_keyword(tokens: list[Token], errors: list[Node]) -> Fault | None:
    """A word that begins the first statement with an error and is nearly a keyword."""
    starts = [
        at
        for at, token in enumerate(tokens)
        if at == 0 or token.after_newline or tokens[at - 1].text in _ENDS_STATEMENT
    ]
    before = [at for at in starts if tokens[at].start <= errors[0].end_byte]
    for at in before[-1:]:
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        opens = following is not None and (
            begins_value(following) or following.text in {b"{", b"("} | KEYWORDS
        )
        if token.kind == "word" and token.text not in KEYWORDS and opens:
            return _misspelt(token.text, token.start)
    return None


def _misspelt(word: bytes, start: int) -> Fault | None:
    text = word.decode("utf-8", "replace")
    near = nearest(text, _OPENING_WORDS)
    if near is None or text in GLOBALS_BY_NAME:
        return None
    span = Span(start, start + len(word))
    fix = Fix(f"Change to `{near}`", (Edit(span, near),), preferred=True)
    return Fault("syntax", span, f"`{text}` is unexpected here. Did you mean `{near}`?", (fix,))
