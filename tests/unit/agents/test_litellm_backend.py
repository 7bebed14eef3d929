"""Agents that are models, over real HTTP: the stub answers as a provider would, litellm and its workers are real."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import pytest_asyncio
from callsheet.agents.backend import AgentFailure, AgentRequest
from callsheet.agents.definitions import ALL_TOOLS
from callsheet.agents.litellm_backend import LitellmBackend
from callsheet.agents.processes import find_run_processes
from callsheet.agents.transcripts import read_transcript
from callsheet.errors import ReasonCode

from tests.support.stub_provider import KEY, Reply, StubProvider

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUN_ID = f"litellm-{os.getpid()}"
PASSWORD = "correct-horse-battery"
DATABASE = "postgres://app:staple-battery@db/app"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"n": {"type": "integer"}, "on": {"type": "string", "format": "date"}},
    "required": ["n"],
}


@pytest.fixture(scope="module")
def stub():
    with StubProvider() as stub:
        yield stub


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def backend(stub):
    environ = {**os.environ, **stub.environ(), "SERVICE_PASSWORD": PASSWORD, "DATABASE": DATABASE}
    backend = LitellmBackend(
        workers=1, environ=environ, prices={"openai/stub": (1.0, 10.0)}, call_timeout_s=3, backoff_s=0.05
    )
    yield backend
    await backend.aclose()


class Agent:
    """One try: its events, its transcript, its outcome."""

    def __init__(self, backend, folder: Path, prompt: str, **fields) -> None:
        self.folder = folder
        self.events = []
        fields = {"model": "openai/stub", "tools": ALL_TOOLS, "attempt": 1, "call": 1, **fields}
        self.request = AgentRequest(
            run_id=RUN_ID,
            label="l",
            prompt=prompt,
            cwd=folder,
            transcript=folder.with_suffix(".jsonl"),
            **fields,
        )
        self.task = asyncio.create_task(backend.run(self.request, self.events.append))

    def transcript(self, kind: str):
        return [record for record in read_transcript(self.request.transcript) if record["kind"] == kind]

    def texts(self, kind: str) -> list[str]:
        return [event.text for event in self.events if event.kind == kind]

    async def failure(self) -> AgentFailure:
        with pytest.raises(AgentFailure) as failure:
            await self.task
        return failure.value

    async def cancel(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


async def until(condition):
    """Wait for a condition that must come true."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def workers(parent: int | None = None) -> list[int]:
    children = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_text()
            except OSError:
                continue
            if (
                int(stat[1]) == (parent or os.getpid())
                and "callsheet.agents.worker" in command
                and stat[0] != "Z"
            ):
                children.append(int(entry.name))
    return children


async def test_tools_work_in_the_directory_and_usage_adds_up(backend, stub, tmp_path):
    (tmp_path / "a.txt").write_text("hello\n")
    stub.on(
        "^use the tools",
        Reply(tools=[("ls", {}), ("read", {"path": "a.txt", "limit": None})], usage=(100, 20)),
        Reply(tools=[("edit", {"path": "a.txt", "old": "hello", "new": "bye"})], usage=(200, 20)),
        Reply(tools=[("bash", {"command": "cat a.txt"}), ("grep", {"pattern": "b.e"})], usage=(300, 20)),
        Reply(text="finished", usage=(400, 40)),
    )
    agent = Agent(backend, tmp_path, "use the tools")
    outcome = await agent.task
    assert outcome.value == "finished"
    assert (outcome.usage.input_tokens, outcome.usage.output_tokens) == (1000, 100)
    assert outcome.usage.cost_usd == pytest.approx((1000 * 1 + 100 * 10) / 1e6)
    assert not outcome.usage.estimated
    assert outcome.model == "stub"
    assert (tmp_path / "a.txt").read_text() == "bye\n"
    last = stub.of("use the tools")[-1].body["messages"]
    assert [message["role"] for message in last] == [
        *("system", "user", "assistant", "tool", "tool"),
        *("assistant", "tool", "assistant", "tool", "tool"),
    ]
    assert last[1]["content"] == "use the tools"
    assert last[4]["content"] == "     1\thello"
    assert last[8]["content"] == "bye\n"
    assert last[9]["content"] == "a.txt:1:bye"
    activity = agent.texts("activity")
    assert activity[:4] == ["ls: .", "read: a.txt", "edit: a.txt", "bash: cat a.txt"]
    spent = [event.usage.total_tokens for event in agent.events if event.kind == "usage"]
    assert spent == [120, 340, 660, 1100]
    assert [record["name"] for record in agent.transcript("tool")] == ["ls", "read", "edit", "bash", "grep"]
    assert agent.transcript("end")[0]["value"] == "finished"
    assert agent.request.transcript.stat().st_mode & 0o777 == 0o600


