"""`callsheet check`: problems of scripts, folders and Markdown files."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from callsheet.cli.collect import Target, collect
from callsheet.cli.formats import FORMATS, Report, text
from callsheet.cli.record import place_in_record
from callsheet.errors import UsageError
from callsheet.language import files
from callsheet.language.api import check_file
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Severity
from callsheet.language.rules import all_rules
from callsheet.language.source import Source
from callsheet.language.suggest import did_you_mean
from callsheet.settings import Settings, load_settings

EXIT_NO_ERRORS = 0
EXIT_ERRORS = 1
EXIT_USAGE = 2


def run_check(paths: Sequence[str | Path], format: str = "text", color: bool | None = None) -> int:
    """Check files and folders, and print what was found.

    Problems go to standard output; what could not be checked goes to standard error.

    Args:
        paths: scripts, folders, Markdown documents.
        format: one of `FORMATS`.
        color: whether `text` uses colours; None for a terminal that has not set NO_COLOR.

    Returns:
        The exit status: 0 without errors, 1 with errors, 2 when something could not be checked.
    """
    if format not in FORMATS:
        message = f"There is no format `{format}`: choose one of {', '.join(FORMATS)}."
        return _complain([f"{message}{did_you_mean(format, FORMATS)}"])
    if color is None:
        color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    targets, complaints = collect([Path(path) for path in paths])
    if complaints and not targets:
        return _complain(complaints)
    reports: list[Report] = []
    folders = _Folders()
    for target in targets:
        try:
            report = _check(target, folders)
        except UsageError as error:
            complaints.append(str(error))
            continue
        if report is not None:
            reports.append(report)
        elif target.named:
            complaints.append(
                f"{target.shown} has no workflow script in it: they stand in ```js workflow fences."
            )
    if reports or not complaints:
        _print(text.render(reports, color=color) if format == "text" else FORMATS[format](reports))
    if complaints or folders.complaints:
        _complain([*folders.complaints, *complaints])
    if complaints:
        return EXIT_USAGE
    errors = any(problem.severity is Severity.ERROR for report in reports for problem in report.problems)
    return EXIT_ERRORS if errors else EXIT_NO_ERRORS


class _Folders:
    """Settings by folder, each read once."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._settings: dict[Path, Settings] = {}

    def settings(self, folder: Path) -> Settings:
        if folder not in self._settings:
            settings, problems = load_settings(folder)
            told = [str(problem) for problem in problems]
            told += [
                f"{folder}: the settings give a level to `{code}`, and there is no such rule."
                f"{did_you_mean(code, all_rules())}"
                for code in settings.rules
                if code not in all_rules()
            ]
            self.complaints += [line for line in told if line not in self.complaints]
            self._settings[folder] = settings
        return self._settings[folder]


def _check(target: Target, folders: _Folders) -> Report | None:
    """The report of one file; None for a Markdown document without scripts."""
    path = target.path
    raw = files.read_text(path)
    source = Source(raw)
    settings = folders.settings(path.parent)
    workspace = FileWorkspace.at(Path.cwd())
    if path.suffix == ".json":
        record = files.record_script(raw)
        if record is None:
            raise UsageError(
                f"{target.shown} is no saved workflow: an object with `name` and `script` is expected."
            )
        problems = check_file(Source(record[1]), path, settings, workspace)
        return Report(target.shown, source, place_in_record(raw, record[1], problems))
    if files.is_markdown(path) and not _has_scripts(source):
        return None
    return Report(target.shown, source, check_file(source, path, settings, workspace))


def _has_scripts(source: Source) -> bool:
    from callsheet.language.fences import workflow_fences

    return bool(workflow_fences(source))


def _print(output: str) -> None:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    print(output)


def _complain(lines: Sequence[str]) -> int:
    for line in lines:
        print(f"callsheet: {line}", file=sys.stderr)
    return EXIT_USAGE
