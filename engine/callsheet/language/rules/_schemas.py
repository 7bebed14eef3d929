"""What the schema rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from callsheet.language.problem import Edit, Fix
from callsheet.language.rule import Context
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.types.globals import agent_schemas, each_schema
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import subschemas


class _Placed(Protocol):
    @property
    def node(self) -> Node: ...


_Found = TypeVar("_Found", bound=_Placed)


def root_schemas(context: Context) -> list[Value]:
    """The literal schemas of the script's agents, each once; not those that are half-typed."""
    tree = light_tree(context.parsed)
    found = agent_schemas(tree) if "agent" in tree.globals else []
    return [root for root in found if _is_whole(root.node)] if context.parsed.root.has_error else found


def _is_whole(node: Node) -> bool:
    """Whether nothing in a node is broken; a statement that the next version may take over is whole itself."""
    return node.fragment.key is not None or not any(part.errors for part in node.walk())


def findings(
    context: Context, find: Callable[[Value], Iterable[_Found]], *, whole: bool = False
) -> Iterator[_Found]:
    """What a judge finds in those schemas and every schema in them; a part that several share is told once.

    Args:
        context: the script.
        find: the judge.
        whole: whether it judges whole schemas, and looks into them itself.
    """
    tree = light_tree(context.parsed)

    def judge(root: Value) -> Iterator[_Found]:
        if _is_whole(root.node):
            for schema in (root,) if whole else subschemas(root):
                yield from find(schema)

    seen: set[Node] = set()
    for found in each_schema(tree, f"{find.__module__}.{find.__qualname__}", judge):
        if found.node not in seen:
            seen.add(found.node)
            yield found


def replacement(node: Node, text: str) -> Fix:
    """A fix that puts another text in the place of a node, in the node's own quotes."""
    old = node.text
    if old[:1] in {'"', "`"} and text[:1] == "'":
        text = f"{old[0]}{text[1:-1]}{old[0]}"
    return Fix(f"Change to {text}", (Edit(node.span, text),), preferred=True)
