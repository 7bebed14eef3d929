"""The options of `agent()` calls, wherever in the script they are put together."""

from __future__ import annotations

from attrs import evolve, frozen

from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import key_names, origins, property_of_child


@frozen(eq=False)
class OptionChoices:
    """What an option of an `agent()` call may be.

    Attributes:
        nodes: the expressions that are given for it.
        may_be_absent: whether the call may be made without one.
        is_open: whether it may come from where the script does not tell.
    """

    nodes: tuple[Node, ...]
    may_be_absent: bool
    is_open: bool


def option_choices(call: Node, name: str) -> OptionChoices:
    """What an option of an `agent()` call may be, its options being followed to where they are written."""
    arguments = arguments_of(call)
    if any(argument.type == "spread_element" for argument in arguments[:2]):
        return OptionChoices((), may_be_absent=True, is_open=True)
    return _either(
        [_in_options(options, name) for options in origins(arguments[1])] if len(arguments) > 1 else []
    )


def _either(choices: list[OptionChoices]) -> OptionChoices:
    return OptionChoices(
        tuple(dict.fromkeys(node for choice in choices for node in choice.nodes)),
        any(choice.may_be_absent for choice in choices) or not choices,
        any(choice.is_open for choice in choices),
    )


def _in_options(options: Node, name: str, depth: int = 4) -> OptionChoices:
    if options.type != "object" or depth <= 0 or options.errors:
        return OptionChoices((), may_be_absent=True, is_open=options.type not in _NOTHING)
    found: list[OptionChoices] = []
    for child in reversed(options.children):
        if child.type == "spread_element" and child.children:
            inner = _either([_in_options(spread, name, depth - 1) for spread in origins(child.children[0])])
            found.append(evolve(inner, may_be_absent=False))
            if not inner.may_be_absent and not inner.is_open:
                return _either(found)
            continue
        if child.type == "pair" and key_names(child.children[0]) is None:
            found.append(OptionChoices((), may_be_absent=False, is_open=True))
        value = property_of_child(child, name)
        if value is not None:
            return _either([*found, OptionChoices((value,), may_be_absent=False, is_open=False)])
    return _either([*found, OptionChoices((), may_be_absent=True, is_open=False)])


_NOTHING = frozenset({"undefined", "null", "false"})
