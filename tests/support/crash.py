"""Random runs that are killed at random moments and resumed until they are done.

A round makes a script out of random pieces, runs it undisturbed for its expected result, then runs it again with agents
of random duration and kills runner, sandbox or both, now and then tearing the last line of the journal as a kill inside
a write does. Afterwards nothing may be lost, paid for twice or left lying about.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import define, field, frozen
from callsheet.agents.processes import find_run_processes
from callsheet.runs.journal import decode_line, read_journal
from callsheet.runs.launch import launch, launch_resume, options_from
from callsheet.runs.lease import holder, is_held
from callsheet.runs.rundir import RunDir
from callsheet.runs.store import RunStore
from callsheet.settings import Settings

from tests.support.cli import answer, asked
from tests.support.git_repository import git, make_repository

PATIENCE_S = 60.0
MAX_DURATION_S = 0.15
LATEST_CRASH_S = 0.9
CHILD = """export const meta = {name: "child", description: "Asks two agents"}
return await parallel([1, 2].map((i) => () => agent(`${args.tag} ${i}`)))
"""


@define
class Generator:
    """Writes a random script and the answers of its agents."""

    rng: random.Random
    answers: dict[str, Any] = field(factory=dict)
    lines: list[str] = field(factory=list)
    count: int = 0
    raced: bool = False

    def script(self) -> str:
        self.lines = [
            'export const meta = {name: "crash", description: "Random"}',
            "const out = [], raced = []",
        ]
        pieces: list[Callable[[], None]] = [
            self.single,
            self.fan_out,
            self.pipeline,
            self.loop,
            self.race,
            self.spending,
            self.nested,
            self.isolated,
            self.failing,
        ]
        for _ in range(self.rng.randint(3, 6)):
            self.rng.choice(pieces)()
        self.lines.append("return {out, raced}")
        return "\n".join(self.lines) + "\n"

    def prompt(self, suffix: str = "", **fields: Any) -> str:
        """Name an agent that has not been named yet, and give it an answer."""
        self.count += 1
        name = f"p{self.count}"
        self.answer(name + suffix, **fields)
        return name

    def answer(self, prompt: str, **fields: Any) -> None:
        fields.setdefault("duration_s", round(self.rng.uniform(0, MAX_DURATION_S), 3))
        fields.setdefault("usage", [self.rng.randint(1, 50), self.rng.randint(1, 50)])
        self.answers[f"^{prompt}$"] = answer(f"answer to {prompt}", **fields)

    def single(self) -> None:
        self.lines.append(f"out.push(await agent('{self.prompt()}'))")

    def fan_out(self) -> None:
        thunks = ", ".join(f"() => agent('{self.prompt()}')" for _ in range(self.rng.randint(2, 6)))
        self.lines.append(f"out.push(await parallel([{thunks}]))")

    def pipeline(self) -> None:
        self.count += 1
        name, items = f"p{self.count}", [f"i{number}" for number in range(self.rng.randint(2, 4))]
        for item in items:
            self.answer(f"{name} {item} first")
            self.answer(f"{name} {item} second answer to {name} {item} first")
        self.lines.append(
            f"out.push(await pipeline({json.dumps(items)}, (_, x) => agent(`{name} ${{x}} first`), "
            f"(found, x) => agent(`{name} ${{x}} second ${{found}}`)))"
        )

    def loop(self) -> None:
        self.count += 1
        name, rounds = f"p{self.count}", self.rng.randint(2, 4)
        for number in range(rounds):
            self.answer(f"{name} {number}")
        self.lines.append(f"for (let i = 0; i < {rounds}; i++) out.push(await agent(`{name} ${{i}}`))")

    def race(self) -> None:
        self.raced = True
        first, second = self.prompt(), self.prompt()
        self.count += 1
        after = f"p{self.count}"
        for winner in (first, second):
            self.answer(f"{after} answer to {winner}")
        self.lines.append(
            f"raced.push(await agent(`{after} ${{await Promise.race([agent('{first}'), agent('{second}')])}}`))"
        )

    def spending(self) -> None:
        # The loser of a race may be delivered before or after this, so only then is it no function of the answers.
        self.lines.append(f"{'raced' if self.raced else 'out'}.push(budget.spent())")

    def nested(self) -> None:
        self.count += 1
        name = f"p{self.count}"
        for number in (1, 2):
            self.answer(f"{name} {number}")
        self.lines.append(
            f"out.push(await workflow({{scriptPath: './child.workflow.js'}}, {{tag: '{name}'}}))"
        )

    def isolated(self) -> None:
        prompts = [
            self.prompt(files={f"made-{self.count + 1}.txt": "made\n"}) for _ in range(self.rng.randint(1, 2))
        ]
        thunks = ", ".join(f"() => agent('{prompt}', {{isolation: 'worktree'}})" for prompt in prompts)
        self.lines.append(f"out.push(await parallel([{thunks}]))")

    def failing(self) -> None:
        prompt = self.prompt(fail="AGENT_FAILED")
        self.lines.append(f"out.push(await agent('{prompt}'))")


@frozen
class Outcome:
    """What a round went through, for the reader of a failed one."""

    seed: int
    crashes: list[str]
    journal: Path


def crash_round(folder: Path, seed: int) -> Outcome:
    """One round; raises AssertionError with the seed and the story when something was lost, repeated or left."""
    rng = random.Random(seed)
    generator = Generator(rng)
    text = generator.script()
    repository = make_repository(folder / "repository", {"kept.txt": "kept\n", "child.workflow.js": CHILD})
    script = repository / "crash.workflow.js"
    script.write_text(text)
    expected = _undisturbed(folder, script, generator)
    answers = folder / "answers.json"
    _write_answers(answers, generator.answers)
    options = options_from(Settings(), backend=f"scripted:{answers}", concurrency=rng.choice([2, 4, 16]))
    run_id = launch(text, path=script, options=options, settings=Settings(), cwd=repository)
    run_dir = RunStore(repository).find(run_id)
    crashes: list[str] = []
    story = Outcome(seed, crashes, run_dir.journal)
    for _ in range(rng.randint(1, 3)):
        time.sleep(rng.uniform(0.0, LATEST_CRASH_S))
        crashes.append(_crash(run_dir, rng))
        finished = _finished(run_dir)
        before = len(asked(answers))
        launch_resume(run_dir, settings=Settings())
        if _wait_for_news(run_dir, answers, before):
            repeated = {line["prompt"] for line in asked(answers)[before:]} & finished
            assert not repeated, (story, f"paid for twice: {sorted(repeated)}")
    _wait_until_free(run_dir)
    repeated = {line["prompt"] for line in asked(answers)[before:]} & finished
    assert not repeated, (story, f"paid for twice: {sorted(repeated)}")
    run = RunStore(repository).load(run_id)
    if not run.status.startswith("completed"):
        # The sandbox died in the last crash's place, or the last kill came late.
        launch_resume(run_dir, settings=Settings())
        _wait_until_free(run_dir)
        run = RunStore(repository).load(run_id)
    assert run.status == expected["status"], (story, run.status, run.error)
    assert run.state.result["out"] == expected["out"], (story, run.state.result)
    _nothing_left(repository, run_dir, story)
    return story


def _undisturbed(folder: Path, script: Path, generator: Generator) -> dict[str, Any]:
    answers = folder / "undisturbed.json"
    quick = json.loads(json.dumps(generator.answers))
    for reply in quick.values():
        reply["$answer"]["duration_s"] = 0
    _write_answers(answers, quick)
    options = options_from(Settings(), backend=f"scripted:{answers}")
    run_id = launch(script.read_text(), path=script, options=options, settings=Settings(), cwd=script.parent)
    store = RunStore(script.parent)
    _wait_until_free(store.find(run_id))
    run = store.load(run_id)
    assert run.status.startswith("completed"), (run.status, run.error)
    store.remove(run_id)
    return {"status": run.status, "out": run.state.result["out"]}


def _write_answers(path: Path, answers: dict[str, Any]) -> None:
    path.write_text(json.dumps({"answers": answers, "log": f"{path.stem}.log"}))


def _crash(run_dir: RunDir, rng: random.Random) -> str:
    """Kill what the dice say, wait until nobody runs the run, and tear the journal as a kill inside a write does."""
    who = holder(run_dir.lock)
    what = rng.choice(["runner", "runner", "sandbox", "both"])
    if who is None or not is_held(run_dir.lock):
        return "over already"
    victims = [who.pid] if what != "sandbox" else []
    if what != "runner":
        victims = [*_children(who.pid), *victims]
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_until_free(run_dir)
    if what != "sandbox" and rng.random() < 0.4:
        what += f", torn by {_tear(run_dir.journal, rng)} bytes"
    return what


def _tear(journal: Path, rng: random.Random) -> int:
    data = journal.read_bytes()
    last = data.rstrip(b"\n").rfind(b"\n") + 1
    if last == 0 or decode_line(data[last:].rstrip(b"\n"))["k"] == "end":
        return 0
    cut = rng.randint(1, len(data) - last)
    os.truncate(journal, len(data) - cut)
    return cut


def _children(pid: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = [line.split() for line in listing.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _finished(run_dir: RunDir) -> set[str]:
    """Prompts of the agents whose results are on disk."""
    prompts: dict[int, str] = {}
    finished: set[str] = set()
    for record in read_journal(run_dir.journal).records:
        if record["k"] == "call":
            prompts[record["n"]] = record["label"]
        elif record["k"] == "done" and record["status"] == "done":
            finished.add(prompts[record["n"]])
        elif record["k"] == "fork":
            raise AssertionError(f"an unchanged script left its history: {record}")
    return finished


def _wait_for_news(run_dir: RunDir, answers: Path, before: int) -> bool:
    """Wait until a resumed run has asked an agent, or is over."""
    deadline = time.monotonic() + PATIENCE_S
    while is_held(run_dir.lock) and len(asked(answers)) == before:
        assert time.monotonic() < deadline, run_dir
        time.sleep(0.01)
    return len(asked(answers)) > before


def _wait_until_free(run_dir: RunDir) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while is_held(run_dir.lock):
        assert time.monotonic() < deadline, f"{run_dir} is still being run: {run_dir.log.read_text()}"
        time.sleep(0.005)


def _nothing_left(repository: Path, run_dir: RunDir, story: Outcome) -> None:
    left = {
        "worktrees": git(repository, "worktree", "list", "--porcelain").split("worktree ")[2:],
        "branches": git(repository, "branch", "--list", "callsheet/*").split(),
        "folders": [
            str(path) for path in (repository / ".callsheet" / "worktrees").glob("*") if path.is_dir()
        ],
        "processes": find_run_processes(run_dir.run_id),
    }
    assert not any(left.values()), (story, left)
    listing = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert run_dir.run_id not in listing, story
    assert not run_dir.socket.exists(), story
    assert not read_journal(run_dir.journal).torn, story
