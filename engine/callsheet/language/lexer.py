"""A tolerant tokenizer, used where the tree has errors: it finds the cause that the tree cannot tell."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

TokenKind = Literal["word", "number", "string", "template", "regex", "punct"]

_SKIPPED = re.compile(
    rb"(?:(?:[ \t\r\n\f\v]|\xc2\xa0|\xef\xbb\xbf|\xe2\x80[\xa8\xa9])+|//[^\r\n]*|/\*.*?(?:\*/|\Z)|#![^\r\n]*)+",
    re.DOTALL,
)
_TOKEN = re.compile(
    rb"""(?P<word>(?:[A-Za-z_$\#]|[\x80-\xff]|\\u)(?:[\w$]|[\x80-\xff]|\\u)*)
    |(?P<number>(?:\d|\.\d)[\w.]*)
    |(?P<string>'(?:[^'\\\r\n]|\\(?:\r\n|.))*'?|"(?:[^"\\\r\n]|\\(?:\r\n|.))*"?)
    |(?P<template>`(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{|\Z))
    |(?P<punct>\.\.\.|=>|===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|<<|>>|\*\*|.)""",
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE_TAIL = re.compile(rb"\}(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{|\Z)", re.DOTALL)
_REGEX = re.compile(rb"/(?![*/])(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+/\w*")
_BEFORE_REGEX_WORDS = frozenset(
    b"return typeof case in of delete void throw new else do await yield instanceof export default".split()
)
_ENDS_EXPRESSION = frozenset({b")", b"]", b"}", b"++", b"--"})


class Token(NamedTuple):
    """A token.

    Attributes:
        kind: a template's literal parts are tokens of their own: the first begins with a backtick, the last ends
            with one, and the code between them gives tokens as any other.
        text: its bytes.
        start: byte offset.
        end: byte offset behind it.
        after_newline: whether a line ends between the token before and this one.
    """

    kind: TokenKind
    text: bytes
    start: int
    end: int
    after_newline: bool = False

    @property
    def closed(self) -> bool:
        """Whether a string or template has its end."""
        if self.kind == "template":
            return self.text.endswith((b"`", b"${")) and len(self.text) > 1
        return len(self.text) > 1 and self.text[-1:] == self.text[:1]


def tokenize(data: bytes, start: int, end: int) -> list[Token]:
    """Tokens of a script, without comments; never fails."""
    tokens: list[Token] = []
    braces: list[bool] = []
    at = start
    skip, scan, append = _SKIPPED.match, _TOKEN.match, tokens.append
    while at < end:
        newline = False
        if skipped := skip(data, at, end):
            gap = skipped.group()
            newline = b"\n" in gap or b"\r" in gap
            at = skipped.end()
        match = scan(data, at, end)
        if match is None:
            break
        kind = match.lastgroup
        text = match.group()
        if kind == "punct":
            if text == b"{":
                braces.append(False)
            elif text == b"}":
                if braces and braces.pop():
                    match = _TEMPLATE_TAIL.match(data, at, end) or match
                    text, kind = match.group(), "template"
            elif text == b"/" and not _ends_expression(tokens[-1] if tokens else None):
                regex = _REGEX.match(data, at, end)
                if regex is not None:
                    match, text, kind = regex, regex.group(), "regex"
        if kind == "template" and text.endswith(b"${"):
            braces.append(True)
        append(Token(kind, text, at, match.end(), newline))  # type: ignore[arg-type]
        at = match.end()
    return tokens


def _ends_expression(token: Token | None) -> bool:
    if token is None:
        return False
    if token.kind == "word":
        return token.text not in _BEFORE_REGEX_WORDS
    if token.kind == "punct":
        return token.text in _ENDS_EXPRESSION
    return token.kind != "template" or token.text.endswith(b"`")
