"""What is made from tables is up to date, and complete."""

from __future__ import annotations

from pathlib import Path

from callsheet.settings.docs import SETTING_DOCS
from callsheet.settings.schema import SCHEMA

from scripts import generate


def test_nothing_is_out_of_date() -> None:
    stale = [path for path, text in generate.artefacts().items() if generate.read(path) != text]
    assert not stale, "run `python -m scripts.generate`"
    assert not generate.orphans(), "run `python -m scripts.generate`"


def test_every_setting_is_described() -> None:
    assert set(SETTING_DOCS) == set(SCHEMA)


def test_rule_pages_link_back_and_name_their_rule() -> None:
    for path, text in generate.artefacts().items():
        if path.startswith("docs/rules/") and not path.endswith("README.md"):
            assert f"`{Path(path).stem}`" in text
            assert "(README.md)" in text