async def test_E2_schema_missed_twice_and_then_met(backend, stub, tmp_path):
    stub.on(
        "^a number",
        Reply(tools=[("ls", {})]),
        Reply(text="let me think"),
        Reply(result={"n": "one"}),
        Reply(result={"n": 1, "on": "someday"}),
        Reply(result={"n": 1, "on": "2026-01-31"}),
    )
    agent = Agent(backend, tmp_path, "a number", schema=SCHEMA)
    outcome = await agent.task
    assert outcome.value == {"n": 1, "on": "2026-01-31"}
    assert outcome.usage.total_tokens == 5 * 110
    requests = stub.of("a number")
    assert [request.body.get("tool_choice") is not None for request in requests] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert requests[2].body["tool_choice"]["function"]["name"] == "submit_result"
    tool = next(tool for tool in requests[0].body["tools"] if tool["function"]["name"] == "submit_result")
    assert tool["function"]["parameters"]["properties"] == SCHEMA["properties"]
    assert "'one' is not of type 'integer'" in requests[3].body["messages"][-1]["content"]
    assert "'someday' is not a 'date'" in requests[4].body["messages"][-1]["content"]


async def test_E2_schema_never_met(backend, stub, tmp_path):
    stub.on("^never a number", Reply(result={"n": "x"}))
    failure = await Agent(backend, tmp_path, "never a number", schema=SCHEMA).failure()
    assert failure.code is ReasonCode.SCHEMA_NONCOMPLIANCE
    assert not failure.recoverable
    assert len(stub.of("never a number")) == 6
    assert failure.usage.total_tokens == 660


async def test_a_model_that_only_writes_text_may_write_the_object(backend, stub, tmp_path):
    stub.on("^only text", Reply(text="here"), Reply(text='```json\n{"n": 4}\n```'))
    assert (await Agent(backend, tmp_path, "only text", schema=SCHEMA).task).value == {"n": 4}
    stub.on("^stubborn text", Reply(text="no"))
    failure = await Agent(backend, tmp_path, "stubborn text", schema=SCHEMA).failure()
    assert failure.code is ReasonCode.SCHEMA_NONCOMPLIANCE


async def test_rate_limits_are_waited_for(backend, stub, tmp_path):
    stub.on("^limited", Reply(status=429, headers={"Retry-After": "1"}), Reply(text="ok"))
    agent = Agent(backend, tmp_path, "limited")
    assert (await agent.task).value == "ok"
    first, second = stub.of("limited")
    assert second.at - first.at >= 1.0
    assert agent.texts("waiting") == ["rate limit, retry in 1 s"]
    assert agent.transcript("waiting")[0]["text"] == "rate limit, retry in 1 s"


async def test_a_wait_that_is_too_long_fails(backend, stub, tmp_path):
    stub.on("^quota of the day", Reply(status=429, headers={"Retry-After": "7200"}))
    failure = await Agent(backend, tmp_path, "quota of the day").failure()
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, True)
    assert "asks to wait 7200 s" in failure.message
    assert len(stub.of("quota of the day")) == 1


TRANSIENT = {
    "server error": Reply(status=500),
    "overloaded": Reply(status=503, headers={"Retry-After": "0"}),
    "dropped connection": Reply(drop=True),
    "no JSON": Reply(body="{nonsense"),
    "slow": Reply(hang=True),
}


@pytest.mark.parametrize("name", TRANSIENT)
async def test_transient_errors_are_tried_again(backend, stub, tmp_path, name):
    stub.on(f"^transient {name}", TRANSIENT[name], Reply(text="ok"))
    agent = Agent(backend, tmp_path, f"transient {name}")
    assert (await agent.task).value == "ok"
    assert len(stub.of(f"transient {name}")) == 2
    assert len(agent.texts("waiting")) == 1


async def test_errors_that_stay_fail_after_some_retries(backend, stub, tmp_path):
    stub.on("^broken", Reply(status=500, error="out of order"))
    failure = await Agent(backend, tmp_path, "broken").failure()
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, True)
    assert failure.message == "provider error, after 4 retries: out of order"
    assert len(stub.of("broken")) == 5


