"""Calls of other workflows, by name or by path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from tree_sitter import Node

from callsheet.language.discovery import read_workflow
from callsheet.language.literals import string_value
from callsheet.language.rule import Context
from callsheet.language.rules._expressions import constant
from callsheet.language.workspace import SavedWorkflow


@frozen
class Called:
    """A call whose target the script tells.

    Attributes:
        node: what the name or path is written in.
        shown: the name, or the path as it is written.
        path: the file that a path means; None for a name.
        found: the workflow; None where there is none.
    """

    node: Node
    shown: str
    path: Path | None
    found: SavedWorkflow | None


def called_workflows(context: Context) -> Iterator[Called]:
    """Every `workflow('name')` and `workflow({ scriptPath: '…' })` of a script."""
    workspace = context.workspace
    for site in context.workflow.calls_of("workflow") if workspace is not None else ():
        node = site.argument(0)
        name = string_value(constant(context.workflow, node)) if node is not None else None
        option = site.option("scriptPath")
        given = string_value(constant(context.workflow, option.value)) if option is not None else None
        if workspace is None or node is None:
            continue
        if name is not None and name.strip():
            yield Called(node, name, None, workspace.find_workflow(name, context.path))
        elif option is not None and given is not None and given.strip() and context.path is not None:
            path = Path(context.path.absolute().parent, given).resolve()
            text = workspace.read_script(path)
            found = read_workflow(path, text) if text is not None else None
            yield Called(option.value, given, path, found)


def is_own(context: Context, called: Called) -> bool:
    """Whether a call means the script that makes it."""
    if called.found is not None and context.path is not None:
        return called.found.path.resolve() == context.path.resolve()
    return called.path is None and called.shown == context.workflow.name


def calls_of(context: Context, called: SavedWorkflow) -> tuple[list[str], list[str]]:
    """What a called workflow calls itself: what leads back to this script, and the rest, as it is written there."""
    back: list[str] = []
    deeper: list[str] = []
    own = context.path.resolve() if context.path is not None else None
    for name in called.calls:
        found = context.workspace.find_workflow(name, called.path) if context.workspace is not None else None
        leads_back = name == context.workflow.name and (found is None or own in {None, found.path.resolve()})
        (back if leads_back else deeper).append(name)
    for path in called.script_paths:
        (back if (called.path.parent / path).resolve() == own else deeper).append(path)
    return back, deeper
