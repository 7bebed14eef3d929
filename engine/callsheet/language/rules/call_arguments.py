"""# An argument is missing, empty or of the wrong type

Every function of the language says what it takes. A call of `agent` with an empty prompt, or with one that is no
string, throws `INVALID_CALL`; so does one whose options are no object.

```js
await agent('', { label: 'nothing to do' })
await agent({ prompt: 'Review the change.' })
await agent('Review the change.', 'haiku')
await retry(agent('Try.'))
```

```js
await agent('Review the change.', { model: 'haiku' })
await retry(() => agent('Try.'))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.literals import string_value
from callsheet.language.model import CallSite
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._expressions import constant, is_promise_of_ours
from callsheet.language.rules._fields import kind_of
from callsheet.language.tables.entry import Kind, Parameter
from callsheet.language.tables.globals import GLOBALS_BY_NAME

_CHECKED = tuple(
    entry.name
    for entry in GLOBALS_BY_NAME.values()
    if entry.kind == "function" and entry.name not in {"parallel", "pipeline", "log"}
)
_NOT_BLANK = frozenset(
    {("agent", "prompt"), ("phase", "title"), ("workflow", "name"), ("checkpoint", "question")}
)
_NOUNS: dict[Kind, str] = {
    "string": "a string",
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
    "array": "an array",
    "object": "an object",
    "function": "a function",
    "regex": "a regular expression",
}


def check(context: Context) -> Iterator[Problem]:
    """Arguments of the language's functions, against their table."""
    for site in context.calls:
        tag = site.node.child_by_field_name("arguments")
        if tag is not None and tag.type == "template_string":
            text = f"{site.kind}({context.text(tag)})"
            edit = Edit(Span(site.node.start_byte, site.node.end_byte), text)
            fix = Fix("Put it in parentheses", (edit,), preferred=True)
            yield context.problem(site.callee, f"`{site.kind}` is called with parentheses.", fixes=(fix,))
            continue
        for index, parameter in enumerate(GLOBALS_BY_NAME[site.kind].parameters):
            yield from _argument(context, site, index, parameter)


def _argument(context: Context, site: CallSite, index: int, parameter: Parameter) -> Iterator[Problem]:
    node = site.argument(index)
    if node is None:
        spread = any(argument.type == "spread_element" for argument in site.arguments)
        if not parameter.optional and not parameter.rest and len(site.arguments) <= index and not spread:
            what = f"its {_ordinal(index)} argument, `{parameter.name}`: {_lower(parameter.docs)}"
            yield context.problem(site.callee, f"`{site.kind}` needs {what}")
        return
    value = constant(context.workflow, node)
    if "function" in parameter.kinds and is_promise_of_ours(context.workflow, value):
        fixes: tuple[Fix, ...] = ()
        if value == node:
            edit = Edit(Span(node.start_byte, node.start_byte), "() => ")
            fixes = (Fix("Wrap it in a function", (edit,), preferred=True),)
        message = f"`{parameter.name}` must be a function that makes the call, not the call itself."
        yield context.problem(node, message, fixes=fixes)
        return
    if value.type == "undefined" and parameter.kinds and not parameter.optional:
        wanted = " or ".join(_NOUNS[kind] for kind in parameter.kinds)
        yield context.problem(node, f"`{parameter.name}` of `{site.kind}` must be {wanted}, not undefined.")
        return
    kind = kind_of(value)
    if parameter.kinds and kind is not None and kind not in parameter.kinds:
        wanted = " or ".join(_NOUNS[kind] for kind in parameter.kinds)
        yield context.problem(
            node, f"`{parameter.name}` of `{site.kind}` must be {wanted}, not {_NOUNS[kind]}."
        )
    elif (site.kind, parameter.name) in _NOT_BLANK and _is_blank(value):
        yield context.problem(node, f"`{parameter.name}` of `{site.kind}` must not be empty.")


def _is_blank(node: Node) -> bool:
    text = string_value(node)
    return text is not None and not text.strip()


def _ordinal(index: int) -> str:
    return ("first", "second", "third")[min(index, 2)]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


RULE = Rule(
    code="call-arguments",
    severity=Severity.ERROR,
    summary="An argument is missing, empty or of the wrong type",
    group="Calls",
    check=check,
    calls=_CHECKED,
)
