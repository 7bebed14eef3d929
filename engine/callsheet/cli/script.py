"""The script that a command is to work on: found, read, checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from callsheet.errors import CallsheetError, ErrorCode, ScriptValidationError, UsageError
from callsheet.runs.records import ErrorInfo
from callsheet.settings import Settings

if TYPE_CHECKING:
    from callsheet.language.workspace import SavedWorkflow


class NoSuchScript(UsageError):
    """Neither a file nor a saved workflow has that name."""


@frozen
class Script:
    """A script that has been read.

    Attributes:
        path: absolute path of its file.
        text: its text.
    """

    path: Path
    text: str


def read_script(target: str) -> Script:
    """Read a script by its path, else the saved workflow of that name, else the bundled one.

    Raises:
        NoSuchScript: there is none of them.
        UsageError: the file cannot be read, is too large, or is not UTF-8.
    """
    from callsheet.language.discovery import script_text
    from callsheet.language.files import at_home, is_record, read_text

    path = at_home(target)
    if path.is_dir():
        raise UsageError(f"{path} is a folder, and a script is a file.")
    if not path.exists():
        path = _saved(target)
    text = script_text(path) if is_record(path) else read_text(path)
    if text is None:
        raise UsageError(f"{path} is no record of a saved workflow.")
    return Script(path.resolve(), text)


def saved_workflows() -> list[SavedWorkflow]:
    """The saved workflows in reach of the working directory, then the bundled ones; one per name."""
    from callsheet.language.discovery import FileWorkspace

    return FileWorkspace.at(Path.cwd()).workflows(None)


class ScriptRefused(ScriptValidationError):
    """A script that was to run has errors.

    Attributes:
        line: line of the first one, from 1.
        column: its column in UTF-16 units, from 1.
    """

    line: int
    column: int


def check_script(script: Script, settings: Settings) -> None:
    """Refuse a script that has errors.

    Raises:
        ScriptRefused: it has errors; the message shows them.
    """
    from callsheet.language.checker import check
    from callsheet.language.problem import Severity
    from callsheet.language.source import Source
    from callsheet.language.syntax import parse

    source = Source(script.text)
    problems = check(parse(source), settings)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if not errors:
        return
    from callsheet.cli.formats import Report, text

    noun = "error" if len(errors) == 1 else "errors"
    shown = "\n".join(text.lines(script.path, source, errors))
    refused = ScriptRefused(
        f"{script.path} has {len(errors)} {noun}; nothing was started.\n{shown}", problems
    )
    region = Report(str(script.path), source, errors).region(errors[0].span)
    refused.line, refused.column = region.line, region.column
    raise refused


def refusal(error: CallsheetError) -> ErrorInfo:
    """The error object of a run that was refused (protocol, `run --json`)."""
    code = getattr(error, "code", None)
    if isinstance(error, ScriptValidationError):
        code = ErrorCode.SCRIPT_VALIDATION
    elif isinstance(error, NoSuchScript):
        code = ErrorCode.WORKFLOW_NOT_FOUND
    return {
        "code": code or ErrorCode.INVALID_CALL,
        "message": str(error),
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }


def _saved(name: str) -> Path:
    workflows = saved_workflows()
    for each in workflows:
        if each.name == name:
            return each.path
    if "/" in name or name.endswith((".js", ".mjs", ".json")):
        raise NoSuchScript(f"{name}: no such file.")
    from callsheet.language.suggest import did_you_mean

    near = did_you_mean(name, [each.name for each in workflows])
    raise NoSuchScript(
        f"There is no file {name} and no saved workflow of that name.{near}",
        hint="`callsheet workflows` lists the saved ones.",
    )
