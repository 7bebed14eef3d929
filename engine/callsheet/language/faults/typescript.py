"""TypeScript syntax, named as such where it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.lexer import Token
from callsheet.language.problem import Edit, Fix, Span
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.scopes.nodes import Node as LightNode
from callsheet.language.scopes.units import in_each_statement
from callsheet.language.syntax import Parsed, captures, compile_query

_TYPE_ARGUMENTS = compile_query(
    "(binary_expression left: (binary_expression left: (_) @callee operator: _ @less right: (_) @type)"
    ' operator: ">" @greater right: (parenthesized_expression) @arguments)'
)
_GOES_ON = frozenset({b"|", b"&", b"{", b"=", b"extends", b"?", b":"})
_DECLARATIONS = frozenset({b"interface", b"type", b"enum", b"namespace", b"module", b"declare", b"abstract"})
_WITH_BODY = frozenset({b"interface", b"type", b"enum", b"namespace", b"module", b"declare"})
_MODIFIERS = frozenset(
    {b"private", b"public", b"protected", b"readonly", b"override", b"abstract", b"declare"}
)
_BEFORE_MODIFIERS = frozenset({b"{", b"(", b";", b",", b"}"})
_CASTS = frozenset({b"as", b"satisfies"})
_TOKENS_AROUND = 12
_TYPE_WORDS = frozenset(
    {b"keyof", b"typeof", b"readonly", b"infer", b"unique", b"asserts", b"is", b"extends"}
)
_TYPE_PUNCTUATION = frozenset({b".", b"<", b">", b"[", b"]", b"|", b"&"})
_REASON = "TypeScript syntax; a workflow script is plain JavaScript."


def type_syntax(parsed: Parsed, tokens: list[Token], errors: list[Node]) -> list[Fault]:
    """The places among the errors that TypeScript explains."""
    starts = [token.start for token in tokens]
    faults: list[Fault] = []
    done = -1
    for node in errors:
        low = max(bisect_left(starts, node.start_byte) - _TOKENS_AROUND, 0)
        high = min(bisect_left(starts, max(node.end_byte, node.start_byte + 1)) + _TOKENS_AROUND, len(tokens))
        if low <= done:
            low = done + 1
        line = parsed.source.line_of(node.start_byte)
        last_line = parsed.source.line_of(max(node.start_byte, node.end_byte - 1))
        for at in range(low, high):
            if not line <= parsed.source.line_of(tokens[at].start) <= last_line:
                continue
            fault = _recognise(tokens, at)
            if fault is not None:
                faults.append(fault)
                done = bisect_left(starts, fault.span.end)
                if tokens[at].text in _WITH_BODY:
                    done = _body_end(tokens, at)
                break
    return faults


def _body_end(tokens: list[Token], at: int) -> int:
    """Index of the token that ends a declaration: what stands in it follows from the word before it."""
    depth = 0
    for index in range(at + 1, len(tokens)):
        text = tokens[index].text
        if depth == 0 and tokens[index].after_newline and text not in _GOES_ON:
            return index - 1
        depth += {b"{": 1, b"(": 1, b"[": 1, b"}": -1, b")": -1, b"]": -1}.get(text, 0)
        if depth == 0 and text in {b"}", b";"}:
            return index
    return len(tokens) - 1


def decorators(parsed: Parsed) -> Iterator[Fault]:
    """`@name` before a class or a member: the parser knows it, the engine does not."""
    if b"@" not in parsed.source.data:
        return
    for node in in_each_statement(light_tree(parsed), "decorators", _decorators):
        yield _fault(node.start, node.end, f"A decorator is {_REASON}")


def _decorators(statement: Fragment) -> Iterator[LightNode]:
    return (node for node in statement.root.walk() if node.type == "decorator")


def type_arguments(parsed: Parsed) -> Iterator[Fault]:
    """`call<Type>(…)`, which reads as two comparisons."""
    if b">(" not in parsed.source.data:
        return
    found = captures(_TYPE_ARGUMENTS, parsed.root)
    for less, greater, kind in zip(
        found.get("less", ()), found.get("greater", ()), found.get("type", ()), strict=False
    ):
        tight = less.end_byte == kind.start_byte and kind.end_byte == greater.start_byte
        before = parsed.source.data[less.start_byte - 1 : less.start_byte]
        if less.type == "<" and tight and not before.isspace():
            span = Span(less.start_byte, greater.end_byte)
            fix = Fix("Remove the type arguments", (Edit(span, ""),), preferred=True)
            yield Fault("typescript", span, f"Type arguments are {_REASON}", (fix,))


def _recognise(tokens: list[Token], at: int) -> Fault | None:
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.kind == "word":
        return _word(tokens, at, before, after) if after is not None else None
    if token.text == b":" and before is not None and after is not None:
        return _annotation(tokens, at)
    if token.text == b"!" and _ends_expression(before) and before is not None and before.end == token.start:
        span = Span(token.start, token.end)
        fix = Fix("Remove the `!`", (Edit(span, ""),), preferred=True)
        return Fault("typescript", span, f"The non-null mark `!` is {_REASON}", (fix,))
    if token.text == b"<" and before is not None and after is not None and after.kind == "word":
        return _generic(tokens, at)
    return None


def _word(tokens: list[Token], at: int, before: Token | None, after: Token) -> Fault | None:
    token = tokens[at]
    named = after.kind == "word" and not after.after_newline
    declares = token.text in _DECLARATIONS and (
        _starts_statement(token, before)
        or (token.text == b"enum" and before is not None and before.text == b"const")
    )
    modifies = token.text in _MODIFIERS and before is not None and before.text in _BEFORE_MODIFIERS
    if named and (declares or modifies or token.text == b"implements"):
        return _fault(token.start, token.end, f"`{token.text.decode()}` is {_REASON}")
    if token.text in _CASTS and _ends_expression(before) and not token.after_newline:
        typed = after.kind in {"word", "string"} or after.text in {b"{", b"["}
        return _cast(tokens, at) if typed else None
    if (
        token.text == b"import"
        and after.kind == "word"
        and at + 2 < len(tokens)
        and tokens[at + 2].text == b"="
    ):
        return _fault(token.start, tokens[at + 2].end, f"`import … =` is {_REASON}")
    if token.text == b"type" and before is not None and before.text == b"import":
        return _fault(token.start, token.end, f"`import type` is {_REASON}")
    return None


def _annotation(tokens: list[Token], at: int) -> Fault | None:
    before, after = tokens[at - 1], tokens[at + 1]
    if after.after_newline:
        return None
    start = at
    if before.text == b"?":
        start, before = at - 1, tokens[at - 2] if at > 1 else before
    if after.kind != "word" and after.text not in {b"{", b"[", b"(", b"'"} and after.kind != "string":
        return None
    declares = _declares(tokens, start - 1) or _is_field(tokens, start - 1)
    if not (declares or before.text == b")" or _in_parameters(tokens, start - 1) or start != at):
        return None
    end = _type_end(tokens, at + 1)
    span = Span(tokens[start].start, tokens[end].end)
    fix = Fix("Remove the type", (Edit(span, ""),), preferred=True)
    simple = after.kind == "word"
    return Fault("typescript", span, f"A type annotation is {_REASON}", (fix,) if simple else ())


def _declares(tokens: list[Token], at: int) -> bool:
    """Whether the name or pattern that ends at an index follows `const`, `let` or `var`."""
    if tokens[at].text in {b"}", b"]"}:
        at = _opening(tokens, at)
    elif tokens[at].kind != "word":
        return False
    return at >= 1 and tokens[at - 1].text in {b"const", b"let", b"var"}


def _is_field(tokens: list[Token], at: int) -> bool:
    """Whether the word at an index begins a member of a class."""
    begins = tokens[at].after_newline or tokens[at - 1].text in {b"{", b";", b"}", b"static"}
    if tokens[at].kind != "word" or at == 0 or not begins:
        return False
    opening = _opening(tokens, at)
    for index in range(opening - 1, max(opening - 12, -1), -1):
        token = tokens[index]
        if token.text == b"class":
            return True
        if token.kind != "word" and token.text not in {b".", b",", b"<", b">"}:
            return False
    return False


def _opening(tokens: list[Token], at: int) -> int:
    """Index of the bracket that encloses the token at an index, or that matches it where it closes one; else 0."""
    depth = 0
    for index in range(at - 1, -1, -1):
        text = tokens[index].text
        if text in {b")", b"]", b"}"}:
            depth += 1
        elif text in {b"(", b"[", b"{"}:
            if depth == 0:
                return index
            depth -= 1
    return 0


def _in_parameters(tokens: list[Token], at: int) -> bool:
    """Whether the word at an index stands where a parameter does: behind `(` or `,` in a list before `=>` or `{`."""
    if tokens[at].kind != "word" and tokens[at].text not in {b"}", b"]"}:
        return False
    depth = 0 if tokens[at].kind == "word" else 1
    for index in range(at - 1, max(at - 60, -1), -1):
        text = tokens[index].text
        if text in {b")", b"]", b"}"}:
            depth += 1
        elif text in {b"(", b"[", b"{"}:
            if depth == 0:
                return text == b"(" and _closes_before_body(tokens, index)
            depth -= 1
    return False


def _closes_before_body(tokens: list[Token], opening: int) -> bool:
    depth = 0
    for index in range(opening, min(opening + 200, len(tokens))):
        text = tokens[index].text
        if text in {b"(", b"[", b"{"}:
            depth += 1
        elif text in {b")", b"]", b"}"}:
            depth -= 1
            if depth == 0:
                after = tokens[index + 1].text if index + 1 < len(tokens) else b""
                return after in {b"=>", b"{", b":"}
    return False


def _type_end(tokens: list[Token], at: int) -> int:
    depth = 0
    while at + 1 < len(tokens):
        token, after = tokens[at], tokens[at + 1]
        if token.text in {b"<", b"[", b"(", b"{"}:
            depth += 1
        elif token.text in {b">", b"]", b")", b"}"}:
            depth -= 1
        elif token.text == b">>":
            depth -= 2
        goes_on = depth > 0 or after.text in _TYPE_PUNCTUATION or token.text in {b".", b"|", b"&"}
        goes_on = goes_on or token.text in _TYPE_WORDS or after.text in {b"is", b"extends"}
        if not goes_on or (after.after_newline and depth <= 0):
            return at
        at += 1
    return at


def _cast(tokens: list[Token], at: int) -> Fault:
    end = _type_end(tokens, at + 1)
    span = Span(tokens[at - 1].end, tokens[end].end)
    word = tokens[at].text.decode()
    fix = Fix(f"Remove `{word} …`", (Edit(span, ""),), preferred=True)
    return Fault("typescript", Span(tokens[at].start, span.end), f"`{word}` is {_REASON}", (fix,))


def _generic(tokens: list[Token], at: int) -> Fault | None:
    before = tokens[at - 1]
    depth = 0
    for index in range(at, min(at + 40, len(tokens))):
        text = tokens[index].text
        depth += {b"<": 1, b">": -1, b">>": -2}.get(text, 0)
        if depth <= 0:
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            calls = before.kind == "word" and before.end == tokens[at].start and after is not None
            extends = at >= 2 and tokens[at - 2].text in {b"extends", b"implements"}
            if calls and after is not None and (after.text == b"(" or (extends and after.text == b"{")):
                return _fault(tokens[at].start, tokens[index].end, f"A type parameter is {_REASON}")
            if (
                not _ends_expression(before)
                and after is not None
                and after.kind in {"word", "string", "template"}
            ):
                return _fault(tokens[at].start, tokens[index].end, f"A type assertion is {_REASON}")
            return None
        if text in {b"(", b")", b";", b"="}:
            return None
    return None


def _starts_statement(token: Token, before: Token | None) -> bool:
    return (
        before is None
        or token.after_newline
        or before.text in {b";", b"}", b"{", b"export", b"declare", b"default"}
    )


def _ends_expression(token: Token | None) -> bool:
    if token is None:
        return False
    if token.kind == "punct":
        return token.text in {b")", b"]", b"}"}
    if token.kind == "word":
        return token.text not in {b"return", b"await", b"typeof", b"case", b"yield"}
    return token.kind != "template" or token.text.endswith(b"`")


def _fault(start: int, end: int, message: str) -> Fault:
    return Fault("typescript", Span(start, end), message)
