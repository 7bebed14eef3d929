"""The plugin in a real Neovim: what a person types, and what is drawn on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.editor_workspace import Workspace, agent_environment, script_agents
from tests.support.neovim import Neovim, neovim
from tests.support.stub_provider import Reply, StubProvider

SERVER = [sys.executable, "-m", "callsheet_server"]
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def editor(workspace: Workspace, stub: StubProvider, tmp_path: Path) -> Iterator[Neovim]:
    script_agents(stub)
    environ = agent_environment(stub, tmp_path / "person")
    with neovim(tmp_path / "nvim", workspace.root, SERVER, environ) as running:
        yield running


def choose(editor: Neovim, wanted: str) -> None:
    """Have the next menus of `vim.ui.select` answered by the first entry that contains the text."""
    editor.lua(
        """
        local wanted = ...
        _G.ASKED = {}
        vim.ui.select = function(items, options, done)
          table.insert(_G.ASKED, options.prompt or '')
          for index, item in ipairs(items) do
            local text = options.format_item and options.format_item(item) or item
            if text:find(wanted, 1, true) then
              return done(item, index)
            end
          end
          done(nil)
        end
        """,
        wanted,
    )


def run_ends(editor: Neovim, status: str) -> dict[str, Any]:
    def find() -> dict[str, Any] | None:
        state = editor.state()
        return state if state.get("status") == status else None

    return editor.until(find, f"a run that is {status}")


def test_filetypes(editor: Neovim) -> None:
    for name, filetype in {
        "audit.workflow.js": "callsheet",
        ".callsheet/workflows/saved.js": "callsheet",
        "plain.js": "javascript",
        "notes.md": "markdown",
    }.items():
        editor.command(f"edit {name}")
        assert editor.lua("return vim.bo.filetype") == filetype


def test_problems_are_drawn_and_fixed(editor: Neovim) -> None:
    editor.lua("vim.diagnostic.config({ virtual_text = true })")
    editor.command("edit broken.workflow.js")
    editor.until(
        lambda: any("labell" in each["message"] for each in editor.diagnostics()), "the misspelt option"
    )
    editor.until_drawn("Date.now", "■")
    choose(editor, "label")
    editor.lua("vim.api.nvim_win_set_cursor(0, { 4, 36 })")
    editor.lua(
        """
        local found = vim.lsp.diagnostic.from(vim.diagnostic.get(0, { lnum = 3 }))
        vim.lsp.buf.code_action({ context = { only = { 'quickfix' }, diagnostics = found } })
        """
    )
    editor.until(lambda: "{ label: 'time' }" in editor.lines()[3], "the fixed line")
    editor.until(
        lambda: not any("labell" in each["message"] for each in editor.diagnostics()), "one problem less"
    )


def test_a_page_with_a_fence_is_checked_and_one_without_is_not(editor: Neovim) -> None:
    editor.command("edit README.md")
    editor.command("edit notes.md")
    editor.until(lambda: editor.diagnostics(), "the dice")
    assert editor.diagnostics()[0]["lnum"] == 5
    attached = "return #vim.lsp.get_clients({ bufnr = vim.fn.bufnr(...), name = 'callsheet' })"
    assert editor.lua(attached, "README.md") == 0


def test_run_is_drawn_to_its_end(editor: Neovim, workspace: Workspace) -> None:
    editor.command("edit audit.workflow.js")
    editor.until_drawn("Run workflow | Dry run")
    editor.command("Callsheet run")
    run_ends(editor, "completed")
    screen = editor.until_drawn("3 done of 3", "Last run: completed")
    mended = next(line for line in screen.splitlines() if "Mend the readme" in line)
    assert "✓" in mended
    assert "tok" in mended

    def progress() -> list[str]:
        return [
            each["kind"] for each in editor.lua("return _G.PROGRESS") if "callsheet-" in str(each["token"])
        ]

    editor.until(lambda: progress()[-1:] == ["end"], "the end of the progress")
    assert progress()[0] == "begin"

    # The line that is edited loses its mark, the others move along.
    editor.lua("vim.api.nvim_buf_set_lines(0, 5, 5, false, { '// a line above' })")
    editor.lua("vim.fn.search('Sum up')")
    editor.command("substitute/const/let/")
    editor.lua("vim.api.nvim_exec_autocmds('TextChanged', { buffer = 0 })")
    lines = editor.screen().splitlines()
    assert "done of 3" in next(line for line in lines if "Look at the" in line)
    assert "tok" not in next(line for line in lines if "Sum up" in line)
    editor.command("undo | undo")

    editor.command("Callsheet runs")
    editor.until_drawn("▾ audit", "  Look", "✓ look parser", "changed files")
    editor.lua("vim.fn.search('mend readme')")
    editor.press("<CR>")
    editor.until_drawn("# mend readme", "## Prompt", "Mend the readme")
    assert editor.lua("return vim.bo.filetype") == "markdown"

    editor.command("Callsheet changes")
    editor.until_drawn("+A small, well kept project.")
    choose(editor, "Yes")
    editor.command("Callsheet changes apply")
    editor.until(lambda: "well kept" in workspace.readme(), "the applied change")


def test_stop_and_resume(editor: Neovim) -> None:
    editor.command("edit slow.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet run")
    editor.until(lambda: editor.state().get("agents", {}).get("tide") == "running", "the agent at work")
    editor.until_drawn("◐ running")
    editor.command("Callsheet stop")
    stopped = run_ends(editor, "stopped")
    assert stopped["agents"] == {"hello": "done", "tide": "stopped"}
    editor.until_drawn("Resume last run")
    editor.command("Callsheet resume")
    assert run_ends(editor, "completed")["agents"] == {"hello": "replayed", "tide": "done"}
    editor.until_drawn("↺ replayed")


def test_failures_fill_the_quickfix_list(editor: Neovim, stub: StubProvider) -> None:
    stub._rules.clear()
    stub.on("Say hello", Reply(text="hello"))
    stub.on("Wait for the tide", Reply(status=400, error="no such tide"))
    editor.command("edit slow.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet run")
    run_ends(editor, "completed_with_failures")
    entries = editor.until(lambda: editor.lua("return vim.fn.getqflist()"), "the quickfix list")
    assert entries[0]["lnum"] == 4
    assert "tide" in entries[0]["text"]
    editor.command("Callsheet failures")
    editor.until_drawn("AGENT_FAILED")


def test_question_is_asked_and_answered(editor: Neovim) -> None:
    choose(editor, "Yes")
    editor.command("edit asking.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet run")
    run_ends(editor, "completed")
    assert "Shall it go on?" in editor.lua("return _G.ASKED")


def test_action_without_the_command(editor: Neovim) -> None:
    """Every client can run a script by a code action alone."""
    editor.command("edit audit.workflow.js")
    editor.until_drawn("Run workflow")
    editor.lua(
        "vim.lsp.buf.code_action({ apply = true, context = { only = { 'callsheet.run' }, diagnostics = {} }, "
        "filter = function(action) return action.title == 'Dry run' end })"
    )
    assert run_ends(editor, "completed")["agents"]["look parser"] == "done"


def test_a_script_with_errors_is_refused(editor: Neovim) -> None:
    editor.command("edit broken.workflow.js")
    editor.until(lambda: editor.diagnostics(), "problems")
    editor.command("Callsheet run")
    editor.until(lambda: "nothing was started" in editor.notified(), "the refusal")
    assert editor.state() == {}


def test_preview(editor: Neovim) -> None:
    editor.command("edit slow.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet plan")
    editor.until_drawn("at most 2 agents", "line 3: agent hello")


def test_completion_health_and_help(editor: Neovim) -> None:
    words = editor.lua("return vim.fn.getcompletion('Callsheet ', 'cmdline')")
    assert {"run", "dry", "resume", "stop", "pause", "runs", "changes", "transcript", "plan", "new"} <= set(
        words
    )
    assert editor.lua("return vim.fn.getcompletion('Callsheet changes a', 'cmdline')") == ["apply"]
    editor.command("checkhealth callsheet")
    screen = editor.until_drawn("Neovim 0.11", "server:")
    assert "ERROR" not in screen
    editor.command("helptags " + str(Path(editor.lua("return vim.env.CALLSHEET_PLUGIN")) / "doc"))
    editor.command("help callsheet")
    editor.until_drawn("Contents", "The runs buffer")


def test_new_workflow_runs_as_it_is(editor: Neovim) -> None:
    editor.command("Callsheet new tidy up")
    assert editor.lua("return vim.api.nvim_buf_get_name(0)").endswith(".callsheet/workflows/tidy-up.js")
    editor.until_drawn('name: "tidy up"', "Run workflow")
    assert editor.diagnostics() == []


def test_one_server_serves_every_project(editor: Neovim, tmp_path: Path) -> None:
    other = Workspace.create(tmp_path / "other")
    found = set()
    for name in ("slow.workflow.js", str(other.root / "slow.workflow.js")):
        editor.command(f"edit {name}")
        editor.until_drawn("Run workflow")
        editor.command("Callsheet dry")
        editor.until(lambda: editor.state().get("runId") not in {None, *found}, "the run")
        found.add(run_ends(editor, "completed")["runId"])
    assert editor.lua("return #vim.lsp.get_clients({ name = 'callsheet' })") == 1
    ids = "return vim.tbl_map(function(run) return run.summary.runId end, require('callsheet.store').list())"
    assert set(editor.lua(ids)) == found


def test_marks_stand_beside_the_lines_that_ran(editor: Neovim, workspace: Workspace) -> None:
    editor.command("edit slow.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet dry")
    run_ends(editor, "completed")
    editor.command("bwipeout!")
    path = workspace.root / "slow.workflow.js"
    text = path.read_text().replace("label: 'tide'", "label: 'ebb'").replace("const first", "\n\nconst first")
    path.write_text(text)
    editor.command("edit slow.workflow.js")
    screen = editor.until_drawn("✓ const first")
    assert "✓" not in next(line for line in screen.splitlines() if "Wait for the tide" in line)


def test_a_command_means_the_run_that_it_names(editor: Neovim, workspace: Workspace) -> None:
    editor.command("edit audit.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet run")
    named = run_ends(editor, "completed")["runId"]
    editor.command("edit slow.workflow.js")
    editor.until_drawn("Run workflow")
    editor.command("Callsheet dry")
    editor.until(lambda: editor.state().get("runId") != named, "the second run")
    run_ends(editor, "completed")
    choose(editor, "Yes")
    editor.command(f"Callsheet changes apply {named}")
    editor.until(lambda: "well kept" in workspace.readme(), "the applied change")
