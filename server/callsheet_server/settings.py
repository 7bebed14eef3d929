"""The settings in force for each document: files on disk below what the editor says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.settings import Settings, load_settings
from lsprotocol import types

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

SECTION = "callsheet"


class SettingsStore:
    """Settings by workspace folder, read off the event loop.

    Until the first answer is in, and for values that cannot be used, the defaults apply.
    """

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._pushed: dict[str, Any] = {}
        self._editor: dict[str | None, dict[str, Any]] = {}
        self._by_folder: dict[str | None, Settings] = {}
        self._told: set[str] = set()
        self._generation = 0

    def take_initial(self, options: Mapping[str, Any]) -> None:
        """Settings in `initializationOptions`: under `settings`, under `callsheet`, or at its top."""
        self.take_pushed(options.get("settings", options))

    def take_pushed(self, settings: Any) -> None:
        """Settings that the client sends by itself, with or without the section's name around them."""
        if isinstance(settings, Mapping):
            inner = settings.get(SECTION, settings)
            self._pushed = dict(inner) if isinstance(inner, Mapping) else {}
            self._take_trust(self._pushed)

    def of(self, path: Path | None) -> Settings:
        """Settings for a file; for a buffer without one those of the first folder, outside of all the editor's own."""
        folder = self._server.folders.holding(path)
        key = folder.uri if folder is not None else None
        return self._by_folder.get(key) or Settings()

    def editor_of(self, path: Path | None) -> dict[str, Any]:
        """What the editor itself says for a file, as the settings' loader takes it."""
        folder = self._server.folders.holding(path)
        return _for_loader(self._editor.get(folder.uri if folder is not None else None, self._pushed))

    async def refresh(self) -> None:
        """Read everything again, then check every document anew. The newest of several calls counts."""
        self._generation += 1
        generation = self._generation
        folders = self._server.folders.all()
        scopes = [None, *(folder.uri for folder in folders)]
        paths = [Path.cwd(), *(folder.path for folder in folders)]
        editor = await self._pull(scopes)
        loaded = {}
        for scope, path, values in zip(scopes, paths, editor, strict=True):
            settings, problems = await asyncio.to_thread(load_settings, path, _for_loader(values))
            loaded[scope] = settings
            for problem in problems:
                # A name nobody knows may be the editor extension's own.
                if problem.severity == "error" or problem.path is not None:
                    self._tell(str(problem))
        if generation != self._generation:
            return
        is_new = any(self._by_folder.get(scope, Settings()) != found for scope, found in loaded.items())
        self._by_folder = loaded
        self._editor = dict(zip(scopes, editor, strict=True))
        for values in editor:
            self._take_trust(values)
        self._server.analysis.check_all()
        if is_new:
            await self._server.refresh_clients("inlayHint")

    async def _pull(self, scopes: list[str | None]) -> list[dict[str, Any]]:
        if not self._server.flags.configuration:
            return [self._pushed for _ in scopes]
        items = [types.ConfigurationItem(scope_uri=scope, section=SECTION) for scope in scopes]
        answer = await self._server.ask(types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items=items))
        values = list(answer) if isinstance(answer, list | tuple) else []
        values += [None] * (len(scopes) - len(values))
        return [_plain(value) if value is not None else self._pushed for value in values[: len(scopes)]]

    def _take_trust(self, values: Mapping[str, Any]) -> None:
        if isinstance(values.get("trusted"), bool):
            self._server.trusted = values["trusted"]

    def _tell(self, message: str) -> None:
        if message in self._told:
            return
        self._told.add(message)
        self._server.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"Callsheet: {message} The default is used.")
        )


def _for_loader(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the loader reads: an editor's null means that nothing was set."""
    return {
        key: _for_loader(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None and key != "trusted"
    }


def _plain(value: Any) -> dict[str, Any]:
    """An answer as JSON; pygls hands objects over as named tuples where the protocol leaves their type open."""
    if isinstance(value, Mapping):
        return {str(key): _inner(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    return {}


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping) or hasattr(value, "_asdict"):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_inner(item) for item in value]
    return value
