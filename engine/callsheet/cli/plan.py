"""`callsheet plan`: what a run would do, or a resume, before anything is spent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import evolve

from callsheet.cli.common import (
    ArgsOption,
    BackendOption,
    BudgetOption,
    ConcurrencyOption,
    JsonOption,
    MaxAgentsOption,
    ModelOption,
    print_json,
    read_args,
    run_store,
    settings_here,
    settings_of,
)
from callsheet.cli.script import check_script, read_script
from callsheet.cli.text import cost, joined, one_line
from callsheet.runs.backends import absolute_backend
from callsheet.runs.launch import options_from
from callsheet.runs.plan import Plan, PlannedCall, plan_run
from callsheet.runs.replay_plan import ReplayPlan, plan_replay

_WHY = {
    "new": "new",
    "failed": "failed before",
    "skipped": "skipped before",
    "unfinished": "not finished before",
}


def plan(
    script: Annotated[
        str, typer.Argument(metavar="SCRIPT|NAME", help="A script's file, or a saved workflow.")
    ],
    args: ArgsOption = None,
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="RUN", help="Preview a resume of this run with the script."),
    ] = None,
    match: Annotated[bool, typer.Option("--match", help="With --resume: as in `callsheet resume`.")] = False,
    keep_failed: Annotated[
        bool, typer.Option("--keep-failed", help="With --resume: as in `callsheet resume`.")
    ] = False,
    model: ModelOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Preview a run with simulated agents.")] = False,
    budget: BudgetOption = None,
    concurrency: ConcurrencyOption = None,
    max_agents: MaxAgentsOption = None,
    backend: BackendOption = None,
    json: JsonOption = False,
) -> None:
    """Preview a run: calls, models, bounds, cost. Nothing is asked or spent."""
    settings = settings_here()
    found = read_script(script)
    check_script(found, settings)
    given = read_args(args)
    changes = {
        "model": model,
        "budget": budget,
        "concurrency": concurrency,
        "max_agents": max_agents,
        "backend": absolute_backend(backend),
    }
    options = options_from(settings, dry_run=dry_run or None, **changes)
    preview = plan_run(found.text, options=options, settings=settings, cwd=Path.cwd())
    if resume is not None:
        run_dir = run_store().find(resume)
        replay = asyncio.run(
            plan_replay(
                run_dir,
                settings=settings_of(run_dir),
                text=found.text,
                args=list(given) if given else None,
                changes={**changes, "match": match or None, "keep_failed": keep_failed or None},
            )
        )
        preview = evolve(preview, replay=replay)
    if json:
        print_json(preview.to_json())
    else:
        print("\n".join(_lines(preview)))


def _lines(preview: Plan) -> list[str]:
    lines = [joined(one_line(preview.name), one_line(preview.description))]
    if preview.replay is not None:
        return [*lines, *_replay_lines(preview.replay)]
    if preview.simulated:
        lines.append("SIMULATED: no model would be asked, the answers would be made up")
    phase = None
    for call in preview.calls:
        if call.phase is not None and call.phase != phase:
            phase = call.phase
            lines.append(one_line(phase))
        lines.append(f"  {_call_line(call)}")
    if not preview.calls:
        lines.append("  No call of an agent is in sight.")
    return [*lines, *bounds(preview)]


def bounds(preview: Plan) -> list[str]:
    """How much a run may be, on lines of their own."""
    if preview.at_most is None:
        agents = f"agents: as many as the script makes, at most {preview.cap:,}"
    else:
        agents = f"agents: at most {preview.at_most:,}"
    lines = [f"{agents}, {preview.concurrency} at a time"]
    for model, count in preview.models.items():
        if model is not None:
            lines.append(f"  {model}: {'any number' if count is None else f'at most {count:,}'}")
    if preview.tokens is not None and not preview.simulated:
        spent = joined(
            f"about {preview.tokens:,} tokens", f"about {cost(preview.cost)}" if preview.cost else ""
        )
        lines.append(f"estimate: {spent}, at most so many agents of usual habits")
    if preview.budget is not None:
        lines.append(f"budget: {preview.budget:,} tokens")
    return lines


def _call_line(call: PlannedCall) -> str:
    times = (
        "any number of times" if call.times is None else "" if call.times == 1 else f"{call.times:,} times"
    )
    label = one_line(call.label) if call.label else "(its name is made when it runs)"
    isolated = "in a worktree" if call.isolation else ""
    return joined(f"line {call.line}: {call.kind} {label}", times, call.model or "", isolated)


def _replay_lines(replay: ReplayPlan) -> list[str]:
    replays, runs = replay.count("replay"), replay.count("run")
    lines = [
        f"resume of {replay.run_id}: {replays} {'call replays' if replays == 1 else 'calls replay'}, "
        f"{runs} {'runs' if runs == 1 else 'run'}"
    ]
    lines += [f"  {_replayed_line(call)}" for call in replay.calls]
    if replay.fork is not None:
        fork = replay.fork
        expected = f"`{one_line(fork['expected'], 60)}`" if fork["expected"] else "no further call"
        lines.append(
            f"call #{fork['call']} on line {fork['line']} is the first that differs: the history has {expected}, "
            f"the script calls `{one_line(fork['actual'], 60)}`"
            + (f" ({', '.join(fork['differs'])} differs)" if fork["differs"] else "")
        )
        if fork["forgotten"]:
            noun = "result" if fork["forgotten"] == 1 else "results"
            lines.append(f"{fork['forgotten']} recorded {noun} would no longer apply.")
    if replay.error is not None:
        lines.append(f"the script would fail: {replay.error['code']}: {one_line(replay.error['message'])}")
    elif replay.complete:
        lines.append("The script comes to its end without asking anything.")
    elif replay.ahead:
        lines.append(f"{replay.ahead} more recorded results may replay behind the calls that run.")
    return lines


def _replayed_line(call: dict[str, Any]) -> str:
    what = "replays" if call["action"] == "replay" else f"runs ({_WHY[call['why']]})"
    return f"#{call['call']} {one_line(call['label'])}: {what}"
