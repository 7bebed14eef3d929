"""A workspace that is not trusted: everything but runs works; trust brings those at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.editor_workspace import Workspace
from tests.support.vscode import Installed, browser, serve
from tests.support.workbench import Workbench


@pytest.mark.timeout(300)
def test_nothing_runs_until_the_workspace_is_trusted(
    installed: Installed, workspace: Workspace, tmp_path: Path
) -> None:
    settings = {"callsheet.python": sys.executable, "security.workspace.trust.startupPrompt": "never"}
    with (
        serve(installed, tmp_path / "code", {}, settings, trust=True) as code,
        browser(installed, tmp_path / "profile") as context,
    ):
        bench = Workbench(context.pages[0], tmp_path)
        bench.goto(code.window(workspace.root))
        bench.page.locator(".statusbar-item", has_text="Restricted Mode").wait_for()
        bench.open("broken.workflow.js")
        bench.page.locator(".monaco-editor .squiggly-error").first.wait_for()
        assert not bench.lens("Run workflow").count()

        bench.do("Workspaces: Manage Workspace Trust")
        trust = bench.page.locator(".workspace-trust-editor .monaco-button", has_text="Trust").first
        trust.click()
        bench.gone(bench.page.locator(".statusbar-item", has_text="Restricted Mode"))
        bench.open("audit.workflow.js")
        bench.lens("Run workflow").wait_for()
        bench.page.locator(".editor-actions [aria-label^='Run Workflow']").first.wait_for()
