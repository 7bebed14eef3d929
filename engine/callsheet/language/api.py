"""The two calls that most programs need: check a text, and read a script."""

from __future__ import annotations

from pathlib import Path

from callsheet.errors import ScriptValidationError
from callsheet.language import files
from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.model import Workflow, build_model
from callsheet.language.problem import Problem, Severity
from callsheet.language.source import Source
from callsheet.language.syntax import parse, parse_embedded
from callsheet.language.workspace import Workspace
from callsheet.settings import Settings, load_settings


def check_source(text: str, *, path: str | Path | None = None) -> list[Problem]:
    """Problems of a script, or of every script in a Markdown document.

    Args:
        text: the text of the file.
        path: where it is or would be stored: a Markdown name makes it a document, and settings, saved workflows and
            agent types are looked for from there. Without it the text stands alone, under default settings.

    Returns:
        The problems in the order of their places, as byte offsets into the text's UTF-8. Bad code is a problem, never
        an exception.
    """
    source = Source(text)
    if path is None:
        return check(parse(source))
    path = Path(path).absolute()
    settings, _ = load_settings(path.parent)
    return check_file(source, path, settings, FileWorkspace.at(path.parent))


def check_file(source: Source, path: Path, settings: Settings, workspace: Workspace) -> list[Problem]:
    """Problems of a file, of each of its scripts where it is a Markdown document."""
    scripts = parse_embedded(source) if files.is_markdown(path) else [parse(source)]
    return [problem for script in scripts for problem in check(script, settings, workspace, path=path)]


def parse_workflow(text: str) -> Workflow:
    """The model of a script.

    Raises:
        ScriptValidationError: the script has errors; it carries all problems, errors first.
    """
    parsed = parse(Source(text))
    problems = check(parsed)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        line, column = parsed.source.position(errors[0].span.start)
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        message = f"The script has errors: {line + 1}:{column + 1}: {errors[0].message}{more}"
        raise ScriptValidationError(message, sorted(problems, key=lambda problem: problem.severity))
    return build_model(parsed)
