"""A quote inside a prompt that ends it too early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.lexer import Token
from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.syntax import Parsed, captures, compile_query

_TAGGED = compile_query(
    "(call_expression function: [(template_string) (string)] @tag arguments: (template_string) @text)"
)
CURLY_QUOTES = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"}
_OPERATOR_WORDS = frozenset({b"in", b"instanceof", b"of", b"as", b"satisfies"})
_NEVER_BEHIND_TEXT = frozenset({b"@", b"#", b"\\", b"--", b"++", b"{", b"~", b"!"})
_OFTEN_BEHIND_TEXT = frozenset({b",", b")", b"]", b"}", b";", b":", b"?", b".", b"?.", b"[", b"+"})
_OPENS_TEXT = re.compile(rb"(?:\b(?:agent|log|phase)\s*\(|=>\s*|\breturn\s+|[=+]\s*)$")
_TOKENS_NEAR = 6
_CURLY = re.compile(
    rb"\xe2\x80[\x98\x99\x9c\x9d](?:(?!\xe2\x80[\x98\x99\x9c\x9d])[^\r\n])*(?:\xe2\x80[\x98\x99\x9c\x9d])?"
)
_REAL_END = re.compile(
    rb"[ \t]*(?:[,)\];}\r\n?:+]|\Z|\.(?:trim|replace|replaceAll|split|concat|slice|repeat|join)\w*\()"
)
_MOST_QUOTES = 400
_ESCAPE = "Escape it as \\` (or use ${'`'}), or put the inner text in quotes."


def early_end(parsed: Parsed, tokens: list[Token], errors: list[Node]) -> Fault | None:
    """The first quote that ends a text too early, or is none: what follows it at once cannot follow a text."""
    if not errors:
        return None
    first, last = errors[0].start_byte, errors[-1].end_byte
    for at, token in enumerate(tokens[:-1]):
        if token.start > last:
            return None
        following = tokens[at + 1]
        if token.kind == "word" and (curly := _CURLY.match(parsed.source.data, token.start)):
            return _curly(parsed, token.start, curly.end())
        if following.start != token.end or token.kind not in {"template", "string"}:
            continue
        if token.kind == "template" and token.text.endswith(b"`"):
            near = token.start <= first <= tokens[min(at + _TOKENS_NEAR, len(tokens) - 1)].end
            if _cannot_follow(following) or (near and _hardly_follows(tokens, at + 1)):
                return _backtick(parsed, token, tokens)
        if token.kind == "string" and token.closed and following.kind == "word" and len(token.text) > 2:
            return _apostrophe(parsed, token)
    return None


def tagged_templates(parsed: Parsed) -> Iterator[Fault]:
    """A text used as the tag of another: it reads as a call, and throws when it runs."""
    if b"``" not in parsed.source.data:
        return
    for tag in captures(_TAGGED, parsed.root).get("tag", ()):
        if parsed.root.has_error and tag.parent is not None and tag.parent.has_error:
            continue
        if tag.type == "template_string":
            yield _fault(Span(tag.end_byte - 1, tag.end_byte), _escapes(parsed, tag.start_byte, tag.end_byte))


def _hardly_follows(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.text == b"." and at + 1 < len(tokens):
        return tokens[at + 1].kind != "word"
    return token.kind == "regex" or (token.kind == "punct" and token.text not in _OFTEN_BEHIND_TEXT)


def _cannot_follow(token: Token) -> bool:
    if token.kind in {"word", "number"}:
        return token.text not in _OPERATOR_WORDS
    return token.kind in {"string", "template"} or token.text in _NEVER_BEHIND_TEXT


def _backtick(parsed: Parsed, token: Token, tokens: list[Token]) -> Fault:
    opening = token
    if not token.text.startswith(b"`"):
        opening = next(
            (
                before
                for before in reversed(tokens)
                if before.start < token.start and before.kind == "template" and before.text.startswith(b"`")
            ),
            token,
        )
    if b"\n" in token.text and _OPENS_TEXT.search(token.text[:-1]):
        message = "This text is not closed: the backtick that ends it was meant to begin another one."
        end = Related(Span(token.end - 1, token.end), "It goes on to here.")
        return Fault("backtick", Span(opening.start, opening.start + 1), message, (), (end,))
    return _fault(Span(token.end - 1, token.end), _escapes(parsed, opening.start, token.end), opening.start)


def _fault(span: Span, fixes: tuple[Fix, ...], opening: int | None = None) -> Fault:
    related = (Related(Span(opening, opening + 1), "The text begins here."),) if opening is not None else ()
    return Fault(
        "backtick", span, f"This backtick ends the text that it stands in. {_ESCAPE}", fixes, related
    )


def _escapes(parsed: Parsed, opening: int, first_end: int) -> tuple[Fix, ...]:
    """Escapes every backtick up to the one that looks like the text's end.

    Inner quotes come in pairs, so the end is the first unpaired one that something follows which may follow a text.
    """
    data = parsed.source.data
    inner: list[int] = []
    at = first_end - 1
    while 0 <= at < parsed.script.end and len(inner) < _MOST_QUOTES:
        if data[at - 1 : at] != b"\\":
            if inner and len(inner) % 2 == 0 and _REAL_END.match(data, at + 1):
                edits = tuple(Edit(Span(place, place), "\\") for place in inner)
                return (Fix("Escape the backticks inside the text", edits, preferred=True),)
            inner.append(at)
        at = data.find(b"`", at + 1)
    return ()


def _curly(parsed: Parsed, start: int, end: int) -> Fault:
    text = parsed.source.slice(start, end)
    return curly_quotes(Span(start, end), text)


def curly_quotes(span: Span, text: str) -> Fault:
    """Typographic quotes where a string was meant."""
    mended = "".join(CURLY_QUOTES.get(character, character) for character in text)
    fix = Fix("Use straight quotes", (Edit(span, mended),), preferred=True)
    return Fault("syntax", span, "Curly quotes do not make a string: use straight ones.", (fix,))


def _apostrophe(parsed: Parsed, token: Token) -> Fault:
    quote = token.text[:1].decode()
    span = Span(token.end - 1, token.end)
    fix = Fix(f"Escape it as \\{quote}", (Edit(Span(token.end - 1, token.end - 1), "\\"),), preferred=True)
    return Fault(
        "syntax",
        span,
        f"This quote ends the string. Escape it as \\{quote}, or write the text in other quotes.",
        (fix,),
        (Related(Span(token.start, token.start + 1), "The string begins here."),),
    )
