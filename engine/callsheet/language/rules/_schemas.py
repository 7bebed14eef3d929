"""What the schema rules share."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix
from callsheet.language.rule import Context
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.types.globals import agent_schemas
from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import subschemas


def root_schemas(context: Context) -> list[Value]:
    """The literal schemas of the script's agents, each once."""
    tree = light_tree(context.parsed)
    return agent_schemas(tree) if "agent" in tree.globals else []


def every_schema(context: Context) -> Iterator[Value]:
    """Those schemas and all schemas in them; a part that several share comes once."""
    tree = light_tree(context.parsed)
    known = tree.memo.get("every schema")
    if not isinstance(known, dict):
        known = tree.memo["every schema"] = {
            schema.node: schema for root in root_schemas(context) for schema in subschemas(root)
        }
    yield from known.values()


def replacement(node: Node, text: str) -> Fix:
    """A fix that puts another text in the place of a node, in the node's own quotes."""
    old = node.text
    if old[:1] in {'"', "`"} and text[:1] == "'":
        text = f"{old[0]}{text[1:-1]}{old[0]}"
    return Fix(f"Change to {text}", (Edit(node.span, text),), preferred=True)
