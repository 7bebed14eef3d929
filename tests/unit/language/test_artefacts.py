"""What is made from tables is up to date, and complete."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from callsheet.settings.docs import SETTING_DOCS
from callsheet.settings.schema import SCHEMA

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "scripts" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_is_out_of_date(generate: ModuleType) -> None:
    stale = [path for path, text in generate.artefacts().items() if generate.read(path) != text]
    assert not stale, "run `python scripts/generate.py`"
    assert not generate.orphans(), "run `python scripts/generate.py`"


def test_every_setting_is_described() -> None:
    assert set(SETTING_DOCS) == set(SCHEMA)


def test_rule_pages_link_back_and_name_their_rule(generate: ModuleType) -> None:
    for path, text in generate.artefacts().items():
        if path.startswith("docs/rules/") and not path.endswith("README.md"):
            assert f"`{Path(path).stem}`" in text
            assert "(README.md)" in text
