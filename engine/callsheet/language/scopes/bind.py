"""Names: which declaration an identifier means. Works fragment by fragment, from the inside out."""

from __future__ import annotations

from collections.abc import Callable

from callsheet.language.scopes.nodes import FUNCTIONS, Fragment, Node


class Scope:
    """A region in which declared names are visible.

    Attributes:
        node: what opens it; the whole script for the module.
        is_function: whether `var` stops here.
        bindings: declared names.
        parent: the scope around it; None at the module.
    """

    __slots__ = (
        "bindings",
        "children",
        "declared",
        "free",
        "hoisted",
        "is_function",
        "node",
        "parent",
        "references",
    )

    def __init__(self, node: Node, is_function: bool, parent: Scope | None) -> None:
        self.node = node
        self.is_function = is_function
        self.parent = parent
        self.bindings: dict[str, Binding] = {}
        self.children: list[Scope] = []
        self.declared: list[tuple[Node, str]] = []
        self.hoisted: list[tuple[Node, str]] = []
        self.references: list[Node] = []
        self.free: dict[str, list[Node]] = {}


class Binding:
    """A declared name.

    Attributes:
        kind: `const`, `let`, `var`, `function`, `class`, `param`, `catch` or `import`.
        declarations: the identifiers that declare it; several for a repeated `var` or function.
        references: all other identifiers that mean it, reads and writes.
    """

    __slots__ = ("declarations", "kind", "name", "references", "scope")

    def __init__(self, name: str, kind: str, scope: Scope) -> None:
        self.name = name
        self.kind = kind
        self.scope = scope
        self.declarations: list[Node] = []
        self.references: list[Node] = []

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} {self.declarations}>"


def touch(binding: Binding, node: Node, mentions: bool = False) -> None:
    """Notes that an analysis of `node` looked at a name of the whole script.

    Args:
        binding: the name; a name in a function or block is part of the same statement, and needs no note.
        node: where the analysis is.
        mentions: whether it looked at all mentions of the name, not at its declarations alone.
    """
    if binding.scope.parent is None:
        touched = node.fragment.unit.touched
        key = (binding.name, mentions)
        if key not in touched:
            touched[key] = nodes_of(binding, mentions)


def nodes_of(binding: Binding, mentions: bool) -> tuple[Node, ...]:
    """What `touch` notes of a name."""
    return (*binding.declarations, *binding.references) if mentions else tuple(binding.declarations)


_READ = ""
_Item = tuple[Node, Scope, str]
_Push = Callable[[_Item], None]


def bind(fragment: Fragment) -> None:
    """Resolves the names in a fragment whose inner fragments are resolved."""
    root = fragment.root
    around = Scope(root, False, None)
    scopes = [around]
    inner: list[tuple[Fragment, Scope]] = []
    stack: list[_Item] = [(root, around, _READ)]
    push = stack.append
    while stack:
        node, scope, role = stack.pop()
        if node.fragment is not fragment:
            inner.append((node.fragment, scope))
            continue
        type_ = node.type
        if node.errors:
            for error in node.errors:
                push((error, scope, _READ))
        if type_ == "identifier":
            if role:
                _declare(scope, node, role)
            else:
                scope.references.append(node)
            continue
        if not node.children:
            if type_.startswith("shorthand_"):
                if role:
                    _declare(scope, node, role)
                else:
                    scope.references.append(node)
            continue
        visit = _VISITORS.get(type_)
        if visit is not None:
            visit(node, scope, role, push, scopes)
        elif role and type_ not in _PATTERNS:
            for child in node.children:
                push((child, scope, _READ))
        else:
            for child in node.children:
                push((child, scope, role))
    for nested, scope in inner:
        _merge(nested, scope)
    for scope in reversed(scopes[1:]):
        _close(scope)
    fragment.declared = around.declared
    fragment.hoisted = around.hoisted
    fragment.scopes = around.children
    for node in around.references:
        around.free.setdefault(node.name or "", []).append(node)
    fragment.free = around.free


def close_module(fragment: Fragment) -> tuple[Scope, dict[str, list[Node]]]:
    """Makes the outermost scope of a script, and returns it with the references that remain."""
    module = Scope(fragment.root, True, None)
    module.declared = fragment.declared
    module.hoisted = fragment.hoisted
    module.free = fragment.free
    module.children = fragment.scopes
    for scope in module.children:
        scope.parent = module
    _close(module)
    for references in module.free.values():
        for node in references:
            node.binding = None
    fragment.root.scope = module
    return module, module.free


def _declare(scope: Scope, node: Node, kind: str) -> None:
    (scope.hoisted if kind == "var" else scope.declared).append((node, kind))


