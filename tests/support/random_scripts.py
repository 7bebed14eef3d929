"""Random workflow scripts for property tests: fan-outs, pipelines, races, loops, timers, nested calls, budget reads."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from attrs import define, field
from callsheet.agents.backend import AgentRequest, Usage
from callsheet.agents.scripted import Answer

HEAD = "export const meta = {name: 'random', description: 'd'}\n"
CHILD = """export const meta = {name: 'child', description: 'd'}
const seen = await parallel([1, 2].map((i) => async () => await agent(`child ${args} ${i}`)))
if (args % 2) throw new Error(`odd ${seen}`)
return [seen, await agent(`child ${args} sums up`)]
"""


@define
class RandomScript:
    """Writes one script.

    Attributes:
        races: whether its result may depend on which agent was first.
    """

    rng: random.Random
    races: bool = False
    nests: bool = False
    _next: int = field(default=0, init=False)

    def text(self, statements: int) -> str:
        """A script of so many statements, each on lines of its own behind a `log` of its number."""
        body = "".join(f"log('statement {n}')\n{self._statement(2)}" for n in range(statements))
        return f"{HEAD}const out = []\n{body}return out\n"

    def _id(self) -> int:
        self._next += 1
        return self._next

    def _agent(self, extra: str = "") -> str:
        return f"agent(`a{self._id()}{extra}`)"

    def _statement(self, depth: int) -> str:
        kinds = [
            "one",
            "twice",
            "fan_out",
            "pipeline",
            "loop",
            "timer",
            "chain",
            "floating",
            "nested_fan_out",
        ]
        kinds += ["race", "first_come", "spent"] if self.races else []
        kinds += ["workflow", "workflows"] if self.nests else []
        return getattr(self, f"_{self.rng.choice(kinds)}")(depth) + "\n"

    def _one(self, _: int) -> str:
        return f"out.push(await {self._agent()})"

    def _twice(self, _: int) -> str:
        call = self._agent()
        return f"out.push(await parallel([() => {call}, () => {call}, () => {call}]))"

    def _fan_out(self, _: int) -> str:
        thunks = ", ".join(f"() => {self._agent()}" for _ in range(self.rng.randint(1, 5)))
        return f"out.push(await parallel([{thunks}]))"

    def _nested_fan_out(self, depth: int) -> str:
        if depth == 0:
            return self._one(depth)
        inner = [
            f"async () => {{ const out = []; {self._statement(depth - 1)}; return out }}"
            for _ in range(self.rng.randint(2, 3))
        ]
        return f"out.push(await parallel([{', '.join(inner)}]))"

    def _pipeline(self, _: int) -> str:
        items = list(range(self.rng.randint(1, 4)))
        stages = [
            f"(p, item) => agent(`s{self._id()} ${{item}} ${{String(p).length}}`)"
            for _ in range(self.rng.randint(1, 3))
        ]
        return f"out.push(await pipeline({items}, {', '.join(stages)}))"

    def _loop(self, _: int) -> str:
        n = self._id()
        times = self.rng.randint(1, 4)
        return f"for (let i = 0; i < {times}; i++) out.push(await agent(`loop{n} ${{i}} ${{out.length}}`))"

    def _timer(self, _: int) -> str:
        return (
            f"out.push(await new Promise((done) => {{ setTimeout(async () => done(await {self._agent()}), "
            f"{self.rng.randint(0, 9)}); setTimeout(() => done('timer'), {self.rng.randint(0, 9)}) }}))"
        )

    def _chain(self, _: int) -> str:
        return f"out.push(await {self._agent()}.then((x) => agent(`chain ${{x}}`)))"

    def _floating(self, _: int) -> str:
        name = f"p{self._id()}"
        return f"const {name} = {self._agent()}; out.push(await {self._agent()}); out.push(await {name})"

    def _race(self, _: int) -> str:
        n = self._id()
        return (
            f"const w{n} = await Promise.race([{self._agent()}, {self._agent()}, {self._agent()}]); "
            f"out.push(await agent(`won ${{w{n}}}`))"
        )

    def _first_come(self, _: int) -> str:
        n = self._id()
        return (
            f"const f{n} = []; await parallel([1, 2, 3].map((i) => async () => {{ "
            f"f{n}.push(await agent(`f{n} ${{i}}`)); f{n}.push(await agent(`g{n} ${{f{n}.length}}`)) }})); "
            f"out.push(f{n})"
        )

    def _spent(self, _: int) -> str:
        return f"out.push(await parallel([1, 2].map((i) => async () => [await {self._agent('${i}')}, budget.spent()])))"

    def _workflow(self, _: int) -> str:
        n = self._id()
        call = f"workflow({{scriptPath: 'child.js'}}, {n})"
        return f"try {{ out.push(await {call}) }} catch (e) {{ out.push(e.message) }}"

    def _workflows(self, _: int) -> str:
        n = self._id()
        return (
            f"out.push(await parallel([() => workflow({{scriptPath: 'child.js'}}, {2 * n}), () => {self._agent()}, "
            f"() => workflow({{scriptPath: 'child.js'}}, {2 * n + 2}), () => workflow({{scriptPath: 'child.js'}}, 7)]))"
        )


def write_child(folder: Path) -> None:
    (folder / "child.js").write_text(CHILD)


def random_answers(seed: int, *, failing: float = 0.0, max_s: float = 0.004) -> Any:
    """Answers that follow from the prompt, after a time that follows from the seed as well."""

    def answer(request: AgentRequest) -> Answer:
        rng = random.Random(f"{seed} {request.prompt} {request.call}")
        usage = Usage(len(request.prompt), 1)
        if rng.random() < failing:
            return Answer(fail="AGENT_FAILED", usage=usage)
        duration = rng.choice([0.0, 0.0, rng.random() * max_s])
        return Answer(f"<{request.prompt[:40]}>", duration_s=duration, usage=usage)

    return answer
