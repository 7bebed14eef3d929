"""Where the tree says that something cannot be read, and what is wrong in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.faults.quotes import CURLY_QUOTES, curly_quotes
from callsheet.language.lexer import Token
from callsheet.language.problem import Span
from callsheet.language.scopes.lower import light_tree
from callsheet.language.syntax import Parsed, captures, compile_query, span_of

_UNREADABLE = compile_query("[(jsx_element) (jsx_self_closing_element)] @jsx (with_statement) @with")
_MARKS = (b"with", b"</", b"/>")
_HINTS = re.compile(rb"\bwith\s*\(|</[A-Za-z>]|/>")
TWO_STATEMENTS = "Two statements on one line need a `;` between them, or an operator is missing here."
_LONGEST_SHOWN = 30
_RESERVED = frozenset(
    b"break case catch class const continue debugger default delete do else enum export extends finally for function "
    b"if implements import in instanceof interface new package private protected public return super switch this "
    b"throw try typeof var void while with".split()
)
_FENCED_META = re.compile(
    rb"^(?P<mark>`{3,}|~{3,})[^`\r\n]*\r?\n(?:\s|#![^\r\n]*|//[^\r\n]*)*export\s+const\s+meta\b", re.MULTILINE
)
KEYWORDS = (_RESERVED - {b"this"}) | frozenset(
    b"as async await from get let of set static type using yield".split()
)
_OPENERS = frozenset({b"(", b"[", b"{"})
_BRACKETS = frozenset({b")", b"]", b"}"})
_CLOSERS = {")", "]", "}", "`", "'", '"'}


def error_places(parsed: Parsed) -> list[Node]:
    """ERROR and MISSING nodes in source order, the outer ones only."""
    # A query would look at every node; what is whole need not be entered.
    nodes: list[Node] = []
    stack = [parsed.root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            nodes.append(node)
        stack.extend(
            child for child in node.children if child.has_error or child.is_error or child.is_missing
        )
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    outer: list[Node] = []
    for node in nodes:
        if not outer or node.start_byte >= outer[-1].end_byte or outer[-1].parent is None:
            outer.append(node)
    return outer


def sound_until(parsed: Parsed) -> int:
    """Byte offset of the first statement with an error in it; the statements before it are whole."""
    if parsed.root.is_error:
        return parsed.script.start
    return next((node.start_byte for node in parsed.root.children if node.has_error), parsed.script.start)


def describe(parsed: Parsed, errors: list[Node]) -> list[Fault]:
    """One fault for each place that no better cause was found for."""
    faults: list[Fault] = []
    for node in errors:
        if faults and parsed.source.line_of(faults[-1].span.start) == parsed.source.line_of(node.start_byte):
            continue
        faults.append(_missing(parsed, node) if node.is_missing else _unexpected(parsed, node))
    return faults


def text_around_fence(parsed: Parsed) -> Fault | None:
    """A script in a Markdown fence with other text in front of it or behind: an answer that was pasted whole."""
    opening = _FENCED_META.search(parsed.source.data, parsed.script.start, parsed.script.end)
    if opening is None:
        return None
    return Fault(
        "syntax",
        Span(*opening.span("mark")),
        "A script stands alone in its file, or wholly in one Markdown fence: remove the text around it.",
        misread=parsed.script,
    )


def side_by_side(tokens: list[Token], errors: list[Node]) -> Fault | None:
    """Two values beside each other, with a comma or an operator missing between them."""
    first = errors[0].start_byte
    open_brackets: list[bytes] = []
    for at, (token, following) in enumerate(pairwise(tokens)):
        if token.text in _OPENERS:
            open_brackets.append(token.text)
        elif token.text in _BRACKETS and open_brackets:
            open_brackets.pop()
        if token.start > errors[-1].end_byte:
            return None
        if following.start < first or (
            following.after_newline and not _goes_on(open_brackets[-1:], tokens[at + 2 : at + 3])
        ):
            continue
        is_literal = token.kind in {"number", "string"} or token.text.endswith(b"`")
        if _ends_value(token) and (begins_value(following) or (is_literal and following.text == b"{")):
            shown = following.text.decode("utf-8", "replace")[:_LONGEST_SHOWN]
            message = f"`{shown}` is unexpected here: a comma or an operator is missing before it."
            return Fault("syntax", Span(following.start, following.end), message)
    return None


def _goes_on(around: list[bytes], behind: list[Token]) -> bool:
    """Whether the end of a line ends no statement: in parentheses and arrays, and before a key of an object."""
    return around in ([b"("], [b"["]) or (around == [b"{"] and [token.text for token in behind] == [b":"])


def _ends_value(token: Token) -> bool:
    if token.kind in {"number", "string"} or token.text == b"]":
        return True
    if token.kind == "template":
        return token.text.endswith(b"`")
    return token.kind == "word" and token.text not in KEYWORDS


def begins_value(token: Token) -> bool:
    """Whether a token can only begin a value."""
    if token.kind in {"number", "string"}:
        return True
    if token.kind == "template":
        return token.text.startswith(b"`")
    return token.kind == "word" and token.text not in KEYWORDS


def always_wrong(parsed: Parsed) -> Iterator[Fault]:
    """What reads as JavaScript and is none here: curly quotes, a lone `await`, reserved words, JSX, `with`."""
    for name, references in light_tree(parsed).globals.items():
        quote = next((quote for quote in CURLY_QUOTES if quote in name), None)
        if quote is not None:
            for node in references:
                yield curly_quotes(node.span, node.text)
        elif name.encode() in _RESERVED and not parsed.root.has_error:
            for node in references:
                yield Fault("syntax", node.span, f"`{name}` is unexpected here: it is a reserved word.")
        elif name == "await":
            for node in references:
                yield Fault("syntax", node.span, "`await` needs an expression behind it, on the same line.")
    data = parsed.source.data
    if any(mark in data for mark in _MARKS) and _HINTS.search(data):
        found = captures(_UNREADABLE, parsed.root)
        for element in found.get("jsx", ()):
            if element.parent is None or not element.parent.type.startswith("jsx"):
                yield Fault(
                    "syntax",
                    head_of(parsed, span_of(element)),
                    "JSX is not JavaScript: write text as a string.",
                )
        for statement in found.get("with", ()):
            span = Span(statement.start_byte, statement.start_byte + len("with"))
            yield Fault("syntax", span, "`with` is not allowed: scripts run in strict mode.")


def _missing(parsed: Parsed, node: Node) -> Fault:
    at = _content_end(parsed, node.start_byte)
    kind = node.type
    if kind == ";":
        message = TWO_STATEMENTS
    elif kind in _CLOSERS or not kind.isidentifier():
        message = f"`{kind}` is missing here."
    else:
        message = "An expression is missing here." if kind == "identifier" else f"A {kind} is missing here."
    return Fault("syntax", Span(max(parsed.script.start, at - 1), max(at, parsed.script.start)), message)


def _unexpected(parsed: Parsed, node: Node) -> Fault:
    first = node
    while first.child_count and (child := first.child(0)) is not None:
        first = child
    text = parsed.text(first).strip()
    span = head_of(parsed, span_of(first if first.end_byte > first.start_byte else node))
    shown = text.splitlines()[0][:_LONGEST_SHOWN] if text else ""
    if shown:
        return Fault("syntax", span, f"`{shown}` is unexpected here.")
    return Fault("syntax", span, "This cannot be read as JavaScript.")


def head_of(parsed: Parsed, place: Span) -> Span:
    """A range of bytes up to the end of its first line."""
    end = min(place.end, parsed.source.line_end(parsed.source.line_of(place.start)))
    return Span(place.start, max(end, place.start))


def _content_end(parsed: Parsed, offset: int) -> int:
    return len(parsed.source.data[:offset].rstrip())
