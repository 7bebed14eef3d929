"""`callsheet run` and what follows, as real processes with the scripted backend (protocol, "Command line")."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from callsheet.runs.control import NotRunning, ask
from callsheet.runs.lease import Lease, holder, is_held
from callsheet.runs.rundir import RunDir
from callsheet.runs.store import RunStore

from tests.support.cli import (
    COMMAND,
    answer,
    asked,
    callsheet,
    environ,
    result_of,
    write_answers,
    write_script,
)

THREE = """phase("Scan")
log("looking")
const found = await parallel([1, 2, 3].map((i) => () => agent(`look ${i}`, {label: `eye ${i}`})))
phase("Sum")
return {found, sum: await agent("sum up"), args}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_script(tmp_path / "three.workflow.js", THREE, phases=[{"title": "Scan"}, {"title": "Sum"}])
    return tmp_path


def wait_for(condition: Callable[[], Any], what: str = "") -> Any:
    deadline = time.monotonic() + 60
    while not (value := condition()):
        assert time.monotonic() < deadline, what or condition
        time.sleep(0.01)
    return value


def the_run(project: Path) -> RunDir:
    return RunStore(project).find("last")


def test_piped_progress_is_plain_lines_and_the_result(project: Path) -> None:
    backend = write_answers(
        project / "a.json", {"^look": answer("found", usage=[1000, 200, 0.05])}, default="summed"
    )
    done = callsheet("run", "three.workflow.js", "--backend", backend, "--args", '{"x": 1}', cwd=project)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    for line in ("Scan", "  looking", "  #1 eye 1: started", "Sum", "completed"):
        assert line in done.stdout, done.stdout
    assert "1,200 tokens · $0.0500" in done.stdout
    result = json.loads(done.stdout.partition("result:\n")[2])
    assert result == {"found": ["found"] * 3, "sum": "summed", "args": {"x": 1}}


def test_json_is_one_object_and_nothing_else(project: Path) -> None:
    backend = write_answers(project / "a.json", {"^look": answer("found", usage=[10, 2, 0.5])})
    done = callsheet("run", "three.workflow.js", "--backend", backend, "--json", cwd=project)
    shape = result_of(done)
    assert done.returncode == 0
    assert done.stderr == ""
    assert shape["status"] == "completed"
    assert shape["result"]["found"] == ["found"] * 3
    assert "args" not in shape["result"]
    assert [agent["call"] for agent in shape["agents"]] == [1, 2, 3, 4]
    assert shape["agents"][0] == {
        "call": 1,
        "label": "eye 1",
        "phase": "Scan",
        "model": None,
        "status": "done",
        "reason": None,
        "tokens": 12,
        "cost": 0.5,
        "durationMs": shape["agents"][0]["durationMs"],
        "worktree": None,
        "file": None,
        "line": 4,
        "warning": None,
    }
    assert shape["usage"] == {"input": 30, "output": 6, "total": 36, "cost": 1.5, "estimated": False}
    assert (shape["logs"], shape["phases"], shape["error"]) == (["looking"], ["Scan", "Sum"], None)
    assert shape["runId"] == the_run(project).run_id


def test_files_of_a_run_are_its_owners_alone_and_out_of_git(project: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / "deep").mkdir()
    backend = write_answers(project / "a.json")
    done = callsheet(
        "run", "../three.workflow.js", "--backend", backend, cwd=project / "deep", env=environ(project)
    )
    assert done.returncode == 0, done.stderr
    run_dir = the_run(project)
    paths = [run_dir.path, *run_dir.path.rglob("*")]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert {mode for name, mode in modes.items() if "." not in name and name not in ("lock", "script")} == {
        0o700
    }
    assert {modes[name] for name in ("journal.jsonl", "script.js", "lock", "runner.log")} == {0o600}
    untracked = subprocess.run(
        ["git", "status", "--short", "-uall"], cwd=project, capture_output=True, text=True
    )
    assert "runs/" not in untracked.stdout