def _merge(fragment: Fragment, scope: Scope) -> None:
    scope.declared.extend(fragment.declared)
    scope.hoisted.extend(fragment.hoisted)
    for name, references in fragment.free.items():
        scope.free.setdefault(name, []).extend(references)
    scope.children.extend(fragment.scopes)
    for child in fragment.scopes:
        child.parent = scope


def _close(scope: Scope) -> None:
    free = scope.free
    for node in scope.references:
        free.setdefault(node.name or "", []).append(node)
    declared = scope.declared
    if scope.is_function:
        declared = declared + scope.hoisted
    elif scope.parent is not None:
        scope.parent.hoisted.extend(scope.hoisted)
    bindings = scope.bindings
    for node, kind in declared:
        name = node.name or ""
        binding = bindings.get(name)
        if binding is None:
            binding = bindings[name] = Binding(name, kind, scope)
        binding.declarations.append(node)
        node.binding = binding
    for name, binding in bindings.items():
        references = free.pop(name, None)
        if references:
            binding.references = references
            for node in references:
                node.binding = binding
    parent = scope.parent
    if parent is not None:
        for name, references in free.items():
            parent.free.setdefault(name, []).extend(references)


def _open(node: Node, scope: Scope, is_function: bool, scopes: list[Scope]) -> Scope:
    inner = Scope(node, is_function, scope)
    node.scope = inner
    scope.children.append(inner)
    scopes.append(inner)
    return inner


def _function(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    inner = _open(node, scope, True, scopes)
    last = len(node.children) - 1
    for at, child in enumerate(node.children):
        type_ = child.type
        if type_ == "formal_parameters" or (at < last and node.type == "arrow_function"):
            push((child, inner, "param"))
        elif type_ == "identifier" and at < last:
            _declare(scope if "declaration" in node.type else inner, child, "function")
        elif type_ == "statement_block" and at == last:
            for statement in child.children:
                push((statement, inner, _READ))
        else:
            push((child, scope if type_ == "computed_property_name" else inner, _READ))


def _class(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    for child in node.children:
        if child.type == "identifier":
            if node.type == "class_declaration":
                _declare(scope, child, "class")
            else:
                scope = _open(node, scope, False, scopes)
                _declare(scope, child, "class")
        else:
            push((child, scope, _READ))


def _declaration(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    for child in node.children:
        push((child, scope, node.name or "let" if child.type == "variable_declarator" else _READ))


def _declarator(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    push((node.children[0], scope, role))
    for child in node.children[1:]:
        push((child, scope, _READ))


def _default(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    push((node.children[0], scope, role))
    for child in node.children[1:]:
        push((child, scope, _READ))


def _pair_pattern(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    for child in node.children[:-1]:
        push((child, scope, _READ))
    push((node.children[-1], scope, role))


def _block(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    inner = _open(node, scope, node.type == "class_static_block", scopes)
    for child in node.children:
        push((child, inner, _READ))


def _for_in(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    inner = _open(node, scope, False, scopes)
    push((node.children[0], inner, node.name or _READ))
    for child in node.children[1:]:
        push((child, inner, _READ))


def _catch(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    inner = _open(node, scope, False, scopes)
    for child in node.children[:-1]:
        push((child, inner, "catch"))
    body = node.children[-1]
    for child in body.children if body.type == "statement_block" else (body,):
        push((child, inner, _READ))


def _import(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    for child in node.children:
        push((child, scope, "import"))


def _import_specifier(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    push((node.children[-1], scope, "import"))


def _export_specifier(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    push((node.children[0], scope, _READ))


def _error(node: Node, scope: Scope, role: str, push: _Push, scopes: list[Scope]) -> None:
    loose = node.fragment.loose
    for child in node.children:
        push((child, scope, loose.get(child.offset, _READ)))


_PATTERNS = frozenset(
    {
        "object_pattern",
        "array_pattern",
        "rest_pattern",
        "formal_parameters",
        "import_clause",
        "named_imports",
        "namespace_import",
    }
)
_Visitor = Callable[[Node, Scope, str, _Push, list[Scope]], None]
_VISITORS: dict[str, _Visitor] = {
    **dict.fromkeys(FUNCTIONS, _function),
    "class": _class,
    "class_declaration": _class,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "variable_declarator": _declarator,
    "assignment_pattern": _default,
    "object_assignment_pattern": _default,
    "pair_pattern": _pair_pattern,
    "statement_block": _block,
    "switch_body": _block,
    "for_statement": _block,
    "class_static_block": _block,
    "for_in_statement": _for_in,
    "catch_clause": _catch,
    "import_statement": _import,
    "import_specifier": _import_specifier,
    "export_specifier": _export_specifier,
    "ERROR": _error,
}
