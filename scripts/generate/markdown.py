"""What the pages share."""

from __future__ import annotations

import re

NOTE = "<!-- Made by `python -m scripts.generate` from the tables in code. Edit those. -->\n"


def cell(text: str) -> str:
    """Text for a cell of a table."""
    return re.sub(r"\s+", " ", text.replace("|", "\\|"))
