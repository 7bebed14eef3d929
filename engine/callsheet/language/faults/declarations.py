"""What an engine refuses in code that reads well: `await` outside of async functions, names declared twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callsheet.language.faults.fault import Fault
from callsheet.language.faults.places import head_of
from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.scopes import node_at
from callsheet.language.scopes.bind import Scope
from callsheet.language.scopes.functions import is_async
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Fragment
from callsheet.language.scopes.nodes import Node as LightNode
from callsheet.language.scopes.units import Spot, in_each_statement, spot
from callsheet.language.syntax import Parsed

_AWAIT = re.compile(rb"\bawait\b")
_LEXICAL = frozenset({"const", "let", "class", "using"})


def awaits_outside_async(parsed: Parsed) -> Iterator[Fault]:
    """`await` in a function that is not async."""
    tree = light_tree(parsed)
    found = in_each_statement(tree, "awaits outside of async functions", lambda unit: _awaits(tree, unit))
    for keyword, function in found:
        start = function.start
        fix = Fix("Make the function `async`", (Edit(Span(start, start), "async "),), preferred=True)
        fixes = (fix,) if function.type != "method_definition" else ()
        message = "`await` needs an async function around it: write `async` before the function."
        related = (Related(head_of(parsed, function.span), "The function."),)
        yield Fault("syntax", keyword.span, message, fixes, related)


def _awaits(tree: LightTree, statement: Fragment) -> Iterator[tuple[Spot, LightNode]]:
    for match in _AWAIT.finditer(tree.data, statement.base, statement.root.end):
        node = node_at(tree, match.start())
        if node.type != "await_expression" or node.start != match.start():
            continue
        function = next((outer for outer in node.ancestors() if outer.type in FUNCTIONS), None)
        if function is not None and not is_async(function):
            yield spot(tree, Span(match.start(), match.end())), function


def declared_twice(module: Scope) -> Iterator[Fault]:
    """`let`, `const`, `class` or a parameter with a name that the same block declares as well."""
    waiting = [module]
    while waiting:
        scope = waiting.pop()
        waiting.extend(scope.children)
        first: dict[str, tuple[LightNode, str]] = {}
        own = scope.declared + (scope.hoisted if scope.is_function else [])
        if len(own) < 2:
            continue
        for node, kind in sorted(own, key=lambda declared: declared[0].start):
            if kind == "function" and node.parent is scope.node:
                continue  # The own name of a function expression: it may be hidden.
            before = first.setdefault(node.name or "", (node, kind))
            if before[0] is not node and (
                kind == before[1] == "param" or not _LEXICAL.isdisjoint({kind, before[1]})
            ):
                related = (Related(before[0].span, "It is declared here."),)
                yield Fault("syntax", node.span, f"`{node.name}` is declared already.", (), related)