def test_failures_and_errors_have_their_exit_statuses(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look 2": answer(fail="AGENT_FAILED", message="no luck")})
    done = callsheet("run", "three.workflow.js", "--backend", backend, "--json", cwd=project)
    shape = result_of(done)
    assert done.returncode == 3
    assert shape["status"] == "completed_with_failures"
    assert shape["agents"][1]["reason"] == {"code": "AGENT_FAILED", "message": "no luck"}
    allowed = callsheet("run", "three.workflow.js", "--backend", backend, "--allow-failures", cwd=project)
    assert allowed.returncode == 0
    assert "eye 2: failed" in allowed.stdout
    write_script(project / "bad.workflow.js", "await agent('x')\nthrow new Error('broken')")
    failed = callsheet("run", "bad.workflow.js", "--backend", backend, "--json", cwd=project)
    assert failed.returncode == 1
    error = result_of(failed)["error"]
    assert (error["code"], error["line"]) == ("SCRIPT_ERROR", 3)
    assert "broken" in error["message"]


def test_detach_prints_the_id_and_others_follow(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look": answer("x", wait_for="go")})
    done = callsheet("run", "three.workflow.js", "--backend", backend, "--detach", cwd=project)
    assert done.returncode == 0
    run_id = done.stdout.strip()
    assert run_id == the_run(project).run_id
    attached = subprocess.Popen(
        [*COMMAND, "attach", "last"], cwd=project, env=environ(project), stdout=subprocess.PIPE, text=True
    )
    assert attached.stdout is not None
    assert f"run {run_id} attached" in attached.stdout.readline()
    listed = callsheet("runs", "--json", cwd=project)
    assert [(run["runId"], run["status"]) for run in json.loads(listed.stdout)] == [(run_id, "running")]
    (project / "go").touch()
    rest = attached.communicate(timeout=60)[0]
    assert attached.returncode == 0
    assert "completed" in rest
    assert "result:" in rest
    again = callsheet("attach", run_id, cwd=project)
    assert again.returncode == 1
    assert "not running" in again.stderr


def test_interrupting_stops_in_order_and_the_run_can_be_resumed(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look 1": "first", "look": answer("later", wait_for="go")})
    running = subprocess.Popen(
        [*COMMAND, "run", "three.workflow.js", "--backend", backend, "--concurrency", "4"],
        cwd=project,
        env=environ(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: len(asked(project / "a.json")) == 3)
    run_dir = the_run(project)
    wait_for(lambda: RunStore(project).load("last").state.counts()["done"] == 1)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "stopped" in out
    assert f"callsheet resume {run_dir.run_id}" in out
    assert not is_held(run_dir.lock)
    stopped = json.loads(callsheet("show", "last", "--json", cwd=project).stdout)
    assert stopped["status"] == "stopped"
    assert [agent["status"] for agent in stopped["agents"]] == ["done", "stopped", "stopped"]
    (project / "go").touch()
    resumed = callsheet("resume", run_dir.run_id, "--json", cwd=project)
    shape = result_of(resumed)
    assert resumed.returncode == 0
    assert shape["runId"] == run_dir.run_id
    assert shape["result"]["found"] == ["first", "later", "later"]
    assert [agent["status"] for agent in shape["agents"]] == ["replayed", "done", "done", "done"]
    assert [line["prompt"] for line in asked(project / "a.json")].count("look 1") == 1


@pytest.mark.parametrize("moment", ["Stopping", "stopped"])
def test_a_second_interrupt_kills_and_whatever_its_moment_the_run_is_told(project: Path, moment: str) -> None:
    backend = write_answers(project / "a.json", {"look": answer("later", wait_for="never")})
    running = subprocess.Popen(
        [*COMMAND, "run", "three.workflow.js", "--backend", backend],
        cwd=project,
        env=environ(project, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: asked(project / "a.json"))
    running.send_signal(signal.SIGINT)
    assert running.stdout is not None
    assert running.stderr is not None
    assert any(line.startswith(moment) for line in iter(running.stdout.readline, ""))
    running.send_signal(signal.SIGINT)
    rest = running.stdout.read()
    assert (running.wait(60), running.stderr.read()) == (130, "")
    assert "Go on with: callsheet resume" in rest
    assert not is_held(the_run(project).lock)


INTERRUPTED_WHILE_LOADING = """import sys
class Interrupt:
    def find_spec(name, path, target=None):
        if name == "callsheet.cli.app":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt)
from callsheet.cli import main
main()
"""


def test_an_interrupt_while_the_modules_load_is_no_fault_to_report(project: Path) -> None:
    command = [sys.executable, "-P", "-c", INTERRUPTED_WHILE_LOADING, "run", "three.workflow.js"]
    done = subprocess.run(command, cwd=project, env=environ(project), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "")


def test_a_second_runner_is_refused_and_told_who_holds_the_run(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look": answer("x", wait_for="go")})
    callsheet("run", "three.workflow.js", "--backend", backend, "--detach", cwd=project)
    run_dir = the_run(project)
    pid = wait_for(lambda: holder(run_dir.lock)).pid  # type: ignore[union-attr]
    refused = callsheet("resume", "last", cwd=project)
    assert refused.returncode == 2
    assert f"process {pid} on {os.uname().nodename}" in refused.stderr
    shape = result_of(callsheet("resume", "last", "--json", cwd=project))
    assert (shape["status"], shape["runId"], shape["error"]["code"]) == ("refused", None, "RUN_LOCKED")
    assert callsheet("rm", "last", cwd=project).returncode == 2
    assert callsheet("stop", "last", cwd=project).returncode == 0
    assert not is_held(run_dir.lock)
    assert callsheet("stop", "last", cwd=project).returncode == 1


def test_a_runner_that_does_not_answer_is_killed_by_force(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look": answer("x", wait_for="never")})
    callsheet("run", "three.workflow.js", "--backend", backend, "--detach", cwd=project)
    wait_for(lambda: asked(project / "a.json"))
    run_dir = the_run(project)
    pid = holder(run_dir.lock).pid  # type: ignore[union-attr]
    os.kill(pid, signal.SIGSTOP)
    refused = callsheet("resume", "last", "--json", cwd=project)
    assert result_of(refused)["error"]["code"] == "RUN_LOCKED"
    with pytest.raises(NotRunning, match=f"process {pid} on .* does not answer") as deaf:
        ask(run_dir, "pause", patience_s=0.1)
    assert "stop --force" in str(deaf.value)
    done = callsheet("stop", "last", "--force", cwd=project)
    assert done.returncode == 0, done.stderr
    assert not is_held(run_dir.lock)
    assert RunStore(project).load("last").status == "stopped"


def test_pause_lets_agents_finish_and_exits_with_4(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look": answer("x", wait_for="go")})
    command = [*COMMAND, "run", "three.workflow.js", "--backend", backend, "--concurrency", "2", "--json"]
    running = subprocess.Popen(command, cwd=project, env=environ(project), stdout=subprocess.PIPE, text=True)
    wait_for(lambda: len(asked(project / "a.json")) == 2)
    assert callsheet("pause", "last", cwd=project).returncode == 0
    (project / "go").touch()
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 4
    shape = json.loads(out)
    assert shape["status"] == "paused"
    assert [agent["status"] for agent in shape["agents"]] == ["done", "done", "stopped"]
    assert callsheet("resume", "last", cwd=project).returncode == 0


def test_resuming_a_run_that_is_pausing_takes_the_pause_back(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look": answer("x", wait_for="go")})
    callsheet("run", "three.workflow.js", "--backend", backend, "--concurrency", "2", "--detach", cwd=project)
    wait_for(lambda: len(asked(project / "a.json")) == 2)
    assert callsheet("pause", "last", cwd=project).returncode == 0
    wait_for(lambda: RunStore(project).load("last").status == "pausing")
    refused = callsheet("resume", "last", "--budget", "9", "--json", cwd=project)
    assert result_of(refused)["error"]["code"] == "RUN_LOCKED"
    resuming = subprocess.Popen(
        [*COMMAND, "resume", "last", "--json"],
        cwd=project,
        env=environ(project),
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: RunStore(project).load("last").status == "running")
    (project / "go").touch()
    out, _ = resuming.communicate(timeout=60)
    assert (resuming.returncode, json.loads(out)["status"]) == (0, "completed")
    assert RunStore(project).load("last").state.segments == 1


def test_skipping_an_agent(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look 2": answer("x", wait_for="never")})
    callsheet("run", "three.workflow.js", "--backend", backend, "--detach", cwd=project)
    wait_for(lambda: len(asked(project / "a.json")) >= 2)
    assert callsheet("skip", "last", "99", cwd=project).returncode == 1
    assert callsheet("skip", "last", "2", cwd=project).returncode == 0
    run_dir = the_run(project)
    wait_for(lambda: not is_held(run_dir.lock))
    shown = json.loads(callsheet("show", "last", "--json", cwd=project).stdout)
    assert shown["status"] == "completed_with_failures"
    assert shown["agents"][1]["status"] == "skipped"
    assert shown["result"]["found"] == ["done", None, "done"]


def test_a_run_whose_runner_died_is_told_as_such_and_resumes(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look 3": answer("x", wait_for="go")})
    callsheet("run", "three.workflow.js", "--backend", backend, "--detach", "--concurrency", "4", cwd=project)
    run_dir = the_run(project)
    wait_for(lambda: RunStore(project).load("last").state.counts()["done"] == 2)
    os.kill(holder(run_dir.lock).pid, signal.SIGKILL)  # type: ignore[union-attr]
    wait_for(lambda: not is_held(run_dir.lock))
    shape = json.loads(callsheet("show", "last", "--json", cwd=project).stdout)
    assert shape["status"] == "stopped"
    assert "died" in shape["error"]["message"]
    assert shape["agents"][2]["status"] == "stopped"
    shown = callsheet("show", "last", cwd=project).stdout
    assert "died" in shown
    assert "running" not in shown
    (project / "go").touch()
    assert callsheet("resume", "last", cwd=project).returncode == 0
    prompts = [line["prompt"] for line in asked(project / "a.json")]
    assert sorted(prompts) == ["look 1", "look 2", "look 3", "look 3", "sum up"]


LOST: dict[str, Callable[[Path, RunDir], object]] = {
    "the working directory": lambda project, _: shutil.rmtree(project / "deep"),
    "the script": lambda _, run_dir: run_dir.script.unlink(),
    "a script in UTF-8": lambda _, run_dir: run_dir.script.write_bytes(b"\xff"),
    "the answers": lambda project, _: (project / "a.json").unlink(),
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST.keys())
def test_a_resume_without_what_it_needs_is_refused_and_the_run_stays_as_it_was(
    project: Path, lose: Callable[[Path, RunDir], object]
) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / "deep").mkdir()
    backend = write_answers(project / "a.json")
    run = ("run", "../three.workflow.js", "--backend", backend)
    assert callsheet(*run, cwd=project / "deep", env=environ(project)).returncode == 0
    run_dir = the_run(project)
    lose(project, run_dir)
    before = run_dir.journal.read_bytes()
    done = callsheet("resume", "last", "--json", cwd=project)
    assert (done.returncode, result_of(done)["status"]) == (2, "refused")
    assert run_dir.journal.read_bytes() == before
    if not (project / "deep").exists():
        own = run_dir.script.read_bytes()
        edited = write_script(project / "edited.workflow.js", "return 1")
        assert callsheet("resume", "last", "--script", str(edited), cwd=project).returncode == 2
        assert run_dir.script.read_bytes() == own
    assert RunStore(project).load("last").status == "completed"


def test_a_resume_whose_runner_died_before_it_began_is_no_completed_run(project: Path) -> None:
    backend = write_answers(project / "a.json")
    callsheet("run", "three.workflow.js", "--backend", backend, cwd=project)
    run_dir = the_run(project)
    lease = Lease.take(run_dir.lock)
    os.close(lease.fd)
    run = RunStore(project).load("last")
    assert run.status == "stopped"
    assert run.error is not None
    assert "died" in run.error["message"]
    assert RunStore(project).load(run.run_id).to_json()["agents"][0]["status"] == "done"
    assert callsheet("resume", "last", cwd=project).returncode == 0
    assert RunStore(project).load("last").status == "completed"


def test_a_run_whose_journal_cannot_grow_says_so_and_resumes(project: Path) -> None:
    write_script(
        project / "many.workflow.js", "for (let i = 0; i < 99; i++) await agent(`${i}`)\nreturn 'all'"
    )
    backend = write_answers(project / "a.json")
    (project / "a.json").write_text('{"default": "done"}')
    stopped = subprocess.run(
        [*COMMAND, "run", "many.workflow.js", "--backend", backend, "--json"],
        cwd=project,
        env=environ(project),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)),
    )
    shape = json.loads(stopped.stdout)
    assert (stopped.returncode, shape["status"]) == (130, "stopped")
    assert "journal cannot be written: File too large" in shape["error"]["message"]
    finished = sum(agent["status"] == "done" for agent in shape["agents"])
    assert 0 < finished < 99
    resumed = result_of(callsheet("resume", "last", "--json", cwd=project))
    assert (resumed["status"], resumed["result"]) == ("completed", "all")
    assert sum(agent["status"] == "replayed" for agent in resumed["agents"]) == finished


ASKING = """const sure = await checkpoint("Go on?", %s)
const options = {kind: "select", choices: ["red", "green"], default: "red"}
const colour = sure ? await checkpoint("Which colour?", options) : null
return {sure, colour}
"""


def test_questions_are_answered_by_another_process(project: Path) -> None:
    write_script(project / "ask.workflow.js", ASKING % "{}")
    backend = write_answers(project / "a.json")
    callsheet("run", "ask.workflow.js", "--backend", backend, "--detach", cwd=project)
    wait_for(lambda: RunStore(project).load("last").state.questions)
    wrong = callsheet("answer", "last", "1", "perhaps", cwd=project)
    assert wrong.returncode == 1
    assert "yes or no" in wrong.stderr
    assert callsheet("answer", "last", "1", "yes", cwd=project).returncode == 0
    wait_for(lambda: 2 in RunStore(project).load("last").state.questions)
    assert "Which colour?" in callsheet("show", "last", cwd=project).stdout
    assert callsheet("answer", "last", "2", "green", cwd=project).returncode == 0
    run_dir = the_run(project)
    wait_for(lambda: not is_held(run_dir.lock))
    assert RunStore(project).load("last").state.result == {"sure": True, "colour": "green"}


def test_with_nobody_to_ask_the_default_is_taken_or_the_run_fails(project: Path) -> None:
    backend = write_answers(project / "a.json")
    write_script(project / "ask.workflow.js", ASKING % "{default: true}")
    shape = result_of(callsheet("run", "ask.workflow.js", "--backend", backend, "--json", cwd=project))
    assert shape["result"] == {"sure": True, "colour": "red"}
    write_script(project / "ask.workflow.js", ASKING % "{}")
    done = callsheet("run", "ask.workflow.js", "--backend", backend, cwd=project)
    assert done.returncode == 1
    assert "NOBODY_TO_ASK" in done.stdout


def test_saved_workflows_run_by_name_and_paths_win(project: Path) -> None:
    saved = project / ".callsheet" / "workflows"
    saved.mkdir(parents=True)
    write_script(saved / "one.js", "return 'saved'", name="greet")
    backend = write_answers(project / "a.json")
    shape = result_of(callsheet("run", "greet", "--backend", backend, "--json", cwd=project))
    assert shape["result"] == "saved"
    write_script(project / "greet", "return 'path'")
    shape = result_of(callsheet("run", "greet", "--backend", backend, "--json", cwd=project))
    assert shape["result"] == "path"
    assert "greet" in callsheet("workflows", cwd=project).stdout


def test_an_edited_script_is_resumed_with_what_still_matches(project: Path) -> None:
    backend = write_answers(project / "a.json")
    callsheet("run", "three.workflow.js", "--backend", backend, cwd=project)
    text = (project / "three.workflow.js").read_text().replace("sum up", "sum it all up")
    (project / "three.workflow.js").write_text(text)
    done = callsheet("resume", "last", "--script", "three.workflow.js", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "the first that differs" in done.stdout
    assert "sum it all up" in done.stdout
    assert [line["prompt"] for line in asked(project / "a.json")][4:] == ["sum it all up"]


def test_removing_a_run(project: Path) -> None:
    backend = write_answers(project / "a.json")
    callsheet("run", "three.workflow.js", "--backend", backend, cwd=project)
    run_id = the_run(project).run_id
    assert callsheet("rm", run_id, cwd=project).returncode == 0
    assert callsheet("show", run_id, cwd=project).returncode == 1
    assert json.loads(callsheet("runs", "--json", cwd=project).stdout) == []


def test_the_report_is_one_file_that_loads_nothing_and_escapes_everything(project: Path) -> None:
    nasty = "<script>alert(1)</script>"
    backend = write_answers(project / "a.json", {"look": answer(nasty, usage=[10, 2, 0.5])})
    callsheet("run", "three.workflow.js", "--backend", backend, cwd=project)
    done = callsheet("report", "last", "-o", "out.html", cwd=project)
    assert done.returncode == 0, done.stderr
    page = (project / "out.html").read_text()
    assert nasty not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page
    assert not any(word in page for word in ("<script", "http://", "https://", "src=", "url(", "style="))
    for text in ("eye 3", "Timeline", "Spent by model", "prefers-color-scheme"):
        assert text in page
