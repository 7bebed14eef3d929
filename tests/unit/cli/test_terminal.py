"""What a person at a terminal sees and does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from callsheet.runs.lease import is_held
from callsheet.runs.store import RunStore

from tests.support.cli import COMMAND, answer, asked, environ, write_answers, write_script
from tests.support.terminal import Terminal

Open = Callable[..., Terminal]

MANY = """phase("Scan")
log("looking around")
const found = await parallel([...Array(args?.n ?? 4).keys()].map((i) => () => agent(`look ${i}`)))
phase("Sum")
return found.filter(Boolean).length
"""


@pytest.fixture
def at(tmp_path: Path) -> Open:
    write_script(tmp_path / "many.workflow.js", MANY, phases=[{"title": "Scan"}, {"title": "Sum"}])

    def open_terminal(*args: str, **more: Any) -> Terminal:
        env = environ(tmp_path, **more.pop("env", {}))
        return Terminal([*COMMAND, *args], cwd=tmp_path, env=env, **more)

    return open_terminal


def test_progress_is_drawn_in_place_and_replaced_by_the_result(at: Open, tmp_path: Path) -> None:
    backend = write_answers(
        tmp_path / "a.json", {"look [123]$": answer("x", wait_for="go", usage=[1000, 200, 0.05])}
    )
    with at("run", "many.workflow.js", "--backend", backend, "--concurrency", "8") as terminal:
        terminal.wait_for(lambda: "1/4" in terminal.display and "3 running" in terminal.display)
        assert "looking around" in terminal.everything
        assert re.search(r"▸ +#3 +look 2 ", terminal.display)
        assert "Scan" in terminal.display
        (tmp_path / "go").touch()
        assert terminal.wait() == 0
        assert "▸" not in terminal.display
        assert re.search(r"Scan +4/4 .*3,600 tokens +\$0\.15", terminal.display)
        assert re.search(
            r"completed · .*4 agents: 4 done · 3,600 tokens · \$0\.1500\nresult:\n4", terminal.display
        )


LONG = """return await parallel([0, 1, 2, 3, 4, 5].map((i) => () => agent(
  `Audit module number ${i} with a prompt that goes on and on`, i % 2 ? {label: `レビュー ${i}`} : {})))"""


@pytest.mark.parametrize("columns", [140, 80, 60, 40])
def test_numbers_are_never_cut_and_long_labels_are(at: Open, tmp_path: Path, columns: int) -> None:
    write_script(tmp_path / "a-workflow-with-quite-a-long-name.workflow.js", LONG)
    held = answer("x", usage=[1200, 300, 0.01], activity=["read: src/module/file.py"], wait_for="go")
    backend = write_answers(tmp_path / "a.json", {"": held})
    args = ("--backend", backend, "--concurrency", "4")
    with at("run", "a-workflow-with-quite-a-long-name.workflow.js", *args, columns=columns) as terminal:
        terminal.wait_for(
            lambda: terminal.display.count("▸ #") == 4 and terminal.display.count(" queued") >= 2
        )
        rows = [line for line in terminal.display.splitlines() if " #" in line]
        assert [row.split()[:2] for row in rows] == [["▸" if n < 5 else "·", f"#{n}"] for n in range(1, 7)]
        assert all(re.search(r" \d+\.\d s", row) or row.endswith("queued") for row in rows)
        assert sum("1,500 tokens · $0.0100" in row for row in rows) == (4 if columns >= 80 else 0)
        assert "running  " in terminal.display
        (tmp_path / "go").touch()
        assert terminal.wait() == 0


@pytest.mark.parametrize("columns", [120, 80, 60, 40])
def test_the_list_of_runs_can_be_read_at_any_width(at: Open, tmp_path: Path, columns: int) -> None:
    name = "a-workflow-with-quite-a-long-name"
    write_script(tmp_path / f"{name}.workflow.js", "return await agent('x')")
    with at("run", f"{name}.workflow.js", "--dry-run") as terminal:
        assert terminal.wait() == 0
    with at("runs", columns=columns) as terminal:
        assert terminal.wait() == 0
        row = terminal.display.splitlines()[1]
        assert row.startswith(RunStore(tmp_path).load("last").run_id)
        assert "  completed" in row
        assert ("a-w" in row) is (columns >= 60)


def test_estimates_are_marked_everywhere(at: Open, tmp_path: Path) -> None:
    with at("run", "many.workflow.js", "--dry-run") as terminal:
        assert terminal.wait() == 0
        for line in terminal.everything.splitlines():
            assert re.search(r"(?<!~)\b[\d,]+ tokens", line) is None, line
        assert re.search(r"Scan +4/4 +~\d+ tokens", terminal.everything)


def test_a_thousand_agents_fit_a_small_terminal(at: Open, tmp_path: Path) -> None:
    backend = write_answers(tmp_path / "a.json", {"look": answer("x", wait_for="go")})
    args = ("--concurrency", "600", "--args", '{"n": 1000}')
    with at("run", "many.workflow.js", "--backend", backend, *args, "--yes", rows=16) as terminal:
        terminal.wait_for(
            lambda: re.search(r"… \d+ more running, 400 more queued", terminal.display) is not None
        )
        assert "many  20" in terminal.display
        assert len(terminal.everything.splitlines()) <= 2 + 16
        (tmp_path / "go").touch()
        assert terminal.wait() == 0
        assert "1000 agents: 1000 done" in terminal.display


def test_ctrl_c_once_stops_in_order(at: Open, tmp_path: Path) -> None:
    backend = write_answers(tmp_path / "a.json", {"look": answer("x", wait_for="never")})
    with at("run", "many.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("2 running")
        terminal.type("\x03")
        assert terminal.wait() == 130
        run = RunStore(tmp_path).load("last")
        assert run.status == "stopped"
        assert run.state.ended
        assert f"callsheet resume {run.run_id}" in terminal.everything
        assert "Traceback" not in terminal.everything


def test_ctrl_c_twice_kills(at: Open, tmp_path: Path) -> None:
    backend = write_answers(tmp_path / "a.json", {"look": answer("x", wait_for="never")})
    with at("run", "many.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("2 running")
        terminal.type("\x03\x03")
        assert terminal.wait() == 130
        run = RunStore(tmp_path).load("last")
        assert run.status == "stopped"
        assert not is_held(run.run_dir.lock)


def test_leaving_an_attached_run_leaves_it_alone(at: Open, tmp_path: Path) -> None:
    backend = write_answers(tmp_path / "a.json", {"look": answer("x", wait_for="go")})
    with at("run", "many.workflow.js", "--backend", backend, "--detach") as first:
        assert first.wait() == 0
    with at("attach", "last") as terminal:
        terminal.wait_for("2 running")
        terminal.type("\x03")
        terminal.wait()
        assert "goes on" in terminal.everything
    run_dir = RunStore(tmp_path).find("last")
    assert is_held(run_dir.lock)
    with at("attach", "last") as again:
        again.wait_for("2 running")
        (tmp_path / "go").touch()
        assert again.wait() == 0


ASKING = """const sure = await checkpoint("Go on?")
const options = {kind: "select", choices: ["red", "green"], default: "red"}
const colour = await checkpoint("Which colour?", options)
return [sure, colour, await checkpoint("Your name?", {kind: "input"})]
"""


def test_questions_are_asked_and_wrong_answers_asked_again(at: Open, tmp_path: Path) -> None:
    write_script(tmp_path / "ask.workflow.js", ASKING)
    backend = write_answers(tmp_path / "a.json")
    with at("run", "ask.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("[y/n] >")
        terminal.type("perhaps\n")
        terminal.wait_for("answer yes or no")
        terminal.type("y\n")
        terminal.wait_for("[red] >")
        assert "2. green" in terminal.display
        terminal.type("2\n")
        terminal.wait_for("Your name?")
        terminal.type("Ada Lovelace\n")
        assert terminal.wait() == 0
    assert RunStore(tmp_path).load("last").state.result == [True, "green", "Ada Lovelace"]


def test_a_question_answered_elsewhere_is_taken_back(at: Open, tmp_path: Path) -> None:
    write_script(tmp_path / "ask.workflow.js", 'return [await checkpoint("Go on?"), await agent("x")]')
    backend = write_answers(tmp_path / "a.json")
    with at("run", "ask.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("[y/n] >")
        with at("answer", "last", "1", "no") as other:
            assert other.wait() == 0
        assert terminal.wait() == 0
        assert "Answered elsewhere" in terminal.everything
    assert RunStore(tmp_path).load("last").state.result == [False, "done"]


def test_ctrl_c_at_a_question_stops(at: Open, tmp_path: Path) -> None:
    write_script(tmp_path / "ask.workflow.js", ASKING)
    backend = write_answers(tmp_path / "a.json")
    with at("run", "ask.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("[y/n] >")
        terminal.type("\x03")
        assert terminal.wait() == 130
    assert RunStore(tmp_path).load("last").status == "stopped"


def test_no_color_is_honoured(at: Open, tmp_path: Path) -> None:
    backend = write_answers(tmp_path / "a.json")
    with at("run", "many.workflow.js", "--backend", backend, env={"NO_COLOR": "1"}) as terminal:
        assert terminal.wait() == 0
        assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", terminal.raw)
    assert len(asked(tmp_path / "a.json")) == 4


def test_text_from_agents_cannot_control_the_terminal(at: Open, tmp_path: Path) -> None:
    write_script(
        tmp_path / "evil.workflow.js", 'log("a\\u001b]0;owned\\u0007b"); return await agent("x\\u001b[2J")'
    )
    backend = write_answers(tmp_path / "a.json", default="\x1b[31mred\x07")
    with at("run", "evil.workflow.js", "--backend", backend) as terminal:
        assert terminal.wait() == 0
        assert b"\x1b]0;" not in terminal.raw
        assert b"\x1b[2J" not in terminal.raw
        assert b"\x07" not in terminal.raw


def test_a_large_run_is_confirmed_first(at: Open, tmp_path: Path) -> None:
    (tmp_path / "callsheet.toml").write_text("run.confirm_over.agents = 3\n")
    write_script(
        tmp_path / "large.workflow.js", "return await parallel([1, 2, 3, 4].map((i) => () => agent(`${i}`)))"
    )
    backend = write_answers(tmp_path / "a.json")
    with at("run", "large.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("over 3 agents. Start it?")
        terminal.type("n\n")
        assert terminal.wait() == 2
        assert "Nothing was started" in terminal.everything
    with at("run", "large.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("Start it?")
        terminal.type("\x03")
        assert terminal.wait() == 130
        assert "Traceback" not in terminal.everything
    assert not (tmp_path / ".callsheet").exists()
    with at("run", "large.workflow.js", "--backend", backend) as terminal:
        terminal.wait_for("Start it?")
        terminal.type("y\n")
        assert terminal.wait() == 0
    with at("run", "large.workflow.js", "--backend", backend, "--yes") as terminal:
        assert terminal.wait() == 0
        assert "Start it?" not in terminal.everything
