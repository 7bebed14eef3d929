"""`callsheet check`: problems of scripts, folders and Markdown files."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from callsheet.cli.collect import Target, collect
from callsheet.cli.formats import FORMATS, Report, text
from callsheet.cli.record import place_in_record
from callsheet.errors import UsageError
from callsheet.language import files
from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Problem, Severity
from callsheet.language.rules import all_rules
from callsheet.language.source import Source
from callsheet.language.suggest import did_you_mean
from callsheet.language.syntax import Parsed, parse, parse_embedded
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
    folders = _Folders()
    files_read: list[_File] = []
    for target in targets:
        try:
            file = _read(target)
        except UsageError as error:
            complaints.append(str(error))
            continue
        if file.scripts:
            files_read.append(file)
        elif target.named:
            complaints.append(
                f"{target.shown} has no workflow script in it: they stand in ```js workflow fences."
            )
    reports = _check(files_read, folders)
    if reports or not complaints:
        print(text.render(reports, color=color) if format == "text" else FORMATS[format](reports))
    if complaints or folders.complaints:
        _complain([*folders.complaints, *complaints])
    if complaints:
        return EXIT_USAGE
    errors = any(problem.severity is Severity.ERROR for report in reports for problem in report.problems)
    return EXIT_ERRORS if errors else EXIT_NO_ERRORS


@frozen
class _File:
    """A file with its scripts; of a record `raw` is its text, and the script's own is inside."""

    target: Target
    source: Source
    scripts: list[Parsed]
    raw: str | None = None


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


def _read(target: Target) -> _File:
    """A file and the scripts in it; a Markdown document may have none."""
    path, raw = target.path, files.read_text(target.path)
    source = Source(raw)
    if path.suffix == ".json":
        record = files.record_script(raw)
        if record is None:
            message = f"{target.shown} is no saved workflow: an object with `name` and `script` is expected."
            raise UsageError(message)
        return _File(target, source, [parse(Source(record[1]))], raw)
    return _File(target, source, parse_embedded(source) if files.is_markdown(path) else [parse(source)])


def _check(files_read: Sequence[_File], folders: _Folders) -> list[Report]:
    from callsheet.cli.engine_syntax import asking_engine

    workspace = FileWorkspace.at(Path.cwd())
    scripts = [(file, script) for file in files_read for script in file.scripts]
    with asking_engine([script for _, script in scripts]) as answer:
        checked = [
            check(script, folders.settings(file.target.path.parent), workspace, path=file.target.path)
            for file, script in scripts
        ]
        syntax, complaint = answer.result()
    if complaint is not None:
        folders.complaints.append(complaint)
    found: dict[int, list[Problem]] = {id(file): [] for file in files_read}
    for (file, script), problems, error in zip(scripts, checked, syntax, strict=True):
        if error is not None and not _explains(problems):
            problems = sorted([*problems, error], key=lambda problem: problem.span.start)
        if file.raw is not None:
            problems = place_in_record(file.raw, script.source.text, problems)
        found[id(file)] += problems
    return [Report(file.target.shown, file.source, found[id(file)]) for file in files_read]


def _explains(problems: Sequence[Problem]) -> bool:
    """Whether a rule says already why the engine cannot read a script: an `import`, another form of `meta`."""
    rules = all_rules()
    return any(
        problem.severity is Severity.ERROR and rules[problem.code].group == "Structure"
        for problem in problems
    )


def _complain(lines: Sequence[str]) -> int:
    for line in lines:
        print(f"callsheet: {line}", file=sys.stderr)
    return EXIT_USAGE
