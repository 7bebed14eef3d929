"""Installs the editors, and lays out the workspaces that they open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.editor_workspace import Workspace
from tests.support.stub_provider import StubProvider
from tests.support.vscode import Installed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def editor_paths() -> dict[str, Path]:
    """What is installed; `node`, `vscode`, `vsix`, and `browser` where one could be had."""
    setup = [sys.executable, str(ROOT / "scripts" / "setup_editors.py")]
    (ROOT / "build").mkdir(exist_ok=True)
    with FileLock(ROOT / "build" / "editors.lock"):
        done = subprocess.run(setup, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    paths = json.loads((ROOT / "build" / "editors" / "paths.json").read_text())
    return {name: Path(path) for name, path in paths.items() if path}


@pytest.fixture(scope="session")
def installed(editor_paths: dict[str, Path]) -> Installed:
    if "browser" not in editor_paths:
        reason = "no Chromium or Chrome is installed, and none could be: VS Code's window cannot be opened"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Installed(**editor_paths)


@pytest.fixture
def stub() -> Iterator[StubProvider]:
    with StubProvider() as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "project")
