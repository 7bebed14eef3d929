"""The packed extension inside VS Code's own extension host."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support.editor_workspace import Workspace, agent_environment, script_agents
from tests.support.stub_provider import StubProvider
from tests.support.vscode import Installed, browser, run_suite, serve

EXTENSION = Path(__file__).resolve().parents[2] / "editors" / "vscode"
TITLE = re.compile(r'^ {2,4}(describe|it)\("([^"]+)"', re.MULTILINE)


def _titles() -> list[str]:
    """Titles of all tests of the suite, as mocha joins them."""
    titles = []
    for path in sorted((EXTENSION / "test").glob("*.test.ts")):
        group = ""
        for kind, name in TITLE.findall(path.read_text(encoding="utf-8")):
            if kind == "describe":
                group = name
            else:
                titles.append(f"{group} {name}")
    return titles


@pytest.fixture(scope="module")
def results(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    home = tmp_path_factory.mktemp("vscode-host")
    workspace = Workspace.create(home / "project")
    written = home / "results.json"
    with StubProvider() as stub:
        script_agents(stub)
        environ = {**agent_environment(stub, home / "person"), "CALLSHEET_TEST_RESULTS": str(written)}
        settings = {"callsheet.python": sys.executable, "callsheet.model": "openai/stub"}
        with (
            serve(installed, home / "code", environ, settings) as code,
            browser(installed, home / "profile") as context,
        ):
            page = context.new_page()
            return run_suite(code, page, workspace.root, EXTENSION / "dist" / "test", written)


@pytest.mark.timeout(600)
def test_every_test_of_the_suite_ran(results: dict[str, str | None]) -> None:
    assert sorted(results) == sorted(_titles())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("title", _titles())
def test_in_the_extension_host(results: dict[str, str | None], title: str) -> None:
    error = results.get(title, "did not run")
    assert error is None, error
