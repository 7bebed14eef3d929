"""The `callsheet` command: finds the verb, loads its module alone, and turns errors into messages."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated, Any, Final

import typer

import callsheet
from callsheet.cli.exits import Exit, of_error, usage_error
from callsheet.errors import CallsheetError, UsageError

VERBS: Final = {
    "check": "check_verb",
    "run": "run",
    "plan": "plan",
    "resume": "resume",
    "stop": "control",
    "pause": "control",
    "skip": "control",
    "answer": "control",
    "attach": "attach",
    "runs": "runs",
    "show": "runs",
    "report": "report",
    "rm": "runs",
    "changes": "changes",
    "workflows": "workflows",
    "new": "new",
    "doctor": "doctor",
}
"""Each verb and the module of this package whose function of that name it is."""

_WRONG_USAGE: Final[type[Exception]] = typer.BadParameter.__mro__[1]
"""The error of a command line that cannot be read. typer gives it no name of its own."""
_JSON_EVEN_SO: Final = frozenset({"run", "resume"})
"""Verbs that print their object under `--json` also when their command line cannot be read."""
_EPILOG: Final = "A RUN is a run's id, the beginning of one, or `last`."


def main() -> None:
    """Run the command line of this process and exit with its status."""
    verb = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    try:
        status = build([verb] if verb in VERBS else list(VERBS))(standalone_mode=False) or Exit.COMPLETED
    except _WRONG_USAGE as error:
        status = _refuse(error, verb)
    except CallsheetError as error:
        complain(error)
        status = of_error(error, verb)
    except (KeyboardInterrupt, typer.Abort):
        print("Aborted.", file=sys.stderr)
        status = Exit.STOPPED
    except BrokenPipeError:
        status = Exit.FAILED
    except OSError as error:
        complain(usage_error(error))
        status = Exit.USAGE
    try:
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can be written, and the interpreter is not to try it once more and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            complain(usage_error(error))
        status = Exit.FAILED
    sys.exit(status)


def _refuse(error: Any, verb: str | None) -> Exit:
    error.show()
    if verb in _JSON_EVEN_SO and "--json" in sys.argv:
        from callsheet.cli.run import print_refusal

        print_refusal(UsageError(error.format_message()))
    return Exit.USAGE


def build(verbs: list[str]) -> typer.Typer:
    """The command line with the given verbs."""
    app = typer.Typer(
        name="callsheet",
        help="Check, run, resume and watch agent workflow scripts.",
        epilog=_EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for verb in verbs:
        module = importlib.import_module(f"callsheet.cli.{VERBS[verb]}")
        app.command(verb)(getattr(module, verb))
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"callsheet {callsheet.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Check, run, resume and watch agent workflow scripts."""


def complain(error: CallsheetError) -> None:
    """Say on standard error what happened and what to do now."""
    lines = [f"callsheet: {error.message}"]
    if error.hint:
        lines += [f"  {line}" for line in error.hint.splitlines()]
    print("\n".join(lines), file=sys.stderr)
