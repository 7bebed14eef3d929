"""A quote inside a prompt that ends it too early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.lexer import Token
from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.scopes.nodes import Node as LightNode
from callsheet.language.scopes.units import in_each_statement
from callsheet.language.syntax import Parsed

_SPACE = re.compile(rb"\s")
_TOUCHES = re.compile(rb"`[`./*%<>|&^-]")
_NO_TEXT_OPERATORS = frozenset({"/", "*", "**", "%", "-", "|", "&", "^", "<", ">"})
"""Operators that nobody applies to a text."""
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
        if token.kind == "template" and _ends_in_mid_sentence(token, following, tokens[-1]):
            return _backtick(parsed, token, tokens)
        if following.start != token.end or token.kind not in {"template", "string"}:
            continue
        if token.kind == "template" and token.text.endswith(b"`"):
            near = token.start <= first <= tokens[min(at + _TOKENS_NEAR, len(tokens) - 1)].end
            if _cannot_follow(following) or (near and _hardly_follows(tokens, at + 1)):
                return _backtick(parsed, token, tokens)
        if token.kind == "string" and token.closed and following.kind == "word" and len(token.text) > 2:
            return _apostrophe(parsed, token)
    return None


def read_as_code(parsed: Parsed) -> Iterator[Fault]:
    """Texts whose inner quotes make valid code of what stands between them: it runs, and throws or gives nonsense.

    A text used as the tag of another reads as a call, `/path/` between two texts as divisions, `<tag>` as comparisons.
    """
    if _TOUCHES.search(parsed.source.data) is None:
        return
    tree = light_tree(parsed)
    for text in in_each_statement(
        tree, "texts read as code", lambda unit: _texts_read_as_code(unit, tree.data)
    ):
        yield _backtick_at(parsed, text.start, text.end)


def _texts_read_as_code(statement: Fragment, data: bytes) -> Iterator[LightNode]:
    for node in statement.root.walk():
        if len(node.children) != 2:
            continue
        first, second = node.children
        if node.type == "call_expression" and second.type == "template_string":
            tag = _leftmost(first)
            if tag.type == "template_string" and not any(part.errors for part in node.walk()):
                yield tag
        elif node.type == "binary_expression" and first.type == "template_string" and _is_torn(node, data):
            yield first


def _leftmost(tag: LightNode) -> LightNode:
    """What a chain of members and calls begins with, where that is no tagged template itself."""
    while tag.type in {"member_expression", "subscript_expression", "call_expression"} and tag.children:
        if len(tag.children) > 1 and tag.children[1].type == "template_string":
            break
        tag = tag.children[0]
    return tag


def _is_torn(operation: LightNode, data: bytes) -> bool:
    """Whether a template with spaces in it is an operand of arithmetic that ends in another one, without a space."""
    text, operator, whole, operands = operation.children[0], operation.name or "", operation, 1
    while whole.parent is not None and whole.parent.type == "binary_expression":
        whole = whole.parent
        operands += 1
    if operator not in _NO_TEXT_OPERATORS or not data.startswith(operator.encode(), text.end):
        return False
    if _SPACE.search(data, text.start, text.end) is None or (operator in {"<", ">"} and operands < 2):
        return False
    last = whole.children[-1]
    last = last.children[-1] if last.type == "call_expression" else last
    return last.type == "template_string" and not data[last.start - 1 : last.start].isspace()


def _ends_in_mid_sentence(token: Token, following: Token, last: Token) -> bool:
    """Whether a word follows a text on its line while another text is never closed: a lone quote inside a prompt."""
    return (
        last.kind == "template"
        and not last.closed
        and token.text.endswith(b" `")
        and following.kind == "word"
        and following.text not in _OPERATOR_WORDS
        and not following.after_newline
    )


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
    return _backtick_at(parsed, opening.start, token.end)


def _backtick_at(parsed: Parsed, opening: int, end: int) -> Fault:
    """The fault of a text that begins at `opening` and ends, too early, at `end`."""
    inner, close = _inner_quotes(parsed, opening, end)
    fixes: tuple[Fix, ...] = ()
    if close is not None:
        edits = tuple(Edit(Span(place, place), "\\") for place in inner)
        fixes = (Fix("Escape the backticks inside the text", edits, preferred=True),)
    return Fault(
        "backtick",
        Span(end - 1, end),
        f"This backtick ends the text that it stands in. {_ESCAPE}",
        fixes,
        (Related(Span(opening, opening + 1), "The text begins here."),),
        misread=Span(end, parsed.script.end if close is None else close),
    )


def _inner_quotes(parsed: Parsed, opening: int, first_end: int) -> tuple[list[int], int | None]:
    """The backticks up to the one that looks like the text's end, and that end.

    Inner quotes come in pairs, so the end is the first unpaired one that something follows which may follow a text.
    """
    data = parsed.source.data
    inner: list[int] = []
    at = first_end - 1
    while 0 <= at < parsed.script.end and len(inner) < _MOST_QUOTES:
        if data[at - 1 : at] != b"\\":
            if inner and len(inner) % 2 == 0 and _REAL_END.match(data, at + 1):
                return inner, at
            inner.append(at)
        at = data.find(b"`", at + 1)
    return inner, None


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
        misread=Span(token.end, parsed.source.line_end(parsed.source.line_of(token.start))),
    )
