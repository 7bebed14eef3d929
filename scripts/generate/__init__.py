"""Writes what is made from tables in code: rule pages and index, language and settings reference, `workflow.d.ts`.

python -m scripts.generate           write what is out of date
python -m scripts.generate --check   only say what is; exit status 1 when anything is
"""

from __future__ import annotations

import sys
from pathlib import Path

from callsheet.language.rules import rule_modules

from scripts.generate.declarations import declarations
from scripts.generate.language import language_reference
from scripts.generate.rules import rule_index, rule_page
from scripts.generate.settings import settings_reference

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Write the artefacts, or say which are out of date."""
    only_check = "--check" in sys.argv[1:]
    stale = [path for path, text in artefacts().items() if read(path) != text]
    for path in stale:
        print(f"{'out of date' if only_check else 'written'}: {path}")
        if not only_check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(artefacts()[path], encoding="utf-8")
    for path in orphans():
        print(f"{'no rule has' if only_check else 'removed'}: {path}")
        if not only_check:
            (ROOT / path).unlink()
    return 1 if only_check and (stale or orphans()) else 0


def artefacts() -> dict[str, str]:
    """Text of every artefact by its path in the repository."""
    pages = {
        f"docs/rules/{module.RULE.code}.md": rule_page(module.RULE, module.__doc__)
        for module in rule_modules()
    }
    return {
        **pages,
        "docs/rules/README.md": rule_index(),
        "docs/language.md": language_reference(),
        "docs/settings.md": settings_reference(),
        "engine/callsheet/workflow.d.ts": declarations(),
    }


def orphans() -> list[str]:
    """Rule pages of which there is no rule."""
    made = artefacts()
    found = (f"docs/rules/{path.name}" for path in (ROOT / "docs" / "rules").glob("*.md"))
    return sorted(path for path in found if path not in made)


def read(path: str) -> str | None:
    """Text of a file as it stands; None where there is none."""
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else None
