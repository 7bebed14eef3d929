"""The workspace's folders."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen
from lsprotocol import types

from callsheet_server.documents import path_of, real_path, uri_of


@frozen
class Folder:
    """One folder of the workspace, with the URI that the client gave it, and its path without links."""

    uri: str
    path: Path
    real: Path


class Folders:
    """Folders of the workspace; a file belongs to the innermost one that holds it, by whole path segments."""

    def __init__(self, folders: tuple[Folder, ...] = ()) -> None:
        self._folders = {folder.uri: folder for folder in folders}

    @classmethod
    def of(cls, params: types.InitializeParams) -> Folders:
        """The folders that a client begins with."""
        uris = [folder.uri for folder in params.workspace_folders or ()]
        if not uris and params.root_uri:
            uris = [params.root_uri]
        if not uris and params.root_path and Path(params.root_path).is_absolute():
            uris = [Path(params.root_path).as_uri()]
        folders = cls()
        for uri in uris:
            folders.add(uri)
        return folders

    def add(self, uri: str) -> None:
        path = path_of(uri)
        if path is not None:
            self._folders[uri] = Folder(uri, path, real_path(path))

    def remove(self, uri: str) -> None:
        self._folders.pop(uri, None)

    def all(self) -> list[Folder]:
        """Every folder, in the client's order."""
        return list(self._folders.values())

    def holding(self, path: Path | None) -> Folder | None:
        """The innermost folder that holds `path`; for a buffer without a file the first one."""
        folders = self.all()
        if path is None:
            return folders[0] if folders else None
        inside = [folder for folder in folders if path.is_relative_to(folder.path)]
        return max(inside, key=lambda folder: len(folder.path.parts), default=None)

    def as_opened(self, uri: str | None) -> str | None:
        """A file's URI through the folder that the client opened, which may be a link to where the file lies."""
        path = path_of(uri) if uri is not None else None
        if path is None or self.holding(path) is not None:
            return uri
        for folder in self.all():
            if path.is_relative_to(folder.real):
                return uri_of(folder.path / path.relative_to(folder.real))
        return uri

    def base_of(self, path: Path | None) -> Path:
        """The folder that a file is looked at from: the one that holds it, else its own."""
        folder = self.holding(path)
        if folder is not None:
            return folder.path
        return path.parent if path is not None else Path.cwd()
