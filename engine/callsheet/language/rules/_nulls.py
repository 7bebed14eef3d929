"""What the rules about values share."""

from __future__ import annotations

from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.rule import Context
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.types.model import Null
from callsheet.language.types.nulls import NullUse


def tree_of(context: Context) -> LightTree:
    return light_tree(context.parsed)


def why_null(null: Null) -> tuple[Related, ...]:
    """Where the null comes from."""
    callee = null.call.children[0].name
    return (Related(null.call.span, f"This `{callee}()` gives null when its agent fails or is skipped"),)


def shown(node: Node, limit: int = 40) -> str:
    """An expression as a message shows it."""
    text = " ".join(node.text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def optional_link(use: NullUse) -> tuple[Fix, ...]:
    """A fix that makes an access optional."""
    access = use.access
    if access is None or len(access.children) != 2:
        return ()
    parent = access.parent
    if parent is not None and parent.children[0] is access and parent.type.endswith("assignment_expression"):
        return ()
    place = Span(access.children[0].end, access.children[0].end)
    text = "?" if access.type == "member_expression" else "?."
    return (Fix("Use `?.`", (Edit(place, text),), preferred=True),)


def filtered_receiver(use: NullUse) -> tuple[Fix, ...]:
    """A fix that drops the nulls of a fan-out before its results are taken one by one."""
    node: Node | None = use.name.declarations[0] if use.name is not None else use.place
    while node is not None and node.type not in FUNCTIONS:
        node = node.parent
    parameters = node.child("formal_parameters") if node is not None else None
    arguments = node.parent if node is not None else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    if call is None or (parameters is not None and len(parameters.children) != 1):
        return ()
    callee = call.children[0]
    if callee.type != "member_expression" or callee.children[-1].name not in {
        "map",
        "flatMap",
        "forEach",
        "filter",
    }:
        return ()
    place = Span(callee.children[0].end, callee.children[0].end)
    return (
        Fix(
            "Drop the nulls first with `.filter(Boolean)`", (Edit(place, ".filter(Boolean)"),), preferred=True
        ),
    )
