"""One journey in VS Code's window, as a person makes it. Pictures are kept in `build/screenshots/`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.editor_workspace import AUDIT, MENDED, README, Workspace, agent_environment
from tests.support.stub_provider import Reply, StubProvider
from tests.support.vscode import Installed, browser, serve
from tests.support.workbench import Workbench

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def _agents(stub: StubProvider) -> None:
    """Agents that take long enough to be watched."""
    read = Reply(tools=[("read", {"path": "README.md"})], usage=(2100, 90), delay_s=0.7)
    for area, seconds in (("parser", 0.9), ("server", 1.6), ("docs", 1.2)):
        stub.on(
            f"Look at the {area}",
            read,
            Reply(text=f"The {area} is sound.", usage=(2600, 140), delay_s=seconds),
        )
    write = ("write", {"path": "README.md", "content": MENDED})
    mend = Reply(tools=[write], usage=(3100, 220), delay_s=0.8)
    stub.on("Mend the readme", mend, Reply(text="Mended.", usage=(3400, 60), delay_s=0.5))
    stub.on("Sum up", Reply(text="All is well.", usage=(1700, 120), delay_s=0.4))
    stub.on("Say hello", Reply(text="hello", usage=(300, 12)))
    stub.on("Wait for the tide", Reply(hang=True), Reply(text="The tide is in.", usage=(350, 20)))


@pytest.fixture
def bench(
    installed: Installed, workspace: Workspace, stub: StubProvider, tmp_path: Path
) -> Iterator[Workbench]:
    _agents(stub)
    (workspace.root / "audit.workflow.js").write_text(AUDIT.replace("isolation:", "isolaton:"))
    environ = agent_environment(stub, tmp_path / "person")
    settings = {
        "callsheet.python": sys.executable,
        "callsheet.model": "openai/stub",
        "callsheet.models.prices": {"openai/stub": [3, 15]},
    }
    with (
        serve(installed, tmp_path / "code", environ, settings) as code,
        browser(installed, tmp_path / "profile") as context,
    ):
        bench = Workbench(context.pages[0], PICTURES)
        bench.goto(code.window(workspace.root))
        try:
            yield bench
        finally:
            bench.picture("end")


@pytest.mark.timeout(600)
def test_journey(bench: Workbench, workspace: Workspace) -> None:
    page = bench.page

    # A problem, and its fix.
    bench.open("audit.workflow.js")
    page.locator(".monaco-editor .squiggly-warning, .monaco-editor .squiggly-error").first.wait_for()
    bench.picture("01-problem")
    bench.line("isolaton").get_by_text("isolaton").first.click()
    bench.menu("Control+.", "isolation")
    bench.picture("02-fix")
    page.keyboard.press("Enter")
    bench.line("isolation:").wait_for()
    bench.gone(page.locator(".monaco-editor .squiggly-warning, .monaco-editor .squiggly-error"))

    # A run, of the text as it stands: nothing was saved.
    bench.lens("Run workflow").click()
    bench.do("Callsheet: Show Runs")
    bench.sees("audit")
    bench.sees("look parser")
    bench.until_after_text("of 3")
    bench.picture("03-running")
    bench.sees("Mend", "0/1")
    bench.until_after_text("done of 3", "running")
    bench.picture("04-mending")
    bench.sees("sum up", "tok")
    bench.status_bar("audit 5/5").wait_for()
    bench.lens("Last run: completed").wait_for()
    bench.picture("05-completed")

    # Its transcript, and what it changed.
    bench.row("mend readme").click()
    bench.line("## Prompt").wait_for()
    bench.picture("06-transcript")
    bench.do("Callsheet: Show Changes")
    page.locator(".monaco-diff-editor .line-insert").first.wait_for()
    bench.picture("07-changes")
    assert workspace.readme() == README
    bench.do("Callsheet: Apply Changes")
    page.locator(".monaco-dialog-box .monaco-button", has_text="Apply").click()
    bench.until(lambda: workspace.readme() == MENDED, "the applied change")

    # Stop, and resume: what was done replays.
    bench.open("slow.workflow.js")
    bench.lens("Run workflow").click()
    bench.sees("tide")
    bench.until_after_text("running")
    bench.do("Callsheet: Stop Run")
    bench.lens("Last run: stopped").wait_for()
    bench.sees("slow", "stopped")
    bench.picture("08-stopped")
    bench.lens("Resume last run").click()
    bench.lens("Last run: completed").wait_for()
    bench.sees("hello", "replayed")
    bench.picture("09-resumed")

    # The report.
    bench.open("audit.workflow.js")
    bench.do("Callsheet: Open Run Report")
    report = bench.webview()
    report.locator("h1", has_text="audit").wait_for()
    report.locator("button.agent", has_text="look server").wait_for()
    bench.picture("10-report")
    report.locator("button.agent").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".tab.active", has_text="look server").wait_for()

    # A run that is not wanted any more.
    bench.open("slow.workflow.js")
    bench.do("Callsheet: Remove Run")
    page.locator(".monaco-dialog-box .monaco-button", has_text="Remove").click()
    bench.lens("Last run").wait_for(state="detached")
    bench.gone(bench.row("slow"))
