"""What stands left of the cursor, read from tokens.

A syntax tree of half-typed code can be one heap of errors, and it is half-typed code in which help is wanted. So the
text between the last finished statement and the cursor is read token by token, and what is still open is kept.
"""

from __future__ import annotations

import re

from attrs import Factory, define, frozen
from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed

_TOKEN = re.compile(
    rb"""
    (?P<space>\s+)
    |(?P<comment>//[^\r\n]*|/\*(?:.*?\*/|.*))
    |(?P<name>[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)
    |(?P<number>\d[\w.]*)
    |(?P<string>'(?:[^'\\\r\n]|\\.)*'?|"(?:[^"\\\r\n]|\\.)*"?)
    |(?P<mark>\?\.(?!\d)|=>|\.\.\.|&&|\|\||\?\?|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE_TEXT = re.compile(rb"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_REGEX = re.compile(rb"/(?![*/])(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+/\w*")
_CALLEE = re.compile(rb"[\w$\x80-\xff.?]+$")

_CLOSERS = {b")": b"(", b"]": b"[", b"}": b"{"}
_VALUE_ENDS = (b")", b"]", b"}")
_BEFORE_BLOCK = frozenset({b")", b"=>", b";", b"{", b"}", b"", b"else", b"do", b"try", b"finally"})
_KEYWORDS_BEFORE_OBJECT = frozenset(
    {
        b"const",
        b"let",
        b"var",
        b"return",
        b"typeof",
        b"case",
        b"in",
        b"of",
        b"await",
        b"new",
        b"throw",
        b"void",
        b"delete",
        b"yield",
    }
)


@define
class Frame:
    """A bracket that is open at the cursor.

    Attributes:
        opener: `(`, `[`, `{`, or `${` in a template.
        start: byte offset behind it.
        callee: dotted name before a `(`.
        assigned: name that the object or array is given to: `meta` for `const meta = {`.
        is_object: whether a `{` begins an object literal, not a block.
        argument: number of commas so far.
        key: the property whose value is being written.
        keys: names of the properties so far.
    """

    opener: bytes
    start: int
    callee: str | None = None
    assigned: str | None = None
    is_object: bool = False
    argument: int = 0
    key: str | None = None
    keys: list[str] = Factory(list)


@frozen
class Cursor:
    """Where the cursor is.

    Attributes:
        offset: byte offset of the cursor.
        word: bytes of the identifier that the cursor is in or behind.
        text: the part of `word` left of the cursor.
        string: content, so far, of the string literal around the cursor, or of a template that is only text;
            None outside of one.
        string_span: the bytes that a completion in the string replaces.
        in_comment: whether the cursor is in a comment.
        in_template: whether it is in the text of a template literal, behind a `${…}`.
        before: the token before the word.
        before_start: byte offset of that token.
        frames: brackets open at the cursor, the innermost last.
    """

    offset: int
    word: Span
    text: str
    string: str | None
    string_span: Span
    in_comment: bool
    in_template: bool
    before: str
    before_start: int
    frames: tuple[Frame, ...]

    @property
    def frame(self) -> Frame | None:
        return self.frames[-1] if self.frames else None

    @property
    def after_dot(self) -> bool:
        """Whether the property of something is being written."""
        return self.before in {".", "?."}

    @property
    def at_key(self) -> bool:
        """Whether a property's name is being written in an object literal."""
        frame = self.frame
        return frame is not None and frame.is_object and frame.key is None and self.before in {"{", ","}

    def call(self) -> tuple[Frame, int] | None:
        """The innermost call whose arguments the cursor is in, and its place among the frames."""
        for index in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[index]
            if frame.opener == b"(" and frame.callee is not None:
                return frame, index
            if frame.opener == b"{" and not frame.is_object:
                return None
        return None


def read_cursor(parsed: Parsed, offset: int) -> Cursor:
    """Read the text left of a byte offset of a script."""
    return _Reader(parsed.source.data, _sync(parsed, offset), offset, parsed.script.end).read()


def _sync(parsed: Parsed, offset: int) -> int:
    """A place before `offset`, near it, where no bracket, string or comment is open."""
    best = parsed.script.start
    for child in parsed.root.children:
        if child.start_byte >= offset:
            break
        if child.type == "comment":
            continue
        if child.type == "ERROR" or not child.is_named:
            break
        best = child.start_byte
        if child.has_error:
            break
    return best


class _Reader:
    def __init__(self, data: bytes, start: int, offset: int, end: int) -> None:
        self._data = data
        self._at = start
        self._offset = offset
        self._end = end
        self._frames: list[Frame] = []
        self._previous = b""
        self._previous_start = start
        self._before_name = b""
        self._in_comment = False
        self._in_template = False
        self._string: Span | None = None

    def read(self) -> Cursor:
        while self._at < self._offset:
            if self._in_template:
                self._read_template()
            else:
                self._read_token()
        return self._result()

    def _read_token(self) -> None:
        data, at = self._data, self._at
        if data[at] == 0x2F and self._expects_value() and (regex := _REGEX.match(data, at, self._offset)):
            self._take(b")", at, regex.end())
            return
        match = _TOKEN.match(data, at, self._offset)
        assert match is not None
        self._at = match.end()
        kind, text = match.lastgroup, match.group()
        if kind == "space":
            return
        if kind == "comment":
            open_line = text.startswith(b"//")
            self._in_comment = self._at == self._offset and (open_line or not text.endswith(b"*/"))
            return
        if kind == "string":
            closed = len(text) > 1 and text.endswith(text[:1]) and _closes(text)
            if not closed and self._at == self._offset:
                self._string = Span(at + 1, self._at)
                return
        if kind == "mark":
            self._mark(text, at)
            return
        self._take(text, at, self._at)

    def _take(self, text: bytes, start: int, end: int) -> None:
        self._before_name = self._previous
        self._previous, self._previous_start, self._at = text, start, end

    def _mark(self, text: bytes, at: int) -> None:
        frame = self._frames[-1] if self._frames else None
        if text in (b"(", b"["):
            callee = self._callee(at) if text == b"(" else None
            self._frames.append(Frame(text, self._at, callee, self._assigned()))
        elif text == b"{":
            is_object = self._previous not in _BEFORE_BLOCK
            if is_object and self._previous[:1].isalpha() and self._previous not in _KEYWORDS_BEFORE_OBJECT:
                is_object = False
            self._frames.append(Frame(text, self._at, None, self._assigned(), is_object))
        elif text in _CLOSERS:
            if text == b"}" and frame is not None and frame.opener == b"${":
                self._frames.pop()
                self._in_template = True
                return
            self._close(_CLOSERS[text])
        elif text == b"`":
            self._frames.append(Frame(b"`", self._at))
            self._in_template = True
            return
        elif frame is not None and text == b",":
            frame.argument += 1
            frame.key = None
        elif frame is not None and text == b":" and frame.is_object and frame.key is None:
            frame.key = _unquoted(self._previous)
            frame.keys.append(frame.key)
        self._take(text, at, self._at)

    def _close(self, opener: bytes) -> None:
        # A bracket that closes an outer one: what is open inside was never finished.
        for index in range(len(self._frames) - 1, -1, -1):
            if self._frames[index].opener == opener:
                del self._frames[index:]
                return
            if self._frames[index].opener == b"${":
                return

    def _read_template(self) -> None:
        match = _TEMPLATE_TEXT.match(self._data, self._at, self._offset)
        assert match is not None
        self._at = match.end()
        if self._at >= self._offset:
            return
        if self._data[self._at] == 0x60:
            self._at += 1
            self._in_template = False
            if self._frames and self._frames[-1].opener == b"`":
                self._frames.pop()
            self._previous, self._previous_start = b")", self._at - 1
        elif self._data.startswith(b"${", self._at):
            self._at += 2
            self._in_template = False
            self._frames.append(Frame(b"${", self._at))
            self._previous, self._previous_start = b"(", self._at - 2
        else:
            self._at += 1

    def _expects_value(self) -> bool:
        previous = self._previous
        if previous in _VALUE_ENDS:
            return False
        word = previous[:1].isalnum() or previous[:1] in (b"_", b"$", b"'", b'"')
        return not word or previous in _KEYWORDS_BEFORE_OBJECT

    def _callee(self, at: int) -> str | None:
        if not (
            self._previous[:1].isalpha() or self._previous[:1] in (b"_", b"$") or self._previous == b"?."
        ):
            return None
        line = self._data[max(0, at - 200) : at].rstrip()
        match = _CALLEE.search(line)
        name = match.group().decode("utf-8", "replace").replace("?.", ".").strip(".") if match else None
        return None if name in {"if", "for", "while", "switch", "catch", "function"} else name

    def _assigned(self) -> str | None:
        if self._previous != b"=":
            return None
        return self._before_name.decode("utf-8", "replace")

    def _result(self) -> Cursor:
        offset, data = self._offset, self._data
        start = offset
        word, before, before_start = b"", self._previous, self._previous_start
        is_name = before[:1].isalpha() or before[:1] in (b"_", b"$") or before[:1] >= b"\x80"
        if self._string is None and is_name and self._previous_start + len(before) == offset:
            start, word = self._previous_start, before
            before, before_start = self._before_name, _start_before(data, start, self._before_name)
        end = offset
        while end < self._end and (data[end : end + 1].isalnum() or data[end] in b"_$" or data[end] >= 0x80):
            end += 1
        string = self._string
        if self._in_template and b"${" not in data[self._frames[-1].start : offset]:
            string = Span(self._frames[-1].start, offset)
        in_template = self._in_template and string is None
        frames = tuple(frame for frame in self._frames if frame.opener != b"`" or in_template)
        return Cursor(
            offset,
            Span(start, end),
            word.decode("utf-8", "replace"),
            None if string is None else data[string.start : offset].decode("utf-8", "replace"),
            Span(offset, offset) if string is None else Span(string.start, self._string_end(string.start)),
            self._in_comment,
            in_template,
            before.decode("utf-8", "replace"),
            before_start,
            frames,
        )

    def _string_end(self, start: int) -> int:
        """Where the content of the string around the cursor ends: at its quote, if that is surely its own."""
        quote = re.escape(self._data[start - 1 : start])
        rest = re.compile(rb"[\w .:/@+-]*(?=" + quote + rb")").match(self._data, self._offset, self._end)
        return rest.end() if rest else self._offset


def _closes(text: bytes) -> bool:
    """Whether the last quote of a string token is not escaped."""
    body = text[1:-1]
    return (len(body) - len(body.rstrip(b"\\"))) % 2 == 0


def _unquoted(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip("'\"")


def _start_before(data: bytes, end: int, token: bytes) -> int:
    at = data.rfind(token, 0, end) if token else -1
    return max(at, 0)
