"""Uses of global names on the light tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callsheet.language.scopes.nodes import Node


def missing_uses(unresolved: Mapping[str, Sequence[Node]], uses: Sequence[Node]) -> list[Node]:
    """Uses of a name that would throw: none where the script asks first, or may have made the global itself."""
    if any(is_guarded(use) for use in uses) or _makes_globals(unresolved):
        return []
    return [use for use in uses if not _is_broken(use)]


def is_guarded(use: Node) -> bool:
    """Whether a use only asks for the type."""
    parent = use.parent
    while parent is not None and parent.type in {"member_expression", "parenthesized_expression"}:
        parent = parent.parent
    return parent is not None and parent.type == "unary_expression" and parent.name == "typeof"


def member_of(use: Node) -> Iterator[Node]:
    """What is read of an object at one use: by a dot, or by a pattern."""
    parent = use.parent
    if parent is None or _is_broken(use):
        return
    if parent.type == "member_expression" and parent.children[0] is use:
        if parent.name != "?.":
            yield parent.children[-1]
    elif parent.type == "variable_declarator" and parent.children[-1] is use:
        pattern = parent.children[0]
        for child in pattern.children if pattern.type == "object_pattern" else ():
            key = child.children[0] if child.children else child
            if key.name is not None:
                yield key


def _makes_globals(unresolved: Mapping[str, Sequence[Node]]) -> bool:
    """Whether something is assigned to the global object."""
    for use in unresolved.get("globalThis", ()):
        access = use.parent
        if access is None or access.type not in {"member_expression", "subscript_expression"}:
            return True
        outer = access.parent
        if outer is not None and outer.type.endswith("assignment_expression") and outer.children[0] is access:
            return True
    return False


def _is_broken(node: Node) -> bool:
    return any(ancestor.type == "ERROR" for ancestor in node.ancestors())
