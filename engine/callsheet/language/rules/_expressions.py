"""What an expression is, as far as the script alone tells."""

from __future__ import annotations

from tree_sitter import Node

from callsheet.language.model import FUNCTION_TYPES, Workflow, arguments_of
from callsheet.language.problem import Span
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.units import touch_from
from callsheet.language.tables.globals import AWAITED

_PASSED_ON = frozenset({"then", "catch", "finally"})


def unwrap(node: Node) -> Node:
    """The expression without parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is None:
            break
        node = inner
    return node


def constant(workflow: Workflow, node: Node) -> Node:
    """The expression behind a name, where the name is a `const` with one; the expression itself else."""
    node = unwrap(node)
    if node.type not in {"identifier", "shorthand_property_identifier"}:
        return node
    memo = light_tree(workflow.parsed).memo.setdefault("constants", {})
    assert isinstance(memo, dict)
    known: Node | None = memo.get(node.id)
    if known is None:
        known = memo[node.id] = _resolve(workflow, node)
    return known


def _resolve(workflow: Workflow, node: Node) -> Node:
    for _ in range(4):
        declaration = _constant_declaration(workflow, node)
        if declaration is None:
            break
        name = workflow.parsed.root.descendant_for_byte_range(declaration.start, declaration.end)
        declarator = name.parent if name is not None else None
        if declarator is None or declarator.type != "variable_declarator":
            break
        value = declarator.child_by_field_name("value")
        if value is None or declarator.child_by_field_name("name") != name:
            break
        node = unwrap(value)
        if node.type != "identifier":
            break
    return node


def _constant_declaration(workflow: Workflow, node: Node) -> Span | None:
    """Where the one `const` stands that a name means."""
    tree = light_tree(workflow.parsed)
    single = _single_bindings(tree).get(node.text.decode("utf-8", "replace") if node.text is not None else "")
    if single is not None:
        touch_from(tree, single, node.start_byte)
        return single.declarations[0].span if single.kind == "const" else None
    binding = workflow.scopes.binding_of(node)
    if binding is None or binding.kind != "const" or len(binding.declarations) != 1:
        return None
    return binding.span


def _single_bindings(tree: LightTree) -> dict[str, Binding]:
    """Names that are declared once in the whole script and are no globals anywhere, with their declaration."""
    found = tree.memo.get("single bindings")
    if not isinstance(found, dict):
        found = tree.memo["single bindings"] = _find_single_bindings(tree)
    return found


def _find_single_bindings(tree: LightTree) -> dict[str, Binding]:
    found: dict[str, Binding] = {}
    repeated = set(tree.globals)
    stack = [tree.module]
    while stack:
        scope = stack.pop()
        stack.extend(scope.children)
        for name, binding in scope.bindings.items():
            if name in found or len(binding.declarations) != 1:
                repeated.add(name)
            found[name] = binding
    for name in repeated:
        found.pop(name, None)
    return found


def is_function(node: Node) -> bool:
    """Whether an expression is a function written in place."""
    return node.type in FUNCTION_TYPES


def function_of(workflow: Workflow, node: Node) -> Node | None:
    """The function that an expression is, or that its name stands for."""
    node = constant(workflow, node)
    if node.type != "identifier":
        return node if is_function(node) else None
    binding = workflow.scopes.binding_of(node)
    if binding is None or binding.kind != "function" or len(binding.declarations) != 1:
        return None
    name = workflow.parsed.root.descendant_for_byte_range(binding.span.start, binding.span.end)
    declaration = name.parent if name is not None else None
    return declaration if declaration is not None and is_function(declaration) else None


def pushed_items(workflow: Workflow, array: Node) -> list[Node]:
    """What is pushed into the array that a name stands for."""
    binding = workflow.scopes.binding_of(array) if array.type == "identifier" else None
    items: list[Node] = []
    for use in workflow.scopes.references_of(binding) if binding is not None else ():
        node = workflow.parsed.root.descendant_for_byte_range(use.span.start, use.span.end)
        call = node.parent.parent if node is not None and node.parent is not None else None
        method = method_call(call) if call is not None else None
        if method is not None and method[1] == "push" and node == method[0]:
            items.extend(item for item in method[2] if item.type != "spread_element")
    return items


def is_async(function: Node) -> bool:
    """Whether a function is declared `async`."""
    return any(child.type == "async" for child in function.children)


def method_call(node: Node) -> tuple[Node, str, tuple[Node, ...]] | None:
    """Object, method and arguments of `object.method(…)`."""
    if node.type != "call_expression":
        return None
    callee = node.child_by_field_name("function")
    if callee is None or callee.type != "member_expression":
        return None
    target, name = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if target is None or name is None or name.text is None:
        return None
    return target, name.text.decode(), arguments_of(node)


def is_promise_of_ours(workflow: Workflow, node: Node, depth: int = 4) -> bool:
    """Whether an expression is a call of one of our asynchronous functions, also with `.then(…)` behind it.

    A call of a local function counts that is `async`, or that gives such a promise.
    """
    node = unwrap(node)
    while (method := method_call(node)) is not None and method[1] in _PASSED_ON:
        node = unwrap(method[0])
    if node.type != "call_expression":
        return False
    callee = node.child_by_field_name("function")
    if callee is None or callee.type != "identifier" or callee.text is None:
        return False
    if callee.text.decode() not in AWAITED:
        function = function_of(workflow, callee) if depth > 0 else None
        if function is None or "generator" in function.type:
            return False
        given = expression_body(function) or only_return(function)
        return is_async(function) or (given is not None and is_promise_of_ours(workflow, given, depth - 1))
    return workflow.scopes.binding_of(callee) is None


def only_return(function: Node) -> Node | None:
    """What a function returns, where its body is nothing but statements that end with its only `return`."""
    body = function.child_by_field_name("body")
    statements = body.named_children if body is not None and body.type == "statement_block" else []
    if not statements or statements[-1].type != "return_statement":
        return None
    if any(b"return" in (statement.text or b"") for statement in statements[:-1]):
        return None
    return statements[-1].named_child(0)


def expression_body(function: Node) -> Node | None:
    """The body of an arrow function where it is an expression."""
    if function.type != "arrow_function":
        return None
    body = function.child_by_field_name("body")
    return body if body is not None and body.type != "statement_block" else None
