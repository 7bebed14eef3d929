"""What features may ask beyond the document itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from attrs import field, frozen
from callsheet.language.files import real_path
from callsheet.language.source import Source
from callsheet.language.workspace import SavedWorkflow, Workspace
from callsheet.settings import Settings


class NoWorkspace:
    """A workspace without other files."""

    def find_workflow(self, name: str, script: Path | None) -> SavedWorkflow | None:
        return None

    def workflows(self, script: Path | None) -> tuple[SavedWorkflow, ...]:
        return ()

    def duplicates(self, script: Path) -> tuple[SavedWorkflow, ...]:
        return ()

    def agent_types(self, script: Path | None) -> tuple[str, ...]:
        return ()

    def read_script(self, path: Path) -> str | None:
        return None


@frozen
class AgentType:
    """An agent definition in reach.

    Attributes:
        path: its file; None for a built-in one.
    """

    name: str
    description: str = ""
    model: str | None = None
    path: Path | None = None


class Models(Protocol):
    """The models that are known."""

    def names(self) -> Sequence[tuple[str, str]]:
        """Names with a few words about each, such as its price."""
        ...

    def aliases(self, settings: Settings) -> Sequence[tuple[str, str]]:
        """Aliases, built in and of the settings, each with what it stands for."""
        ...

    def describe(self, name: str, settings: Settings) -> str | None:
        """What a name stands for, and its price per million tokens, in Markdown; None for an unknown one."""
        ...

    def resolve(self, name: str, settings: Settings) -> str | None:
        """The model that a name or an alias stands for; None for an unknown one."""
        ...


class NoModels:
    """No model is known."""

    def names(self) -> tuple[tuple[str, str], ...]:
        return ()

    def aliases(self, settings: Settings) -> tuple[tuple[str, str], ...]:
        return tuple(settings.models.aliases.items())

    def describe(self, name: str, settings: Settings) -> str | None:
        return None

    def resolve(self, name: str, settings: Settings) -> str | None:
        return settings.models.aliases.get(name)


@frozen
class World:
    """Settings, other files and models, as one document sees them.

    Attributes:
        path: the document's file.
        agent_types: definitions in reach by name.
        opened: the texts of files that are open in the editor.
    """

    settings: Settings = field(factory=Settings)
    workspace: Workspace = field(factory=NoWorkspace)
    path: Path | None = None
    agent_types: Mapping[str, AgentType] = field(factory=dict)
    models: Models = field(factory=NoModels)
    opened: Mapping[Path, Source] = field(factory=dict)

    def workflows(self) -> tuple[SavedWorkflow, ...]:
        """Saved workflows in reach, the nearest first."""
        return tuple(self.workspace.workflows(self.path))

    def find_workflow(self, name: str) -> SavedWorkflow | None:
        """The saved workflow that a name means here."""
        return self.workspace.find_workflow(name, self.path)

    def find_script(self, script_path: str) -> Path | None:
        """The file that `{scriptPath}` means here. It looks at the disk: call it off the event loop."""
        if self.path is None:
            return None
        path = real_path(self.path.parent / script_path)
        return path if path is not None and self.read_script(path) is not None else None

    def read_script(self, path: Path) -> Source | None:
        """A script as it stands in the editor, else on disk; None where there is none to be read."""
        if path in self.opened:
            return self.opened[path]
        text = self.workspace.read_script(path)
        return Source(text) if text is not None else None
