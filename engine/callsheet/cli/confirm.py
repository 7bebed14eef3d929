"""Asks before a run whose plan is over the settings' limits (`run.confirm_over`)."""

from __future__ import annotations

from pathlib import Path

import typer

from callsheet.cli.exits import Exit
from callsheet.cli.plan import bounds
from callsheet.cli.text import cost
from callsheet.runs.options import RunOptions
from callsheet.runs.plan import Plan, plan_run
from callsheet.settings import ConfirmOver, Settings


def confirm_large_run(text: str, options: RunOptions, settings: Settings) -> None:
    """Ask the person at the terminal whether to start a run that is over a limit; a no ends the command."""
    preview = plan_run(text, options=options, settings=settings, cwd=Path.cwd())
    reasons = over_limits(preview, settings.run.confirm_over)
    if not reasons:
        return
    print("\n".join(bounds(preview)))
    if not typer.confirm(f"This run may be over {' and over '.join(reasons)}. Start it?"):
        print("Nothing was started.")
        raise typer.Exit(Exit.USAGE)


def over_limits(preview: Plan, limits: ConfirmOver) -> list[str]:
    """The limits that a run may go over; a simulated one spends nothing and goes over none."""
    if preview.simulated:
        return []
    reasons = []
    # A script that sets no bound itself is bound by the cap alone, which says nothing of what it will do.
    if limits.agents is not None and preview.at_most is not None and preview.at_most > limits.agents:
        reasons.append(f"{limits.agents:,} agents")
    if limits.tokens is not None and (preview.tokens or 0) > limits.tokens:
        reasons.append(f"{limits.tokens:,} tokens")
    if limits.cost_usd is not None and (preview.cost or 0.0) > limits.cost_usd:
        reasons.append(cost(limits.cost_usd))
    return reasons
