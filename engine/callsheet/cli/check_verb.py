"""`callsheet check` as a verb; what it does is in `check`."""

from __future__ import annotations

from typing import Annotated

import typer


def check(
    path: Annotated[list[str], typer.Argument(metavar="PATH…", help="Scripts, folders, Markdown files.")],
    format: Annotated[
        str, typer.Option("--format", metavar="text|json|github|sarif", help="How problems are shown.")
    ] = "text",
) -> None:
    """Show the problems of scripts. Exits with 1 when there are errors."""
    from callsheet.cli.check import run_check

    raise typer.Exit(run_check(path, format))
