"""Which checks a piece of code stands behind: whether a value that may be null was looked at before."""

from __future__ import annotations

from bisect import bisect_left

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.functions import name_of_function
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import keys_of, origins

Path = tuple[str, ...]

_LOOPS = frozenset({"while_statement", "do_statement", "for_statement", "for_in_statement"})
_BLOCKS = frozenset(
    {"program", "ERROR", "statement_block", "switch_case", "switch_default", "class_static_block"}
)
_EXITS = frozenset({"return_statement", "throw_statement", "continue_statement", "break_statement"})
_EQUALS = {"===": True, "==": True, "!==": False, "!=": False}
_ORDER = frozenset({"<", ">", "<=", ">="})
_TRANSPARENT = frozenset({"parenthesized_expression", "unary_expression", "await_expression"})
_NULLISH = frozenset({"null", "undefined"})
_WRITES = frozenset({"assignment_expression", "augmented_assignment_expression"})


def path_of(node: Node) -> tuple[Binding, Path] | None:
    """The name at the root of a chain of accesses, and the properties behind it."""
    steps: list[str] = []
    while node.type in {"member_expression", "subscript_expression"} and len(node.children) == 2:
        keys = keys_of(node)
        if keys is None or len(keys) != 1:
            steps.append("[]")
        else:
            steps.extend(keys)
        node = node.children[0]
    if node.type not in {"identifier", "shorthand_property_identifier"} or node.binding is None:
        return None
    return node.binding, tuple(reversed(steps))


def is_checked(node: Node, *, elements: bool = False) -> bool:
    """Whether the code around a name or a chain of accesses makes sure that it is not null.

    Where a condition speaks of it in a way that is not understood, it counts as checked.

    Args:
        node: the name or access.
        elements: whether the question is about the elements of the array that it is.
    """
    found = path_of(node)
    if found is None:
        return False
    binding, path = found
    _touch_with_aliases(binding, node)
    if binding.kind not in {"const", "param"} or _is_written(binding):
        return is_looked_at(binding)
    child, parent = node, node.parent
    while parent is not None:
        if _guards(child, parent, binding, path, elements):
            return True
        if parent is binding.scope.node:
            return _is_caught(parent)
        if parent.type in FUNCTIONS and name_of_function(parent) is not None and is_looked_at(binding):
            # It runs when it is called, which may be behind a check that stands after it.
            return True
        child, parent = parent, parent.parent
    return False


def _touch_with_aliases(binding: Binding, node: Node) -> None:
    """Notes the name, and the constants made from it that conditions may speak of instead."""
    if binding.scope.parent is None:
        for name in _aliases(binding):
            touch(name, node, mentions=True)


def _aliases(binding: Binding) -> list[Binding]:
    memo = binding.scope.node.fragment.tree.memo
    known = memo.get(("aliases", binding))
    if isinstance(known, list):
        return known
    found, waiting = [binding], [(binding, 2)]
    while waiting:
        current, depth = waiting.pop()
        for use in current.references if depth > 0 else ():
            for outer in use.ancestors():
                if outer.type == "variable_declarator":
                    alias = outer.children[0].binding
                    if alias is not None and alias not in found:
                        found.append(alias)
                        waiting.append((alias, depth - 1))
                    break
                if outer.type in FUNCTIONS or outer.type.endswith("statement"):
                    break
    memo["aliases", binding] = found
    return found


def _is_caught(node: Node) -> bool:
    """Whether what is thrown at a place is caught in the same function."""
    child, parent = node, node.parent
    while parent is not None and child.type not in FUNCTIONS:
        if parent.type == "try_statement" and child is parent.children[0]:
            return parent.child("catch_clause") is not None
        child, parent = parent, parent.parent
    return False


def _guards(child: Node, parent: Node, binding: Binding, path: Path, elements: bool) -> bool:
    type_ = parent.type
    children = parent.children
    if type_ == "ternary_expression" and len(children) == 3 and child is not children[0]:
        return _says(children[0], child is children[1], binding, path, elements)
    if type_ == "binary_expression" and len(children) == 2 and child is children[1]:
        return parent.name in {"&&", "||"} and _says(
            children[0], parent.name == "&&", binding, path, elements
        )
    if type_ == "if_statement" and len(children) > 1 and child is not children[0]:
        return _says(children[0], child is children[1], binding, path, elements)
    if type_ in {"while_statement", "for_statement"} and child is children[-1]:
        return any(_says(other, True, binding, path, elements) for other in children[:-1])
    if type_ == "try_statement" and child is children[0]:
        return parent.child("catch_clause") is not None
    if (
        type_ in {"switch_case", "switch_default"}
        and parent.parent is not None
        and parent.parent.parent is not None
    ):
        value = parent.parent.parent.children[0]
        if mentions(value, binding):
            return True
    if type_ in _BLOCKS:
        return _guarded_before(child, parent, binding, path, elements)
    return False