def spoken(message, finish_reason="stop", **fields):
    """A chat completion whose message is anything."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish_reason}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [choice],
        **fields,
    }


UNREADABLE = {
    "page": ("<html>Welcome</html>", "the answer is no JSON (Expecting value: line 1 column 1 (char 0))"),
    "list of parts": (spoken({"content": [{"type": "text", "text": "hi"}]}), "Invalid response object"),
    "no message": (spoken({"content": "hi"}) | {"choices": [{"index": 0}]}, "Invalid response object"),
    "usage in words": (spoken({"content": "hi"}, usage="lots"), "Invalid response object"),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_an_answer_that_cannot_be_read_is_told_in_words(backend, stub, tmp_path, name):
    body, message = UNREADABLE[name]
    stub.on(f"^unreadable {name}", Reply(body=body if isinstance(body, str) else json.dumps(body)))
    failure = await Agent(backend, tmp_path, f"unreadable {name}").failure()
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, True)
    assert failure.message == f"provider error, after 4 retries: {message}"


REFUSED = {
    "key": (Reply(status=401, error="bad key"), "the provider refused the key: bad key"),
    "access": (Reply(status=403, error="not you"), "the provider denied access: not you"),
    "model": (Reply(status=404, error="no such model"), "the provider does not know the model"),
    "request": (Reply(status=400, error="bad thing"), "the provider refused the request: bad thing"),
    "quota": (
        Reply(status=429, error="You exceeded your current quota", error_code="insufficient_quota"),
        "the account's quota is used up",
    ),
    "refusal": (
        Reply(body=json.dumps(spoken({"content": None, "refusal": "I will not"}))),
        "the provider refused to answer: I will not",
    ),
    "content filter": (
        Reply(body=json.dumps(spoken({"content": ""}, "content_filter"))),
        "the provider refused to answer: its content filter stopped the answer",
    ),
    "context": (
        Reply(status=400, error="This model's maximum context length is 9 tokens"),
        "the conversation no longer fits the model's context window",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals_fail_at_once(backend, stub, tmp_path, name):
    reply, message = REFUSED[name]
    stub.on(f"^refused {name}", reply)
    failure = await Agent(backend, tmp_path, f"refused {name}").failure()
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, False)
    assert failure.message.startswith(message)
    assert len(stub.of(f"refused {name}")) == 1


async def test_E1_an_empty_answer_is_no_answer(backend, stub, tmp_path):
    stub.on("^say nothing", Reply(text=" \n"))
    failure = await Agent(backend, tmp_path, "say nothing").failure()
    assert failure.code is ReasonCode.AGENT_EMPTY_OUTPUT
    assert failure.usage.total_tokens == 110


async def test_usage_that_is_not_reported_is_estimated(backend, stub, tmp_path):
    stub.on("^count yourself", Reply(text="word " * 100, usage=None))
    outcome = await Agent(backend, tmp_path, "count yourself").task
    assert outcome.usage.estimated
    assert 50 < outcome.usage.output_tokens < 300
    assert outcome.usage.input_tokens > 50
    assert outcome.usage.cost_usd is not None


async def test_cost_is_the_table_s_or_unknown(backend, stub, tmp_path):
    known = (await Agent(backend, tmp_path, "known price", model="openai/gpt-4o").task).usage
    assert known.cost_usd == pytest.approx((100 * 2.5 + 10 * 10) / 1e6)
    assert (
        await Agent(backend, tmp_path, "no price", model="openai/nobody-knows").task
    ).usage.cost_usd is None


async def test_effort_is_passed_on_where_the_model_has_one(backend, stub, tmp_path):
    await Agent(backend, tmp_path, "think hard", effort="high").task
    await Agent(backend, tmp_path, "think hard in vain", effort="high", model="openai/gpt-4o").task
    stub.on("^think less", Reply(status=400, error="reasoning_effort max is not supported"), Reply(text="ok"))
    assert (await Agent(backend, tmp_path, "think less", effort="max").task).value == "ok"
    efforts = [request.body.get("reasoning_effort") for request in stub.of("think ")]
    assert efforts == ["high", None, "max", "xhigh"]


async def test_cancelling_closes_the_connection(backend, stub, tmp_path):
    stub.on("^hang for ever", Reply(hang=True))
    agent = Agent(backend, tmp_path, "hang for ever")
    await until(lambda: stub.of("hang for ever"))
    await agent.cancel()
    await until(lambda: stub.of("hang for ever")[0].closed)
    assert agent.transcript("end")[0]["status"] == "stopped"


async def test_cancelling_kills_shells_that_ignore_signals(backend, stub, tmp_path):
    command = "trap '' TERM INT HUP; (setsid sleep 300 &); touch begun; while :; do sleep 1; done"
    stub.on("^run for ever", Reply(tools=[("bash", {"command": command})]))
    agent = Agent(backend, tmp_path, "run for ever", call=77)
    await until((tmp_path / "begun").exists)
    assert find_run_processes(RUN_ID, 77)
    await agent.cancel()
    assert not find_run_processes(RUN_ID, 77)


async def test_what_an_agent_leaves_running_ends_with_it(backend, stub, tmp_path):
    command = "setsid sh -c 'touch begun; sleep 300' & while [ ! -e begun ]; do sleep 0.1; done"
    stub.on("^leave something", Reply(tools=[("bash", {"command": command})]), Reply(text="left"))
    await Agent(backend, tmp_path, "leave something", call=78).task
    assert (tmp_path / "begun").exists()
    assert not find_run_processes(RUN_ID, 78)


async def test_no_secret_reaches_shell_transcript_or_events(backend, stub, tmp_path):
    (tmp_path / "leak").write_text(f"{KEY} {PASSWORD}")
    stub.on(
        "^look for keys",
        Reply(tools=[("bash", {"command": "env; tr '\\0' '\\n' </proc/$PPID/environ"})]),
        Reply(tools=[("read", {"path": "leak"}), ("bash", {"command": f"echo {PASSWORD}"})]),
        Reply(text=f"the key is {KEY}, the password {PASSWORD}"),
    )
    agent = Agent(backend, tmp_path, f"look for keys, not {PASSWORD}")
    outcome = await agent.task
    assert outcome.value == "the key is [redacted], the password [redacted]"
    requests = stub.of("look for keys")
    environment = requests[1].body["messages"][-1]["content"]
    assert f"CALLSHEET_RUN={RUN_ID}" in environment
    assert "PATH=" in environment
    assert KEY not in environment
    assert DATABASE not in environment
    assert PASSWORD not in environment
    kept = agent.request.transcript.read_text() + json.dumps([event.text for event in agent.events])
    assert "CALLSHEET_RUN" in kept
    assert KEY not in kept
    assert PASSWORD not in kept
    # The key goes to the provider, and in the header alone.
    assert requests[0].headers["Authorization"] == f"Bearer {KEY}"


async def test_tools_refuse_what_they_may_not_do(backend, stub, tmp_path):
    (tmp_path / "out").symlink_to("/etc")
    stub.on(
        "^overstep",
        Reply(
            tools=[
                ("read", {"path": "out/passwd"}),
                ("bash", {"command": "id"}),
                ("read", "{not json"),
                ("read", {"file": "x"}),
                ("teleport", {}),
            ]
        ),
        Reply(text="ok"),
    )
    await Agent(backend, tmp_path, "overstep", tools=("read", "ls")).task
    first, second = stub.of("overstep")
    assert [tool["function"]["name"] for tool in first.body["tools"]] == ["read", "ls"]
    contents = [message["content"] for message in second.body["messages"] if message["role"] == "tool"]
    assert [content.split(":")[0] for content in contents] == ["error"] * 5
    parts = ["outside", "there is no tool 'bash'", "no valid JSON", "'path' is a required", "teleport"]
    for content, part in zip(contents, parts, strict=True):
        assert part in content


async def test_sixteen_agents_at_once(backend, stub, tmp_path):
    stub.on(
        "^one of many",
        Reply(tools=[("bash", {"command": "pwd"})], delay_s=0.5),
        Reply(text="ok", delay_s=0.5),
    )
    agents = []
    for number in range(16):
        folder = tmp_path / str(number)
        folder.mkdir()
        agents.append(Agent(backend, folder, f"one of many {number}", call=number + 1))
    outcomes = await asyncio.gather(*(agent.task for agent in agents))
    assert [outcome.value for outcome in outcomes] == ["ok"] * 16
    for number in range(16):
        request = next(
            r for r in stub.requests if r.prompt == f"one of many {number}" and len(r.body["messages"]) > 2
        )
        assert request.body["messages"][-1]["content"] == f"{tmp_path.resolve() / str(number)}\n"
    assert stub.peak >= 8


async def test_agent_types_bring_their_own_prompt(backend, stub, tmp_path):
    await Agent(backend, tmp_path, "with a system prompt", system="You are a poet.").task
    content = stub.of("with a system prompt")[0].body["messages"][0]["content"]
    assert content.startswith("You are a poet.\n\n")
    assert str(tmp_path) in content


async def test_an_agent_without_a_model_is_refused(backend, tmp_path):
    failure = await Agent(backend, tmp_path, "x", model=None).failure()
    assert "no model" in failure.message


async def test_a_listener_that_raises_ends_its_own_try_alone(backend, stub, tmp_path):
    def listener(event):
        raise RuntimeError("no ears")

    request = AgentRequest(RUN_ID, 82, 1, "l", "raise", tmp_path, "openai/stub")
    with pytest.raises(RuntimeError, match="no ears"):
        await backend.run(request, listener)
    assert (await Agent(backend, tmp_path, "after the raise").task).value == "answer to: after the raise"


async def test_a_worker_that_dies_fails_its_agents_and_is_replaced(backend, stub, tmp_path):
    stub.on("^lose your worker", Reply(tools=[("bash", {"command": "touch begun; sleep 300"})]))
    agent = Agent(backend, tmp_path, "lose your worker", call=79)
    await until((tmp_path / "begun").exists)
    for pid in workers():
        os.kill(pid, signal.SIGKILL)
    failure = await agent.failure()
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, True)
    assert "ended unexpectedly (signal 9)" in failure.message
    assert failure.usage.total_tokens == 110
    await until(lambda: not find_run_processes(RUN_ID, 79))
    assert (await Agent(backend, tmp_path, "are you back").task).value == "answer to: are you back"


async def test_a_worker_ends_with_its_runner(stub, tmp_path):
    stub.on("^lose your runner", Reply(tools=[("bash", {"command": "trap '' TERM; touch begun; sleep 300"})]))
    program = f"""
