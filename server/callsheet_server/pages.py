"""The rules' pages as files that an editor can open: each rule's own documentation, written once to the cache."""

from __future__ import annotations

import inspect
import logging
from functools import cache
from pathlib import Path

import platformdirs
from callsheet import __version__
from callsheet.language.rules import all_rules

from callsheet_server.documents import uri_of

logger = logging.getLogger(__name__)


@cache
def _folder() -> Path:
    return platformdirs.user_cache_path("callsheet", appauthor=False) / "rules" / __version__


@cache
def rule_page(code: str) -> str:
    """URI of a rule's page."""
    return uri_of(_folder() / f"{code}.md")


def write_pages() -> None:
    """Write the page of every rule to the cache, where it is missing. Touches files: call it off the event loop."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for code in all_rules():
            path, text = folder / f"{code}.md", page_text(code)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        logger.warning("The rules' pages cannot be written to %s: %s", folder, error)


def page_text(code: str) -> str:
    """A rule's documentation in Markdown."""
    rule = all_rules()[code]
    module = inspect.getmodule(rule.check)
    return inspect.cleandoc((module.__doc__ if module else None) or f"# {rule.summary}") + "\n"
