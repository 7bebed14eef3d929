"""`callsheet new`: write a workflow from a description, with a model where the machine has one."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from callsheet.cli.common import ModelOption, settings_here
from callsheet.cli.script import Script, check_script
from callsheet.errors import CallsheetError, ScriptValidationError, UsageError
from callsheet.runs.rundir import HOUSE, project_root
from callsheet.settings import Settings

if TYPE_CHECKING:
    from callsheet.agents.backend import AgentBackend, AgentRequest

_TRIES: Final = 3
"""How often a model may correct a script that has errors."""

_FENCE: Final = re.compile(r"```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)

_TEMPLATE: Final = """export const meta = {{
  name: {name},
  description: {description},
  phases: [{{ title: 'Look' }}, {{ title: 'Work' }}, {{ title: 'Sum up' }}],
}}

// Run it with: callsheet run {slug} --args '{{"path": "src"}}'
const path = args?.path ?? '.'

// 1. One agent finds what there is to do. A schema makes its answer data that the script can use.
phase('Look')
const found = await agent(
  `${{meta.description}}\\n\\nFirst step: look at ${{path}} and list the pieces of work, at most 20. Change nothing.`,
  {{
    label: 'look',
    agentType: 'Explore',
    schema: {{
      type: 'object',
      properties: {{ tasks: {{ type: 'array', items: {{ type: 'string' }}, maxItems: 20 }} }},
      required: ['tasks'],
    }},
  }},
)
if (!found || found.tasks.length === 0) return 'There is nothing to do.'
log(`${{found.tasks.length}} pieces of work`)

// 2. One agent for each piece, all at once. Give {{ isolation: 'worktree' }} to agents that change the same files.
phase('Work')
const reports = await parallel(
  found.tasks.map((task) => () => agent(`${{meta.description}}\\n\\nDo this: ${{task}}`, {{ label: task }})),
)

// 3. An agent that failed gives null: say so rather than leave it out.
phase('Sum up')
const done = reports.filter(Boolean)
const summary = await agent(`Sum up these reports in ten lines:\\n\\n${{done.join('\\n\\n')}}`, {{ label: 'sum up' }})
return {{ summary, failed: reports.length - done.length }}
"""


def new(
    description: Annotated[str, typer.Argument(metavar="DESCRIPTION", help="What the workflow is to do.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to save it.")
    ] = None,
    model: ModelOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a workflow script, check it, and save it among the project's workflows.

    Without a model it is a template with comments.
    """
    if not description.strip():
        raise UsageError("Say what the workflow is to do.")
    slug = "-".join(re.findall(r"[a-z0-9]+", description.lower())[:5]) or "workflow"
    path = (output or project_root(Path.cwd()) / HOUSE / "workflows" / f"{slug}.js").absolute()
    if path.exists() and not force:
        raise UsageError(
            f"{path} is there already.", hint="Give another file with -o, or replace it with --force."
        )
    settings = settings_here()
    from callsheet.agents.models import ModelResolver

    resolver = ModelResolver(settings, model)
    if model is not None and (fault := resolver.fault(model)):
        raise UsageError(f"The model cannot be used: {fault}.")
    chosen = resolver.session.model
    if chosen is None:
        print(
            "No model can be used here, so this is a template. `callsheet doctor` says more.", file=sys.stderr
        )
        text = _TEMPLATE.format(
            slug=slug, name=json.dumps(slug), description=json.dumps(description, ensure_ascii=False)
        )
        check_script(Script(path, text), settings)
    else:
        text = asyncio.run(_written(description, slug, chosen, path, settings))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"Wrote {path}\nTry it with: callsheet run {path} --dry-run")


async def _written(description: str, slug: str, model: str, path: Path, settings: Settings) -> str:
    """A script that a model wrote and that has no errors; the model sees the errors of its tries."""
    from callsheet.agents.backend import AgentRequest
    from callsheet.agents.litellm_backend import LitellmBackend

    prompt = f"Write a workflow script named {slug!r} that does this:\n\n{description}"
    backend = LitellmBackend(prices=settings.models.prices)
    try:
        for attempt in range(1, _TRIES + 1):
            request = AgentRequest("new", 1, attempt, "new", prompt, Path.cwd(), model, system=_reference())
            text = await _ask(backend, request)
            try:
                check_script(Script(path, text), settings)
            except ScriptValidationError as error:
                print(f"Try {attempt} has errors.", file=sys.stderr)
                prompt += f"\n\nYour last script:\n\n```js\n{text}```\n\nIts errors:\n\n{error.message}\n\nMend them."
                last = error
            else:
                return text
        raise last
    finally:
        await backend.aclose()


async def _ask(backend: AgentBackend, request: AgentRequest) -> str:
    from callsheet.agents.backend import AgentFailure

    try:
        outcome = await backend.run(request, lambda event: None)
    except AgentFailure as failure:
        raise CallsheetError(f"The model did not answer: {failure.message}") from failure
    answer = str(outcome.value)
    fenced = _FENCE.findall(answer)
    return max(fenced, key=len) if fenced else answer.strip() + "\n"


def _reference() -> str:
    """What a model has to know of the language, from the tables that editors show."""
    from callsheet.language.tables.globals import GLOBALS

    entries = "\n\n".join(f"`{each.signature}`\n{each.summary}\n{each.docs}" for each in GLOBALS)
    return (
        "You write workflow scripts: small JavaScript programs that send work to language-model agents. The first "
        "statement is `export const meta = {...}`, a pure literal with `name`, `description` and optionally `phases` "
        "(objects with a `title`). The rest is the body of an async function: top-level `await` and `return` are "
        "legal, and what is returned is the result. There is no import, no file system, no network, no clock and no "
        "randomness; only agents can read and change files. A prompt says everything its agent has to know. An agent "
        "that failed gives null, so check for it. Answer with the script alone, in one code fence.\n\n"
        f"The globals:\n\n{entries}\n\nAn example:\n\n```js\n{_example()}```"
    )


def _example() -> str:
    from callsheet.language.discovery import BUNDLED

    return (BUNDLED / "explain-code.workflow.js").read_text(encoding="utf-8")