import asyncio
from pathlib import Path
from callsheet.agents.backend import AgentRequest
from callsheet.agents.litellm_backend import LitellmBackend
request = AgentRequest({RUN_ID!r}, 81, 1, "l", "lose your runner", Path("."), "openai/stub", tools=("bash",))
asyncio.run(LitellmBackend().run(request, print))
"""
    environ = {**os.environ, **stub.environ()}
    runner = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, env=environ)  # noqa: ASYNC220
    await until((tmp_path / "begun").exists)
    (worker,) = workers(runner.pid)
    runner.kill()
    runner.wait()
    await until(lambda: not find_run_processes(RUN_ID, 81))
    await until(lambda: not Path(f"/proc/{worker}").exists() or is_zombie(worker))


async def test_a_worker_may_be_started_before_it_is_needed_and_imports_nothing_of_the_project(stub, tmp_path):
    for name in ("litellm", "callsheet", "attrs", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the project')")
    program = """
import asyncio
from callsheet.agents.litellm_backend import LitellmBackend
async def main():
    backend = LitellmBackend()
    await asyncio.gather(backend.start(), backend.start())
    print("started")
    await backend.aclose()
asyncio.run(main())
"""
    command = [sys.executable, "-P", "-c", program]
    result = await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("started\n", "")


async def test_a_loaded_worker_has_what_its_first_request_needs(stub):
    program = """
import asyncio, sys
from callsheet.agents.completion import Completer, TurnRequest, load_litellm
load_litellm()
before = set(sys.modules)
request = TurnRequest("openai/stub", [{"role": "user", "content": "first"}])
asyncio.run(Completer()(request, print))
print(sorted(name for name in set(sys.modules) - before if name.startswith("openai.resources")))
"""
    command = [sys.executable, "-P", "-c", program]
    environ = {**os.environ, **stub.environ()}
    result = await asyncio.to_thread(subprocess.run, command, env=environ, capture_output=True, text=True)
    assert (result.stdout, result.returncode) == ("[]\n", 0), result.stderr


async def test_closing_ends_workers_and_shells(stub, tmp_path):
    backend = LitellmBackend(environ={**os.environ, **stub.environ()})
    before = set(workers())
    stub.on("^be closed", Reply(tools=[("bash", {"command": "trap '' TERM; touch begun; sleep 300"})]))
    agent = Agent(backend, tmp_path, "be closed", call=80)
    await until((tmp_path / "begun").exists)
    await agent.cancel()
    await backend.aclose()
    assert set(workers()) <= before
    assert not find_run_processes(RUN_ID, 80)
