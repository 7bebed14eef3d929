"""A project for editor tests: a git repository with workflow scripts."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from tests.support.git_repository import make_repository
from tests.support.stub_provider import Reply, StubProvider

AUDIT = """\
export const meta = {
  name: 'audit',
  description: 'Looks at each area of the project and mends what it finds',
  phases: [{ title: 'Look' }, { title: 'Mend' }],
};

phase('Look');
const areas = ['parser', 'server', 'docs'];
const notes = await parallel(
  areas.map((area) => () =>
    agent(`Look at the ${area}`, {
      label: `look ${area}`,
    })),
);

phase('Mend');
const mended = await agent('Mend the readme', {
  label: 'mend readme',
  isolation: 'worktree',
});
const summary = await agent('Sum up', {
  label: 'sum up',
});
return { notes, mended, summary };
"""

SLOW = """\
export const meta = { name: 'slow', description: 'Waits for an agent that takes its time' };

const first = await agent('Say hello', { label: 'hello' });
const second = await agent('Wait for the tide', { label: 'tide' });
return [first, second];
"""

PATIENT = """\
export const meta = { name: 'patient', description: 'Has an isolated agent that takes some seconds' };

const first = await agent('Say hello', { label: 'hello' });
const second = await agent('Guard the gate', { label: 'guard', isolation: 'worktree' });
return [first, second];
"""

BROKEN = """\
export const meta = { name: 'broken', description: 'Asks for the time' };

const started = Date.now();
return agent(`It is ${started}`, { labell: 'time' });
"""

ASKING = """\
export const meta = { name: 'asking', description: 'Asks before it goes on' };

const sure = await checkpoint('Shall it go on?');
return sure ? agent('Say hello', { label: 'hello' }) : 'no';
"""

SAVED = """\
export const meta = { name: 'saved', description: 'A saved workflow' };

return agent('Say hello', { label: 'hello' });
"""

MARKDOWN = """\
# Notes

```js workflow
export const meta = { name: 'fenced', description: 'Lives in a page' };

const when = Math.random();
return agent(`Say hello ${when}`, { label: 'hello' });
```
"""

README = """\
# Project

A small project.

## Install

    make instal

## Use

To be written.

## Tests

    make test
"""

MENDED = """\
# Project

A small, well kept project.

## Install

    make install

## Use

    project --help

Each command says what it did, and where.

## Tests

    make test
"""

FILES = {
    "README.md": README,
    "plain.js": "const answer = 42;\nconsole.log(answer);\n",
    "audit.workflow.js": AUDIT,
    "slow.workflow.js": SLOW,
    "patient.workflow.js": PATIENT,
    "broken.workflow.js": BROKEN,
    "asking.workflow.js": ASKING,
    "notes.md": MARKDOWN,
    ".callsheet/workflows/saved.js": SAVED,
}


@frozen
class Workspace:
    """A project on disk."""

    root: Path

    def readme(self) -> str:
        """The readme as it stands; empty in the moment in which git puts another in its place."""
        try:
            return (self.root / "README.md").read_text()
        except FileNotFoundError:
            return ""

    @classmethod
    def create(cls, root: Path) -> Workspace:
        """Lay out the project, with one commit."""
        make_repository(root, dict(FILES))
        return cls(root)


def script_agents(stub: StubProvider) -> None:
    """What the agents of the project's scripts answer."""
    write = ("write", {"path": "README.md", "content": MENDED})
    stub.on(r"Look at the \w+", Reply(text="Nothing is amiss.", usage=(900, 60)))
    stub.on(
        "Mend the readme", Reply(tools=[write], usage=(1200, 80)), Reply(text="Mended.", usage=(1400, 20))
    )
    stub.on("Sum up", Reply(text="All is well.", usage=(700, 40)))
    stub.on("Say hello", Reply(text="hello", usage=(100, 5)))
    stub.on("Wait for the tide", Reply(hang=True), Reply(text="The tide is in.", usage=(350, 20)))
    stub.on("Guard the gate", Reply(text="Nobody came.", usage=(200, 10), delay_s=5))


def agent_environment(stub: StubProvider, home: Path) -> dict[str, str]:
    """Environment in which agents ask the stub, and nothing of the person's is read."""
    home.mkdir(parents=True, exist_ok=True)
    return {**stub.environ(), "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
