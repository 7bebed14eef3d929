"""A script as a run needs it: its text, its hash and what its `meta` says."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from callsheet.errors import ScriptValidationError
from callsheet.language.model import build_model
from callsheet.language.problem import Severity
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed, parse
from callsheet.runs.calls import ScriptFacts
from callsheet.runs.places import CallPlaces
from callsheet.settings import Settings

_NESTS = re.compile(r"\bworkflow\b|\\u")


@frozen
class Script:
    """A script that may run.

    Attributes:
        text: the whole file.
        sha: SHA-256 of the text.
        facts: what `meta` says.
        path: where it was read from, None for text never saved.
        may_nest: whether it could call `workflow()`.
    """

    text: str
    sha: str
    facts: ScriptFacts
    path: Path | None = None
    may_nest: bool = False


def script_hash(text: str) -> str:
    """SHA-256 of a script's text, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_script(
    text: str, *, path: Path | None = None, is_child: bool = False, checked: bool = False
) -> Script:
    """Read what a run needs to know of a script.

    Args:
        text: the whole file.
        path: where it was read from.
        is_child: whether it runs under a `workflow()` call.
        checked: whether it is known to have no errors.

    Raises:
        ScriptValidationError: it has errors.
    """
    parsed = parse(Source(text))
    if not checked:
        refuse_errors(parsed)
    workflow = build_model(parsed)
    meta = workflow.meta
    name = (meta.name if meta is not None else None) or (path.stem if path is not None else "untitled")
    facts = ScriptFacts(
        name=name,
        phases=tuple(phase.title for phase in workflow.phases),
        model=meta.model if meta is not None else None,
        phase_models={phase.title: phase.model for phase in workflow.phases if phase.model is not None},
        file=str(path) if is_child and path is not None else None,
        is_child=is_child,
        places=CallPlaces.of(parsed.source, workflow),
    )
    body = meta.statement.end_byte if meta is not None else 0
    may_nest = (
        not is_child and _NESTS.search(parsed.source.data[body:].decode("utf-8", "replace")) is not None
    )
    return Script(text, script_hash(text), facts, path, may_nest)


def refuse_errors(parsed: Parsed, settings: Settings | None = None) -> None:
    """Check a script, and raise if it has errors.

    Raises:
        ScriptValidationError: with the first error's place and message.
    """
    # The rules are many to import, and most runs and resumes have been checked before.
    from callsheet.language.checker import check

    problems = check(parsed, settings)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if not errors:
        return
    row, column = parsed.source.position(errors[0].span.start)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    message = f"The script has errors: line {row + 1}:{column + 1}: {errors[0].message}{more}"
    raise ScriptValidationError(message, sorted(problems, key=lambda problem: problem.severity))
