"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 600
SOURCES = (".py", ".ts", ".lua", ".js", ".mjs")


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_over_600_lines() -> None:
    sources = [path for path in tracked() if path.suffix in SOURCES and "data" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_nothing_is_left_open() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|pytest\.mark\.xfail")
    sources = [path for path in tracked() if path.suffix in SOURCES and "tests" not in path.parts]
    assert [str(path) for path in sources if mark.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "imported", ["callsheet_server.server", "callsheet.cli.check", "callsheet.runs.runner"]
)
def test_litellm_is_loaded_by_agents_alone(imported: str) -> None:
    code = f"import {imported}, sys; sys.exit('litellm' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [path for path in tracked() if path.suffix == ".md" and "data" not in path.parts]:
        text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target or target.startswith(("#", "mailto:", "command:")):
                continue
            if not (page.parent / target.partition("#")[0]).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
