"""Which calls ask an agent: those of the language's own functions, and of functions of the script that call them."""

from __future__ import annotations

from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.functions import name_of_function
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import origins
from callsheet.language.tables.globals import AWAITED

ASKING = AWAITED - {"checkpoint"}


def calls_that_ask(tree: LightTree) -> list[Node]:
    """The calls that ask an agent, directly or through named functions of the script, in source order."""
    known = tree.memo.get("calls that ask")
    if isinstance(known, list):
        return known
    found: list[Node] = []
    names: set[Binding] = set()
    waiting = [use for name in ASKING for use in tree.globals.get(name, ())]
    while waiting:
        use = waiting.pop()
        call = use.parent
        if call is None or call.type != "call_expression" or call.children[0] is not use:
            continue
        found.append(call)
        for around in call.ancestors():
            name = name_of_function(around) if around.type in FUNCTIONS else None
            if name is not None and name not in names:
                names.add(name)
                waiting.extend(name.references)
    found.sort(key=lambda node: node.start)
    tree.memo["calls that ask"] = found
    tree.memo["names that ask"] = names
    return found


def is_asking(call: Node) -> bool:
    """Whether a call asks an agent."""
    tree = call.fragment.tree
    calls_that_ask(tree)
    names = tree.memo["names that ask"]
    callee = call.children[0]
    if callee.type == "identifier" and callee.binding is None:
        return callee.name in ASKING
    assert isinstance(names, set)
    if callee.type == "identifier":
        return callee.binding in names
    functions = [found for found in origins(callee) if found.type in FUNCTIONS]
    return any(_asks_itself(function) for function in functions)


def _asks_itself(function: Node) -> bool:
    """Whether a method calls one of the language's own functions."""
    return any(
        part.type == "call_expression"
        and part.children[0].type == "identifier"
        and part.children[0].binding is None
        and part.children[0].name in ASKING
        for part in function.walk()
    )
