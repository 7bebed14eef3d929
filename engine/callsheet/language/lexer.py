"""A tolerant tokenizer, used where the tree has errors: it finds the cause that the tree cannot tell."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

TokenKind = Literal["word", "number", "string", "template", "regex", "punct"]

_SPACE = re.compile(rb"(?:[ \t\r\n\f\v]|\xc2\xa0|\xef\xbb\xbf|\xe2\x80[\xa8\xa9])+")
_COMMENT = re.compile(rb"//[^\r\n]*|/\*.*?(?:\*/|\Z)|#![^\r\n]*", re.DOTALL)
_WORD = re.compile(rb"(?:[A-Za-z_$#]|[\x80-\xff]|\\u)(?:[\w$]|[\x80-\xff]|\\u)*")
_NUMBER = re.compile(rb"(?:\d|\.\d)[\w.]*")
_STRING = re.compile(rb"'(?:[^'\\\r\n]|\\(?:\r\n|.))*('?)|\"(?:[^\"\\\r\n]|\\(?:\r\n|.))*(\"?)", re.DOTALL)
_REGEX = re.compile(rb"/(?![*/])(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+/\w*")
_TEMPLATE = re.compile(rb"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_PUNCT = re.compile(
    rb">>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|/=|%="
    rb"|&=|\|=|\^=|<<|>>|\*\*|."
)
_BEFORE_REGEX_WORDS = frozenset(
    b"return typeof case in of delete void throw new else do await yield instanceof export default".split()
)
_ENDS_EXPRESSION = frozenset({b")", b"]", b"}", b"++", b"--"})


@frozen
class Token:
    """A token.

    Attributes:
        kind: a template's literal parts are tokens of their own: the first begins with a backtick, the last ends
            with one, and the code between them gives tokens as any other.
        text: its bytes.
        start: byte offset.
        closed: whether a string or template has its end.
        after_newline: whether a line ends between the token before and this one.
    """

    kind: TokenKind
    text: bytes
    start: int
    closed: bool = True
    after_newline: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokenize(data: bytes, start: int, end: int) -> list[Token]:
    """Tokens of a script, without comments; never fails."""
    tokens: list[Token] = []
    data = data[:end]
    braces: list[bool] = []
    at, newline = start, False
    while at < end:
        if match := _SPACE.match(data, at) or _COMMENT.match(data, at):
            newline = newline or b"\n" in match.group() or b"\r" in match.group()
            at = match.end()
            continue
        byte = data[at : at + 1]
        in_template = byte == b"}" and bool(braces) and braces[-1]
        if byte == b"`" or in_template:
            token, opens = _template_part(data, at, newline)
            if in_template:
                braces.pop()
            if opens:
                braces.append(True)
        else:
            token = _token(data, at, newline, tokens[-1] if tokens else None)
            if token.text == b"{":
                braces.append(False)
            elif token.text == b"}" and braces:
                braces.pop()
        tokens.append(token)
        at, newline = token.end, False
    return tokens


def _template_part(data: bytes, at: int, newline: bool) -> tuple[Token, bool]:
    match = _TEMPLATE.match(data, at + 1)
    end = match.end() if match is not None else at + 1
    if data.startswith(b"`", end):
        return Token("template", data[at : end + 1], at, True, newline), False
    if data.startswith(b"${", end):
        return Token("template", data[at : end + 2], at, True, newline), True
    return Token("template", data[at:], at, False, newline), False


def _token(data: bytes, at: int, newline: bool, previous: Token | None) -> Token:
    if match := _WORD.match(data, at):
        return Token("word", match.group(), at, True, newline)
    if match := _NUMBER.match(data, at):
        return Token("number", match.group(), at, True, newline)
    if match := _STRING.match(data, at):
        return Token("string", match.group(), at, bool(match[1] or match[2]), newline)
    if data.startswith(b"/", at) and not _ends_expression(previous) and (match := _REGEX.match(data, at)):
        return Token("regex", match.group(), at, True, newline)
    match = _PUNCT.match(data, at)
    return Token("punct", match.group() if match else data[at : at + 1], at, True, newline)


def _ends_expression(token: Token | None) -> bool:
    if token is None:
        return False
    if token.kind == "word":
        return token.text not in _BEFORE_REGEX_WORDS
    if token.kind == "punct":
        return token.text in _ENDS_EXPRESSION
    return token.kind != "template" or token.text.endswith(b"`")