def _guarded_before(child: Node, block: Node, binding: Binding, path: Path, elements: bool) -> bool:
    # What stands before the declaration cannot speak of the value.
    first = bisect_left(block.children, binding.declarations[0].start, key=lambda node: node.end)
    for index in range(first, len(block.children)):
        statement = block.children[index]
        if statement is child:
            return False
        type_ = statement.type
        children = statement.children
        if type_ == "if_statement" and len(children) > 1:
            otherwise = children[2].children[0] if len(children) > 2 and children[2].children else None
            if _exits(children[1]) and _says(children[0], False, binding, path, elements):
                return True
            if (
                otherwise is not None
                and _exits(otherwise)
                and _says(children[0], True, binding, path, elements)
            ):
                return True
        elif type_ == "while_statement" and children:
            if _says(children[0], False, binding, path, elements):
                return True
        elif (
            type_ == "expression_statement"
            and children
            and (_asserts(children[0], binding) or _throws_without(children[0], binding))
        ):
            return True
    return False


def _throws_without(expression: Node, binding: Binding) -> bool:
    """Whether a statement throws where the value is missing: `r ?? fail('…')`."""
    if expression.type != "binary_expression" or expression.name not in {"??", "||"}:
        return False
    left, right = expression.children[0], expression.children[-1]
    return mentions(left, binding) and _throws(right)


def _asserts(expression: Node, binding: Binding) -> bool:
    """Whether a statement hands the value to a function that may throw over it: `assert(r, '…')`."""
    if expression.type == "await_expression" and expression.children:
        expression = expression.children[0]
    if expression.type != "call_expression" or len(expression.children) < 2:
        return False
    callee, arguments = expression.children[0], expression.children[1]
    if callee.type == "identifier" and callee.binding is None:
        return False
    name = callee.children[-1].name if callee.type == "member_expression" and callee.children else callee.name
    return (
        bool(name)
        and any(word in (name or "").lower() for word in _ASSERTING)
        and mentions(arguments, binding)
    )


_ASSERTING = ("assert", "ensure", "invariant", "require", "check", "must", "expect", "fail", "guard", "valid")


def _exits(statement: Node) -> bool:
    """Whether what follows a statement is not reached after it."""
    if statement.type in _EXITS:
        return True
    if statement.type == "statement_block":
        return bool(statement.children) and any(_exits(child) for child in statement.children)
    if statement.type == "if_statement" and len(statement.children) > 2 and statement.children[2].children:
        return _exits(statement.children[1]) and _exits(statement.children[2].children[0])
    if statement.type == "expression_statement" and statement.children:
        return _throws(statement.children[0])
    return False


def _throws(expression: Node) -> bool:
    """Whether an expression is a call of a function of the script that does nothing but throw: `fail('…')`."""
    if expression.type == "await_expression" and expression.children:
        expression = expression.children[0]
    if expression.type != "call_expression" or expression.children[0].type != "identifier":
        return False
    functions = [found for found in origins(expression.children[0]) if found.type in FUNCTIONS]
    return bool(functions) and all(
        any(statement.type == "throw_statement" for statement in function.children[-1].children)
        for function in functions
    )


def _says(condition: Node, truth: bool, binding: Binding, path: Path, elements: bool) -> bool:
    return _speaks_of_elements(condition, binding) if elements else implies(condition, truth, binding, path)


def implies(condition: Node, truth: bool, binding: Binding, path: Path, depth: int = 12) -> bool:
    """Whether a condition that is `truth` makes sure that a value is not null, or speaks of it in another way."""
    if depth <= 0:
        return True
    depth -= 1
    type_, children = condition.type, condition.children
    if type_ in {"parenthesized_expression", "await_expression", "expression_statement"} and children:
        return implies(children[0], truth, binding, path, depth)
    if type_ == "unary_expression" and condition.name == "!" and children:
        return implies(children[0], not truth, binding, path, depth)
    if type_ == "binary_expression" and len(children) == 2:
        return _binary_implies(condition, truth, binding, path, depth)
    if type_ in {"identifier", "member_expression", "subscript_expression"}:
        return _chain_implies(condition, truth, binding, path, depth)
    return mentions(condition, binding)


