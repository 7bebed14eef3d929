"""The script that a command is to work on: found, read, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import frozen

from callsheet.errors import CallsheetError, ErrorCode, ScriptValidationError, UsageError
from callsheet.runs.records import ErrorInfo
from callsheet.settings import Settings

MAX_BYTES: Final = 512 * 1024


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
    """Read a script by its path, else the saved workflow of that name.

    Raises:
        NoSuchScript: there is neither.
        UsageError: the file cannot be read, is too large, or is not UTF-8.
    """
    path = Path(target).expanduser()
    if path.is_dir():
        raise UsageError(f"{path} is a folder, and a script is a file.")
    if not path.exists():
        path = _saved(target)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES // 1024} KiB, the most a script may have.")
    try:
        return Script(path.resolve(), data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path} is not UTF-8: line {line} has the byte 0x{data[error.start]:02x}.",
            hint="Save the file as UTF-8.",
        ) from None


def check_script(script: Script, settings: Settings, *, quiet: bool = False) -> None:
    """Refuse a script that has errors; its warnings go to standard error.

    Raises:
        ScriptValidationError: it has errors; the message shows them.
    """
    from callsheet.language.checker import check
    from callsheet.language.problem import Severity
    from callsheet.language.source import Source
    from callsheet.language.syntax import parse

    source = Source(script.text)
    problems = check(parse(source), settings)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        from callsheet.cli.formats import text

        noun = "error" if len(errors) == 1 else "errors"
        shown = "\n".join(text.lines(script.path, source, errors))
        raise ScriptValidationError(
            f"{script.path} has {len(errors)} {noun}; nothing was started.\n{shown}", problems
        )


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
    found = None
    if found is None:
        looks_like_path = "/" in name or name.endswith((".js", ".mjs"))
        if looks_like_path:
            raise NoSuchScript(f"{name}: no such file.")
        raise NoSuchScript(
            f"There is no file {name} and no saved workflow of that name.",
            hint="`callsheet workflows` lists the saved ones.",
        )
    return Path(found)
