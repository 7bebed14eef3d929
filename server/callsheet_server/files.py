"""The workflow scripts of the workspace, open or on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen
from callsheet.language.model import build_model
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed, parse

from callsheet_server.documents import Snapshot, path_of, uri_of
from callsheet_server.recognition import kind_of

MAX_FILES = 5000
MAX_FILE_BYTES = 1 << 20
KEPT_FILES = 200
"""How many files keep their trees for the next question about the whole workspace."""

_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "dist", "build", "target"})
_ENTERED = frozenset({".callsheet", ".claude", ".pi"})


@frozen(eq=False)
class ScriptFile:
    """A workflow script.

    Attributes:
        version: the client's number of the text; None for a file that is not open.
    """

    uri: str
    version: int | None
    parsed: Parsed

    @property
    def path(self) -> Path | None:
        """Its file, None for a buffer that has none."""
        return path_of(self.uri)

    @property
    def name(self) -> str:
        """The workflow's name, else the file's."""
        return build_model(self.parsed).name or self.uri.rsplit("/", 1)[-1]


def of_snapshot(snapshot: Snapshot, script: Parsed) -> ScriptFile:
    """A script of an open document."""
    return ScriptFile(snapshot.uri, snapshot.version, script)


class FileCache:
    """Scripts on disk, read again only when they changed. Used off the event loop, by one thread at a time."""

    def __init__(self) -> None:
        self._parsed: dict[Path, tuple[tuple[int, int], Parsed]] = {}

    def scripts(self, folders: Iterable[Path], open_files: set[Path]) -> list[ScriptFile]:
        """Scripts in folders, without the files that are open."""
        found = []
        for path in _walk(folders):
            parsed = None if path in open_files else self._read(path)
            if parsed is not None:
                found.append(ScriptFile(uri_of(path), None, parsed))
        return found

    def _read(self, path: Path) -> Parsed | None:
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            known = self._parsed.get(path)
            if known is not None and known[0] == stamp:
                return known[1]
            if stat.st_size > MAX_FILE_BYTES:
                return None
            parsed = parse(Source(path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            return None
        if len(self._parsed) >= KEPT_FILES:
            del self._parsed[next(iter(self._parsed))]
        self._parsed[path] = (stamp, parsed)
        return parsed


def _walk(folders: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        for root, names, files in os.walk(folder):
            names[:] = [n for n in names if n in _ENTERED or not (n.startswith(".") or n in _SKIPPED)]
            if Path(root).name == ".callsheet":
                names[:] = [name for name in names if name == "workflows"]
            for name in files:
                if name.endswith((".js", ".mjs")):
                    path = Path(root) / name
                    if path not in seen and kind_of(uri_of(path), "") == "script":
                        seen.add(path)
                        yield path
                        if len(seen) >= MAX_FILES:
                            return