def _binary_implies(condition: Node, truth: bool, binding: Binding, path: Path, depth: int) -> bool:
    left, right = condition.children
    operator = condition.name or ""
    if operator in {"&&", "||"}:
        one = implies(left, truth, binding, path, depth)
        if (operator == "&&") is truth:
            return one or implies(right, truth, binding, path, depth)
        return one and implies(right, truth, binding, path, depth)
    if operator in _EQUALS:
        same = _EQUALS[operator] is truth
        for side, other in ((left, right), (right, left)):
            found = path_of(side)
            if found is None or found[0] is not binding:
                continue
            if other.type in _NULLISH:
                if found[1] == path:
                    return not same and (other.type == "null" or len(operator) == 2)
                return not same if _starts(found[1], path) else bool(path)
            if _starts(found[1], path):
                return same
    if operator in _ORDER:
        for side in (left, right):
            found = path_of(side)
            if found is not None and found[0] is binding and _starts(found[1], path):
                return truth
    return _speaks_of_elements(condition, binding) if _is_element(path) else mentions(condition, binding)


def _is_element(path: Path) -> bool:
    """Whether a path leads to an element of the list that the name is, of which its length says nothing."""
    return bool(path) and (path[0] == "[]" or path[0].isdecimal())


def _chain_implies(condition: Node, truth: bool, binding: Binding, path: Path, depth: int) -> bool:
    found = path_of(condition)
    if found is None:
        return mentions(condition, binding)
    if found[0] is binding:
        if _starts(found[1], path):
            return truth
        return bool(path) and not (_is_element(path) and found[1] == ("length",))
    touch(found[0], condition)
    value = _constant_value(found[0])
    if value is not None and mentions(value, binding):
        return implies(value, truth, binding, path, depth) or bool(found[1])
    return False


def _constant_value(binding: Binding) -> Node | None:
    """What a `const` is declared as."""
    declared = binding.declarations[0].parent
    if binding.kind != "const" or declared is None or declared.type != "variable_declarator":
        return None
    return declared.children[1] if len(declared.children) > 1 else None


def _starts(longer: Path, path: Path) -> bool:
    return longer[: len(path)] == path


def mentions(node: Node, binding: Binding, depth: int = 2) -> bool:
    """Whether an expression speaks of a name, or of a constant that was made from it."""
    for part in node.walk():
        if part.binding is None:
            continue
        if part.binding is binding:
            return True
        touch(part.binding, part)
        value = _constant_value(part.binding) if depth > 0 and part.type == "identifier" else None
        if value is not None and value.type not in FUNCTIONS and mentions(value, binding, depth - 1):
            return True
    return False


def _speaks_of_elements(condition: Node, binding: Binding, depth: int = 2) -> bool:
    """Whether a condition looks at the elements of an array, not at its length alone."""
    for part in condition.walk():
        if part.binding is None:
            continue
        if part.binding is binding:
            parent = part.parent
            if parent is None or parent.type != "member_expression" or parent.children[-1].name != "length":
                return True
            continue
        touch(part.binding, part)
        value = _constant_value(part.binding) if depth > 0 and part.type == "identifier" else None
        if (
            value is not None
            and value.type not in FUNCTIONS
            and _speaks_of_elements(value, binding, depth - 1)
        ):
            return True
    return False


def _is_written(binding: Binding) -> bool:
    if binding.kind == "const":
        return False
    for use in binding.references:
        parent = use.parent
        if parent is not None and parent.type in _WRITES and parent.children[0] is use:
            return True
    return False


def is_looked_at(binding: Binding) -> bool:
    """Whether any condition in the script looks at a name; enough for one that changes."""
    return any(is_condition(use) for use in binding.references)


def is_condition(node: Node) -> bool:
    """Whether a name or access stands where its being null decides something."""
    child, parent = node, node.parent
    while parent is not None and parent.type in _TRANSPARENT:
        child, parent = parent, parent.parent
    if parent is None:
        return False
    type_ = parent.type
    return (
        (type_ == "binary_expression" and (parent.name in {"&&", "||", "??"} or parent.name in _EQUALS))
        or (type_ == "ternary_expression" and parent.children[0] is child)
        or (type_ in _LOOPS and type_ != "for_in_statement")
        or type_ == "if_statement"
        or (type_ in {"member_expression", "subscript_expression"} and parent.name == "?.")
        or (type_ == "augmented_assignment_expression" and parent.name in {"??=", "||="})
        or (child.type == "unary_expression" and child.name == "!")
    )
