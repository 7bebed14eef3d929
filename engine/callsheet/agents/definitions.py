"""Agent types: Markdown files with front matter, and the built-in ones (language, section 3, `agentType`).

A definition's front matter has `name` (the file's name without it), `description`, `tools` (a list, or a
comma-separated string; all tools without it) and `model`; its body is the system prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import field, frozen

ALL_TOOLS = ("read", "write", "edit", "bash", "grep", "find", "ls")
READ_ONLY_TOOLS = ("read", "grep", "find", "ls")
TOOL_NAMES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ALL_TOOLS},
    "multiedit": ("edit",),
    "glob": ("find",),
    "*": ALL_TOOLS,
}
"""Tools by the names that hosts give them, in lower case."""

HOST_FOLDERS = (".callsheet", ".claude", ".pi")
MAX_FILE_BYTES = 2**20

EXPLORE = (
    "You explore code. Find what the task asks for and report it with paths and line numbers. You cannot change "
    "anything. Search broadly first, then read what matters; say what you looked for and did not find."
)
PLAN = (
    "You plan changes to code and make none. Read what the task touches, then give a plan: the files to change and "
    "how, in an order that can be followed step by step, the risks, and how to check the result."
)


@frozen
class AgentDefinition:
    """An agent type.

    Attributes:
        name: as `agentType` gives it.
        description: what it is for.
        tools: names of the tools it may use.
        model: model or alias, None for the next rule of precedence.
        system: system prompt, None for the default one.
        path: its file, None for built-in ones.
        notes: what of the file is not used, and why.
        hash: SHA-256 over what makes its agents act as they do.
    """

    name: str
    description: str
    tools: tuple[str, ...]
    model: str | None = None
    system: str | None = None
    path: Path | None = None
    notes: tuple[str, ...] = ()
    hash: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        parts = {"name": self.name, "tools": self.tools, "model": self.model, "system": self.system}
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
        object.__setattr__(self, "hash", sha256(text.encode()).hexdigest())


BUILT_IN = (
    AgentDefinition("general-purpose", "Any task, with all tools.", ALL_TOOLS),
    AgentDefinition("Explore", "Finds things in code; read-only.", READ_ONLY_TOOLS, system=EXPLORE),
    AgentDefinition("Plan", "Plans a change without making it; read-only.", READ_ONLY_TOOLS, system=PLAN),
)


@frozen
class Definitions:
    """The agent types of a working directory.

    Attributes:
        faults: files that cannot be used, one line each.
    """

    _by_name: dict[str, AgentDefinition]
    faults: tuple[str, ...] = ()

    def get(self, name: str) -> AgentDefinition | None:
        """Return the definition of a name, None when there is none."""
        return self._by_name.get(name)

    def names(self) -> Iterable[str]:
        """Return the names there are, the person's own first."""
        return self._by_name.keys()

    def __iter__(self) -> Iterator[AgentDefinition]:
        return iter(self._by_name.values())


def find_definitions(cwd: Path, home: Path | None = None) -> Definitions:
    """Find the agent types: from the working directory up to the repository's root, then at home, then built in.

    The nearest folder wins; in one folder `.callsheet` wins over `.claude` over `.pi`, and of two files with one name
    the first by file name.

    Args:
        cwd: the working directory; outside of a repository only it and home are looked at.
        home: the home directory, by default the person's.
    """
    found: dict[str, AgentDefinition] = {}
    faults: list[str] = []
    for folder in dict.fromkeys([*_folders(cwd.absolute()), home or Path.home()]):
        for host in HOST_FOLDERS:
            for path in sorted((folder / host / "agents").glob("*.md")):
                try:
                    definition = load_definition(path)
                except (OSError, ValueError) as error:
                    faults.append(f"{path}: {getattr(error, 'strerror', None) or error}")
                    continue
                found.setdefault(definition.name, definition)
    for definition in BUILT_IN:
        found.setdefault(definition.name, definition)
    return Definitions(found, tuple(faults))


def load_definition(path: Path) -> AgentDefinition:
    """Read one definition.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no definition: not UTF-8, too large, or a field has a wrong type.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"larger than {MAX_FILE_BYTES} bytes")
    fields, body = _split(path.read_text(encoding="utf-8-sig"))
    name = _text(fields, "name") or path.stem
    tools, notes = tool_names(fields.get("tools"))
    return AgentDefinition(
        name,
        _text(fields, "description") or "",
        tools,
        _text(fields, "model"),
        body.strip() or None,
        path,
        notes,
    )


def tool_names(value: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return our names of the tools that a definition lists, and notes on those that are left out.

    Raises:
        ValueError: neither a list of strings nor a string.
    """
    if value is None:
        return ALL_TOOLS, ()
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("`tools` must be a list of names, or names separated by commas")
    known: dict[str, None] = {}
    notes = []
    for name in filter(None, value):
        ours = TOOL_NAMES.get(name.lower())
        if ours is not None:
            known.update(dict.fromkeys(ours))
        elif "(" in name:
            # Granting the whole tool would be more than the definition asks for.
            notes.append(f"tool {name!r} is left out: tools cannot be restricted to some arguments")
        else:
            notes.append(f"tool {name!r} is left out: there is no such tool here")
    return tuple(known), tuple(notes)


def _folders(cwd: Path) -> list[Path]:
    chain = [cwd, *cwd.parents]
    for depth, folder in enumerate(chain):
        if (folder / ".git").exists():
            return chain[: depth + 1]
    return [cwd]


def _split(text: str) -> tuple[dict[str, Any], str]:
    import frontmatter
    import yaml  # type: ignore[import-untyped]

    try:
        fields, body = frontmatter.parse(text)
    except yaml.YAMLError:
        # Definitions in the wild hold unquoted colons, which their hosts read line by line.
        return _by_line(text)
    return dict(fields), body


def _by_line(text: str) -> tuple[dict[str, Any], str]:
    _, front, body = re.split(r"^---[ \t]*$\n?", text, maxsplit=2, flags=re.M)
    pairs = re.findall(r"^([A-Za-z_-]+):[ \t]*(.*?)[ \t]*$", front, flags=re.M)
    return {key: value.strip("\"'") for key, value in pairs if value}, body


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be text")
    return value.strip() or None
