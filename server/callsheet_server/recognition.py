"""Which documents hold workflow scripts (language, F7)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from callsheet.language import files

from callsheet_server.documents import LANGUAGE_ID, path_of

Kind = Literal["script", "markdown", "other"]


def kind_of(uri: str, language_id: str) -> Kind:
    """What a document holds: by its language, whatever its name is, or by its place."""
    if language_id == LANGUAGE_ID:
        return "script"
    path = path_of(uri) or PurePosixPath(unquote(urlsplit(uri).path))
    if files.is_workflow_file(path):  # type: ignore[arg-type]
        return "script"
    if language_id == "markdown" or files.is_markdown(path):  # type: ignore[arg-type]
        return "markdown"
    return "other"
