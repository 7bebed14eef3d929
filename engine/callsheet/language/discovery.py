"""Which saved workflow a name means (language, F7 and F8), and which agent types are in reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from callsheet.errors import UsageError
from callsheet.language import files
from callsheet.language.literals import string_value
from callsheet.language.model import build_model
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.tables.options import BUILT_IN_AGENT_TYPES
from callsheet.language.workspace import Home, SavedWorkflow

BUNDLED: Final = Path(__file__).parents[1] / "workflows"
"""The workflows that come with Callsheet; a saved one of the same name wins."""
_HOMES: dict[str, Home] = {".callsheet": "callsheet", ".claude": "claude", ".pi": "pi"}
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"^name[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


@frozen
class FileWorkspace:
    """The workflows and agent types that files on disk hold, and the workflows that come with Callsheet.

    Attributes:
        folder: the workspace folder; where scripts without a file look from.
        home: the person's home directory.
    """

    folder: Path
    home: Path

    @classmethod
    def at(cls, folder: Path) -> FileWorkspace:
        """The workspace of a folder, with the home directory of this process."""
        return cls(folder.absolute(), Path.home())

    def find_workflow(self, name: str, script: Path | None) -> SavedWorkflow | None:
        """The saved workflow that a name means for a script."""
        return next((saved for saved in self._all(script) if saved.name == name), None)

    def workflows(self, script: Path | None) -> list[SavedWorkflow]:
        """Every saved workflow in reach, the nearest first, one per name."""
        by_name: dict[str, SavedWorkflow] = {}
        for saved in self._all(script):
            by_name.setdefault(saved.name, saved)
        return list(by_name.values())

    def duplicates(self, script: Path) -> list[SavedWorkflow]:
        """Other files of the script's own folder that have its name, the first by file name first."""
        script = script.absolute()
        siblings = list(saved_in(script.parent)) if files.is_saved(script) else []
        own = next((saved for saved in siblings if saved.path == script), None)
        return [
            saved for saved in siblings if own is not None and saved.name == own.name and saved is not own
        ]

    def agent_types(self, script: Path | None) -> list[str]:
        """Names of the agent definitions in reach, built-in ones included."""
        names = dict.fromkeys(BUILT_IN_AGENT_TYPES)
        for folder in self._places(script):
            for home in files.HOMES:
                for path in sorted((folder / home / "agents").glob("*.md")):
                    names[_agent_name(path)] = None
        return list(names)

    def read_script(self, path: Path) -> str | None:
        """Text of a workflow file; None where there is none to be read."""
        return script_text(path)

    def _all(self, script: Path | None) -> Iterator[SavedWorkflow]:
        for folder in self._places(script):
            for home in files.HOMES:
                yield from saved_in(folder / home / "workflows")
        yield from saved_in(BUNDLED)

    def _places(self, script: Path | None) -> list[Path]:
        start = script.absolute().parent if script is not None else self.folder
        if start.name == "workflows" and start.parent.name in files.HOMES:
            start = start.parent.parent
        places = list(_up_to_repository(start, self.folder))
        for place in (*_up_to_repository(self.folder, self.folder), self.home):
            if place not in places:
                places.append(place)
        return places


def saved_in(folder: Path) -> Iterator[SavedWorkflow]:
    """The saved workflows of one folder by file name, pi's records behind the scripts."""
    home = _HOMES.get(folder.parent.name, "callsheet")
    for path in _entries(folder):
        if path.suffix in files.SUFFIXES:
            saved = _read_saved(path, home)
            if saved is not None:
                yield saved
    if home == "pi":
        for path in _entries(folder / "saved"):
            if path.suffix == ".json":
                saved = _read_saved(path, home)
                if saved is not None:
                    yield saved


def script_text(path: Path) -> str | None:
    """Text of a workflow file, of a record its script; None where there is none to be read."""
    try:
        text = files.read_text(path)
    except UsageError:
        return None
    if path.suffix != ".json":
        return text
    record = files.record_script(text)
    return record[1] if record is not None else None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return []


def _up_to_repository(start: Path, workspace: Path) -> Iterator[Path]:
    """A folder and those above it up to the repository root; outside of a repository up to the workspace folder."""
    folders = [start, *start.parents]
    root = next((folder for folder in folders if (folder / ".git").exists()), None)
    if root is None:
        root = workspace if workspace in folders else start
    yield from folders[: folders.index(root) + 1]


def _read_saved(path: Path, home: Home) -> SavedWorkflow | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return _parse_saved(path, home, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1024)
def _parse_saved(path: Path, home: Home, _mtime_ns: int, _size: int) -> SavedWorkflow | None:
    text = script_text(path)
    if text is None:
        return None
    found = read_workflow(path, text)
    record = files.record_script(files.read_text(path)) if path.suffix == ".json" else None
    name = (record[0] if record is not None else found.name) or ""
    if not name.strip():
        return None
    return evolve(
        found, name=name, home=home, read_only=path.suffix == ".json", bundled=path.parent == BUNDLED
    )


@lru_cache(maxsize=64)
def read_workflow(path: Path, text: str) -> SavedWorkflow:
    """What a script in a file says of itself; its name is empty where it has none."""
    workflow = build_model(parse(Source(text)))
    sites = workflow.calls_of("workflow")
    arguments = (site.argument(0) for site in sites)
    names = dict.fromkeys(name for node in arguments if node is not None and (name := string_value(node)))
    options = (site.option("scriptPath") for site in sites)
    paths = dict.fromkeys(option.text for option in options if option is not None and option.text)
    return SavedWorkflow(workflow.name or "", path, workflow.description or "", tuple(names), tuple(paths))


def _agent_name(path: Path) -> str:
    try:
        front = _FRONT_MATTER.match(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return path.stem
    name = _NAME.search(front[1]) if front is not None else None
    return name[1].strip("'\"") if name is not None else path.stem
