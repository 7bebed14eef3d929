"""What several verbs share: options, args, settings, the run that is meant."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.errors import CallsheetError, UsageError
from callsheet.json_values import read_json
from callsheet.language.files import at_home
from callsheet.runs.rundir import RunDir, project_root
from callsheet.settings import Settings, load_settings

if TYPE_CHECKING:
    from callsheet.runs.store import RunStore

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Run id, the beginning of one, or `last`.")]
CallArgument = Annotated[int, typer.Argument(metavar="CALL", min=1, help="Number of the call in the run.")]
ArgsOption = Annotated[
    str | None, typer.Option("--args", metavar="JSON|@FILE", help="The script's args, as JSON or in a file.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="M", help="Default model, as provider/model or an alias.")
]
BudgetOption = Annotated[
    int | None, typer.Option("--budget", metavar="TOKENS", min=1, help="Ceiling in tokens.")
]
ConcurrencyOption = Annotated[
    int | None, typer.Option("--concurrency", metavar="N", min=1, help="Agents at a time.")
]
MaxAgentsOption = Annotated[
    int | None, typer.Option("--max-agents", metavar="N", min=1, help="Agents in the whole run.")
]
DetachOption = Annotated[
    bool, typer.Option("--detach", help="Print the run's id and return; the run goes on by itself.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
AllowFailuresOption = Annotated[
    bool, typer.Option("--allow-failures", help="Exit with 0 although agents failed.")
]
BackendOption = Annotated[
    str | None,
    typer.Option(
        "--backend", metavar="scripted:FILE", help="Answer agents from a file, for tests and benchmarks."
    ),
]


def run_store() -> RunStore:
    """The runs of the project that the working directory lies in."""
    from callsheet.runs.store import RunStore

    return RunStore(project_root(Path.cwd()))


def read_args(text: str | None) -> tuple[Any, ...]:
    """The value of `--args` as a one-element tuple, empty when none was given.

    Raises:
        UsageError: it is no JSON, or its file cannot be read.
    """
    if text is None:
        return ()
    where = "--args"
    if text.startswith("@"):
        path = at_home(text[1:])
        where = str(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise UsageError(f"--args: {path}: {error.strerror or error}.") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"--args: {path} is not UTF-8 (byte {error.start}).") from error
    try:
        return (read_json(text),)
    except ValueError as error:
        raise UsageError(
            f"{where} is no JSON: {error}.",
            hint='Quote it for the shell, such as --args \'{"path": "src"}\' or --args \'"text"\', '
            "or put it in a file: --args @args.json",
        ) from None


def settings_here(cwd: Path | None = None) -> Settings:
    """The settings in force, with a warning on standard error for each name that nobody knows.

    Raises:
        UsageError: a file cannot be read, or a value is of the wrong kind.
    """
    settings, problems = load_settings(cwd or Path.cwd())
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise UsageError("\n".join(errors), hint="Mend the settings, then try again.")
    for problem in problems:
        print(f"callsheet: warning: {problem}", file=sys.stderr)
    return settings


def settings_of(run_dir: RunDir) -> Settings:
    """The settings in force where a run was started; what is wrong with its journal is told later."""
    from callsheet.runs.journal import read_header

    try:
        cwd = Path(read_header(run_dir.journal)["cwd"])
    except (CallsheetError, KeyError, TypeError):
        cwd = run_dir.root
    return settings_here(cwd if cwd.is_dir() else run_dir.root)


def print_json(value: Any) -> None:
    """Print JSON: for people with line breaks, for programs in one line, which is several times faster to write."""
    indent = 2 if sys.stdout.isatty() else None
    print(json.dumps(value, indent=indent, ensure_ascii=sys.stdout.encoding.lower() != "utf-8"))
