"""What a rule may ask about the other files of a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from attrs import frozen

Home = Literal["callsheet", "claude", "pi"]
"""Whose folder a saved workflow lies in: `.callsheet`, `.claude` or `.pi`."""


@frozen
class SavedWorkflow:
    """A workflow that can be called by its name (language, F8).

    Attributes:
        name: `meta.name`, or the record's name.
        path: absolute path of its file.
        description: `meta.description`, empty where there is none.
        calls: names that its script gives to `workflow()` as plain strings.
        script_paths: paths that its script gives to `workflow()`, as they are written.
        home: whose folder it lies in.
        read_only: whether it is a saved record that only its own tool may write.
        bundled: whether it came with Callsheet.
    """

    name: str
    path: Path
    description: str = ""
    calls: tuple[str, ...] = ()
    script_paths: tuple[str, ...] = ()
    home: Home = "callsheet"
    read_only: bool = False
    bundled: bool = False


class Workspace(Protocol):
    """The saved workflows and agent types that a script in one place can use."""

    def find_workflow(self, name: str, script: Path | None) -> SavedWorkflow | None:
        """The saved workflow that a name means for a script."""
        ...

    def workflows(self, script: Path | None) -> Sequence[SavedWorkflow]:
        """Every saved workflow in reach, the nearest first, one per name."""
        ...

    def duplicates(self, script: Path) -> Sequence[SavedWorkflow]:
        """Other files of the script's own folder that have its name."""
        ...

    def agent_types(self, script: Path | None) -> Sequence[str]:
        """Names of the agent definitions in reach, built-in ones included."""
        ...

    def read_script(self, path: Path) -> str | None:
        """Text of a workflow file; None where there is none to be read."""
        ...
