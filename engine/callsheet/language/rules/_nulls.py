"""What the rules about values share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.rule import Context
from callsheet.language.rules._callers import is_asking
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.types.holes import Hole
from callsheet.language.types.model import Null
from callsheet.language.types.nulls import NullUse


def tree_of(context: Context) -> LightTree:
    return light_tree(context.parsed)


def why_null(null: Null) -> tuple[Related, ...]:
    """Where the null comes from."""
    if null.call.type == "null":
        where = "lands in the results" if null.in_slot else "flows on"
        return (Related(null.call.span, f"This null {where}"),)
    callee = null.call.children[0].name
    return (Related(null.call.span, f"This `{callee}()` gives null when its agent fails or is skipped"),)


def distinct(holes: Iterable[Hole]) -> Iterator[Hole]:
    """Each place once, however many prompts it is part of."""
    seen: set[Node] = set()
    for hole in holes:
        if hole.place not in seen:
            seen.add(hole.place)
            yield hole


def shown(node: Node, limit: int = 40) -> str:
    """An expression as a message shows it."""
    text = " ".join(node.text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def optional_link(use: NullUse) -> tuple[Fix, ...]:
    """A fix that makes all unchecked accesses of a name optional, where `undefined` will do around them."""
    edits = [_optional(each) for each in (use, *use.others)]
    if any(edit is None for edit in edits):
        return ()
    return (Fix("Use `?.`", tuple(edit for edit in edits if edit is not None), preferred=True),)


def _optional(use: NullUse) -> Edit | None:
    access = use.access
    if access is None or len(access.children) != 2:
        return None
    chain, outer = access, access.parent
    while outer is not None and outer.type in _LINKS and outer.children[0] is chain:
        chain, outer = outer, outer.parent
    if outer is None or outer.type in _NEED_A_VALUE or outer.type.endswith("assignment_expression"):
        return None
    if outer.type == "variable_declarator" and outer.children[0].type != "identifier":
        return None
    if _would_show(chain, outer):
        return None
    text = "?" if access.type == "member_expression" else "?."
    return Edit(Span(access.children[0].end, access.children[0].end), text)


def _would_show(value: Node, outer: Node) -> bool:
    """Whether an `undefined` in the place of a value becomes a number that is none, or part of a prompt."""
    if outer.type == "unary_expression" and outer.name in {"-", "+", "~"}:
        return True
    if outer.type == "binary_expression" and outer.name in _ARITHMETIC:
        is_text = outer.name == "+" and any(side.type in _TEXTS for side in outer.children)
        if not is_text:
            return True
    for node in value.ancestors():
        if node.type == "call_expression" and is_asking(node):
            return True
        if node.type in FUNCTIONS or node.type.endswith("_statement"):
            return False
    return False


_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "**"})
_TEXTS = frozenset({"string", "template_string"})
_LINKS = frozenset({"member_expression", "subscript_expression", "call_expression"})
_NEED_A_VALUE = frozenset({"for_in_statement", "spread_element", "update_expression", "new_expression"})


def filtered_receiver(use: NullUse) -> tuple[Fix, ...]:
    """A fix that drops the nulls of a fan-out before its results are taken one by one."""
    node: Node | None = use.name or use.place
    while node is not None and node.type not in FUNCTIONS:
        node = node.parent
    parameters = node.child("formal_parameters") if node is not None else None
    arguments = node.parent if node is not None else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    if call is None or call.children[0].type != "member_expression":
        return ()
    callee = call.children[0]
    count = len(parameters.children) if parameters is not None else 1
    if _WITHOUT_INDEX.get(callee.children[-1].name or "") != count:
        return ()
    place = Span(callee.children[0].end, callee.children[0].end)
    return (
        Fix(
            "Drop the nulls first with `.filter(Boolean)`", (Edit(place, ".filter(Boolean)"),), preferred=True
        ),
    )


_WITHOUT_INDEX = {"map": 1, "flatMap": 1, "forEach": 1, "filter": 1, "reduce": 2}
"""Methods that do the same without the nulls, as long as their callback takes no more than so many parameters."""


def let_through(use: NullUse) -> tuple[Fix, ...]:
    """A fix that makes a stage give the null on that it is handed, where the stage is one expression."""
    node: Node | None = use.name or use.place
    while node is not None and node.type not in FUNCTIONS:
        node = node.parent
    if node is None or node.type != "arrow_function" or node.children[-1].type == "statement_block":
        return ()
    first, body = node.children[0], node.children[-1]
    first = first.children[0] if first.type == "formal_parameters" and first.children else first
    if first is not use.name:
        return ()
    is_loose = body.type in _LOOSE or (body.type == "binary_expression" and body.name in {"||", "??"})
    before = Edit(Span(body.start, body.start), f"{first.name} && {'(' if is_loose else ''}")
    edits = (before, Edit(Span(body.end, body.end), ")")) if is_loose else (before,)
    return (Fix("Let the null through", edits, preferred=True),)


_LOOSE = frozenset(
    {"ternary_expression", "assignment_expression", "augmented_assignment_expression", "arrow_function"}
)
