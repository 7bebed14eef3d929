"""A whole workflow against a model provider on loopback: what comes back, and that the sums are right."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import callsheet, environ, result_of, write_script
from tests.support.git_repository import git, make_repository
from tests.support.stub_provider import Reply, StubProvider

READERS = 12
EDITORS = 8
PRICE_PER_MTOK = (2.0, 10.0)
TOKENS = (100, 10)

BODY = """
const NOTE = {
  type: 'object',
  properties: { file: { type: 'string' }, lines: { type: 'integer' } },
  required: ['file', 'lines'],
}
phase('Read')
const notes = await parallel(
  Array.from({ length: 12 }, (_, i) => () =>
    agent(`Read file-${i}.txt and count`, { label: `read ${i}`, schema: NOTE }),
  ),
)
phase('Edit')
const edits = await parallel(
  Array.from({ length: 8 }, (_, i) => () => agent(`Edit file-${i}.txt`, { label: `edit ${i}` })),
)
phase('Judge')
const odd = await parallel([
  () => agent('Meet the schema at the third try', { label: 'stubborn', schema: NOTE }),
  () => agent('Wait for the limit', { label: 'limited' }),
  () => agent('Never answer', { label: 'late', timeoutMs: 1500 }),
  () => agent('Be refused', { label: 'refused' }),
])
return { notes, edits, odd }
"""


def test_twenty_agents_with_tools_and_every_kind_of_trouble(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    files: dict[str, str | bytes] = {f"file-{i}.txt": f"one {i}\ntwo {i}\n" for i in range(READERS)}
    root = make_repository(tmp_path / "repo", files)
    script = write_script(
        root / "sums.workflow.js", BODY, phases=[{"title": t} for t in ("Read", "Edit", "Judge")]
    )
    (root / "callsheet.toml").write_text(f'[models.prices]\n"openai/stub" = {list(PRICE_PER_MTOK)}\n')
    with StubProvider() as stub:
        for i in range(READERS):
            tools = [("read", {"path": f"file-{i}.txt"}), ("grep", {"pattern": "two", "path": "."})]
            stub.on(
                rf"Read file-{i}\.txt",
                Reply(tools=tools, usage=TOKENS),
                Reply(result={"file": f"file-{i}.txt", "lines": 2}, usage=TOKENS),
            )
        for i in range(EDITORS):
            edit = ("edit", {"path": f"file-{i}.txt", "old": f"one {i}", "new": f"ONE {i}"})
            stub.on(
                rf"Edit file-{i}\.txt",
                Reply(tools=[edit, ("bash", {"command": f"wc -l < file-{i}.txt"})], usage=TOKENS),
                Reply(text=f"edited {i}", usage=TOKENS),
            )
        stub.on(
            "third try",
            Reply(result={"file": 1}, usage=TOKENS),
            Reply(result={"file": "x"}, usage=TOKENS),
            Reply(result={"file": "x", "lines": 3}, usage=TOKENS),
        )
        stub.on("limit", Reply(status=429, headers={"Retry-After": "1"}), Reply(text="let in", usage=TOKENS))
        stub.on("Never", Reply(hang=True))
        stub.on("refused", Reply(status=401, error="no such key"))
        env = environ(home, **stub.environ())
        done = callsheet(
            "run", str(script), "--model", "openai/stub", "--concurrency", "6", "--json", cwd=root, env=env
        )
        requests = stub.requests
        peak = stub.peak
    run = result_of(done)
    assert done.returncode == 3, done.stderr
    assert run["status"] == "completed_with_failures"
    assert run["result"]["notes"] == [{"file": f"file-{i}.txt", "lines": 2} for i in range(READERS)]
    assert run["result"]["edits"] == [f"edited {i}" for i in range(EDITORS)]
    assert run["result"]["odd"] == [{"file": "x", "lines": 3}, "let in", None, None]
    changed = git(root, "diff", "--name-only").split()
    assert sorted(changed) == sorted(f"file-{i}.txt" for i in range(EDITORS))
    assert all((root / f"file-{i}.txt").read_text() == f"ONE {i}\ntwo {i}\n" for i in range(EDITORS))

    agents = {agent["label"]: agent for agent in run["agents"]}
    assert len(agents) == READERS + EDITORS + 4
    failed = {
        label: agent["reason"]["code"] for label, agent in agents.items() if agent["status"] == "failed"
    }
    assert failed == {"late": "AGENT_TIMEOUT", "refused": "AGENT_FAILED"}
    turns = 2 * (READERS + EDITORS) + 3 + 1
    assert (run["usage"]["input"], run["usage"]["output"]) == (turns * TOKENS[0], turns * TOKENS[1])
    assert run["usage"]["total"] == sum(agent["tokens"] for agent in run["agents"]) == turns * sum(TOKENS)
    cost = turns * (TOKENS[0] * PRICE_PER_MTOK[0] + TOKENS[1] * PRICE_PER_MTOK[1]) / 1e6
    assert abs(run["usage"]["cost"] - cost) < 1e-9
    assert not run["usage"]["estimated"]
    assert peak <= 6
    limited = [request.at for request in requests if "limit" in request.prompt]
    assert limited[1] - limited[0] >= 1.0
    assert run["phases"] == ["Read", "Edit", "Judge"]
