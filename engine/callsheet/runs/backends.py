"""Which backend answers a run's agents: by the options first, then by what the machine has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from callsheet.errors import UsageError
from callsheet.runs.options import RunOptions
from callsheet.settings import Settings

if TYPE_CHECKING:
    from callsheet.agents.backend import AgentBackend

_SCRIPTED: Final = "scripted:"


def absolute_backend(name: str | None) -> str | None:
    """A backend's name as a run records it, with its file as an absolute path.

    Raises:
        UsageError: there is no such backend, no such file, or it is no script of answers.
    """
    if name is None:
        return None
    path = Path(name.removeprefix(_SCRIPTED))
    if not name.startswith(_SCRIPTED):
        raise UsageError(
            f"There is no backend {name!r}.", hint="There is scripted:FILE, which answers from a file."
        )
    if not path.is_file():
        raise UsageError(f"--backend: {path}: no such file.")
    from callsheet.agents.scripted import ScriptedBackend

    ScriptedBackend.from_file(path)
    return f"{_SCRIPTED}{path.resolve()}"


def is_simulated(options: RunOptions, settings: Settings) -> bool:
    """Whether a run's agents are simulated: on request, or because the machine has no model.

    Raises:
        UsageError: the model that was asked for cannot be used.
    """
    if options.backend is not None:
        return False
    if options.dry_run:
        return True
    from callsheet.agents.models import ModelResolver

    resolver = ModelResolver(settings, options.model)
    if (
        options.model is not None
        and options.model != settings.model
        and (fault := resolver.fault(options.model))
    ):
        raise UsageError(
            f"The model cannot be used: {fault}.",
            hint="`callsheet doctor` shows which models this machine has.",
        )
    return resolver.session.model is None


def open_backend(options: RunOptions, settings: Settings) -> AgentBackend:
    """The backend of a run.

    Raises:
        UsageError: its file cannot be read, or the model that was asked for cannot be used.
    """
    if options.backend is not None and not options.dry_run:
        from callsheet.agents.scripted import ScriptedBackend

        return ScriptedBackend.from_file(options.backend.removeprefix(_SCRIPTED))
    if is_simulated(options, settings):
        from callsheet.agents.simulated import SimulatedBackend

        return SimulatedBackend()
    from callsheet.agents.litellm_backend import LitellmBackend

    return LitellmBackend(prices=settings.models.prices)
