"""Determinism (language, D1 to D7): uses of the clock, of randomness and the like, whatever the route to them."""

from __future__ import annotations

from attrs import frozen

from callsheet.language.determinism.flow import Tracer, Use
from callsheet.language.determinism.values import EVALUATES, ROOTS
from callsheet.language.problem import Related, Span
from callsheet.language.scopes.functions import calls_of_function
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import key_names
from callsheet.language.syntax import Parsed
from callsheet.language.tables.forbidden import Forbidden

_MOST_RELATED = 8


@frozen
class Finding:
    """A use of something that a replay would see differently.

    Attributes:
        entry: what is forbidden, why, and what to do instead.
        span: the call, or the reference that is handed on.
        text: what stands there.
        related: the way from the source to here, then the calls of the functions that it happens in.
    """

    entry: Forbidden
    span: Span
    text: str
    related: tuple[Related, ...]


def findings(parsed: Parsed) -> tuple[Finding, ...]:
    """Every use of something forbidden in a script, in source order."""
    tree = light_tree(parsed)
    if tree.globals.keys().isdisjoint(ROOTS | EVALUATES.keys()):
        return ()
    found = tree.memo.get("determinism")
    if not isinstance(found, tuple):
        found = tuple(_finding(use) for use in Tracer(tree).run())
        tree.memo["determinism"] = found
    return found


def _finding(use: Use) -> Finding:
    related = [Related(note.node.span, note.message) for note in use.trail if note.node is not use.node]
    if use.call is not use.node:
        related.append(Related(use.call.span, "It is used here"))
    related.extend(_callers(use.node))
    return Finding(use.entry, use.node.span, use.node.text, tuple(related[:_MOST_RELATED]))


def _callers(node: Node) -> list[Related]:
    """Calls of the local functions around a use, from the inside out."""
    found: list[Related] = []
    seen: set[Node] = set()
    waiting = [node]
    while waiting and len(found) < _MOST_RELATED:
        function = next((outer for outer in waiting.pop(0).ancestors() if outer.type in FUNCTIONS), None)
        if function is None or function in seen:
            continue
        seen.add(function)
        for call in sorted(
            calls_of_function(function) or _method_calls(function), key=lambda call: call.start
        ):
            found.append(Related(call.span, f"`{call.children[0].text}` is called here"))
            waiting.append(call)
    return found


def _method_calls(function: Node) -> list[Node]:
    """Calls of a function that is a property of an object literal with a name."""
    keys: list[str] = []
    node = function
    while node.parent is not None and node.type != "variable_declarator":
        if node.type in {"pair", "method_definition"}:
            names = key_names(node.children[0])
            if names is None or len(names) != 1:
                return []
            keys.extend(names)
        elif node.type != "object" and node is not function:
            return []
        node = node.parent
    if node.type != "variable_declarator" or node.children[0].binding is None or not keys:
        return []
    found = []
    for use in node.children[0].binding.references:
        member = use
        for key in reversed(keys):
            outer = member.parent
            if outer is None or outer.type != "member_expression" or outer.children[-1].name != key:
                break
            member = outer
        else:
            call = member.parent
            if call is not None and call.type == "call_expression" and call.children[0] is member:
                found.append(call)
    return found


__all__ = ["Finding", "LightTree", "findings"]
