"""`callsheet report`: a run as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.common import RunArgument, run_store


def report(
    run: RunArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.html", help="Where to write it.")
    ] = None,
) -> None:
    """Write a run's report: one HTML file that needs nothing else."""
    from callsheet.cli.report_page import report_page

    stored = run_store().load(run)
    path = output or Path(f"{stored.run_id}.html")
    path.write_text(report_page(stored), encoding="utf-8", errors="replace")
    print(f"Wrote {path}")
