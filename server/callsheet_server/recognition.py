"""Which documents hold workflow scripts (language, F7)."""

from __future__ import annotations

from callsheet_server.documents import LANGUAGE_ID, path_of

SCRIPT_SUFFIXES = (".workflow.js", ".workflow.mjs")
SCRIPT_FOLDERS = (".callsheet", ".claude", ".pi")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx")


def kind_of(uri: str, language_id: str) -> str:
    """`script`, `markdown`, or `other`.

    A document is a script by its language, whatever its name is, or by its place.
    """
    if language_id == LANGUAGE_ID:
        return "script"
    path = path_of(uri)
    name = path.name if path is not None else uri.rsplit("/", 1)[-1]
    if language_id == "markdown" or name.endswith(MARKDOWN_SUFFIXES):
        return "markdown"
    if name.endswith(SCRIPT_SUFFIXES):
        return "script"
    if path is not None and path.suffix in (".js", ".mjs") and path.parent.name == "workflows":
        return "script" if path.parent.parent.name in SCRIPT_FOLDERS else "other"
    return "other"
