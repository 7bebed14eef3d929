"""The rules' pages as files that an editor can open: each rule's own documentation, written once to the cache."""

from __future__ import annotations

import inspect
import logging
from functools import lru_cache
from pathlib import Path

from callsheet import __version__
from callsheet.language.rules import all_rules

from callsheet_server.documents import uri_of

logger = logging.getLogger(__name__)

_pages: dict[str, str] = {}


def rule_page(code: str) -> str | None:
    """URI of a rule's page, None until the pages are there."""
    return _pages.get(code)


def write_pages() -> None:
    """Write the page of every rule to the cache, where it is missing. Touches files: call it off the event loop."""
    import platformdirs

    folder = platformdirs.user_cache_path("callsheet", appauthor=False) / "rules" / __version__
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for code in all_rules():
            _pages[code] = _write_page(folder, code)
    except OSError as error:
        logger.warning("The rules' pages cannot be written to %s: %s", folder, error)


def _write_page(folder: Path, code: str) -> str:
    path, text = folder / f"{code}.md", page_text(code)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return uri_of(path)


@lru_cache(maxsize=256)
def page_text(code: str) -> str:
    """A rule's documentation in Markdown, its name as the heading."""
    rule = all_rules()[code]
    module = inspect.getmodule(rule.check)
    return f"# {code}\n\n{inspect.cleandoc(module.__doc__ or rule.summary) if module else rule.summary}\n"
