"""A bracket, string, template or comment that is not closed."""

from __future__ import annotations

import re

from callsheet.language.faults.fault import Fault
from callsheet.language.lexer import Token
from callsheet.language.problem import Related, Span
from callsheet.language.syntax import Parsed

_PAIRS = {b"(": b")", b"[": b"]", b"{": b"}"}
_BEHIND_CODE = re.compile(rb"(?:\s+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_CLOSERS = frozenset(_PAIRS.values())


def unbalanced(parsed: Parsed, tokens: list[Token]) -> Fault | None:
    """The bracket or quote that is most likely to blame, where they do not balance."""
    stack: list[Token] = []
    suspect: Token | None = None
    for token in tokens:
        if token.kind in {"string", "template"} and not token.closed:
            return _open_text(token)
        opener = _opener(token)
        if opener is not None:
            stack.append(token)
        elif _closes(token):
            wanted = _closer_of(stack[-1]) if stack else None
            if wanted is None or wanted != token.text[:1]:
                return _mismatch(parsed, stack, token, suspect)
            opened = stack.pop()
            if suspect is None and _ends_left_of(parsed, opened, token):
                suspect = opened
    if not stack:
        return None
    blamed = suspect if suspect is not None else stack[-1]
    return _never_closed(blamed, None)


def open_comment(parsed: Parsed, tokens: list[Token]) -> Fault | None:
    """The comment that goes on to the end of the script."""
    data, end = parsed.source.data, parsed.script.end
    behind = _BEHIND_CODE.match(data, tokens[-1].end if tokens else parsed.script.start, end)
    if behind is None or data[behind.end() : behind.end() + 2] != b"/*":
        return None
    span = Span(behind.end(), behind.end() + 2)
    return Fault("syntax", span, "This comment is not closed: `*/` is missing.")


def _opener(token: Token) -> bytes | None:
    if token.kind == "punct" and token.text in _PAIRS:
        return token.text
    if token.kind == "template" and token.text.endswith(b"${") and not token.text.startswith(b"}"):
        return b"{"
    return None


def _closes(token: Token) -> bool:
    if token.kind == "punct":
        return token.text in _CLOSERS
    return token.kind == "template" and token.text.startswith(b"}") and not token.text.endswith(b"${")


def _closer_of(token: Token) -> bytes:
    return b"}" if token.kind == "template" else _PAIRS[token.text]


def _ends_left_of(parsed: Parsed, opened: Token, closer: Token) -> bool:
    """Whether a closer that starts a line stands further left than the line of its opener."""
    first, last = parsed.source.line_of(opened.start), parsed.source.line_of(closer.start)
    if first == last:
        return False
    closing = parsed.source.line_text(last)
    opening = parsed.source.line_text(first)
    if (
        closing[: len(closing) - len(closing.lstrip())].encode()
        != parsed.source.data[parsed.source.line_starts[last] : closer.start]
    ):
        return False
    return len(closing) - len(closing.lstrip()) < len(opening) - len(opening.lstrip())


def _mismatch(parsed: Parsed, stack: list[Token], token: Token, suspect: Token | None) -> Fault:
    shown = token.text[:1].decode()
    if not stack:
        if suspect is not None:
            return _never_closed(suspect, token)
        return Fault("syntax", Span(token.start, token.start + 1), f"`{shown}` closes nothing.")
    return _never_closed(stack[-1], token)


def _never_closed(token: Token, closer: Token | None) -> Fault:
    shown = "${" if token.kind == "template" else token.text.decode()
    start = token.end - 2 if token.kind == "template" else token.start
    wanted = _closer_of(token).decode()
    related: tuple[Related, ...] = ()
    if closer is not None:
        related = (
            Related(Span(closer.start, closer.start + 1), f"`{closer.text[:1].decode()}` comes first."),
        )
    return Fault(
        "syntax", Span(start, token.end), f"`{shown}` is not closed: `{wanted}` is missing.", (), related
    )


def _open_text(token: Token) -> Fault:
    what = "template literal" if token.kind == "template" else "string"
    quote = "`" if token.kind == "template" else token.text[:1].decode()
    return Fault(
        "syntax", Span(token.start, token.start + 1), f"This {what} is not closed: {quote} is missing."
    )
