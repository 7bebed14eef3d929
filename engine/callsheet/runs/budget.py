"""What a run may spend, has spent, and is spending (language, P5 to P7)."""

from __future__ import annotations

from attrs import define, field

from callsheet.agents.backend import Usage


@define
class Ceiling:
    """A limit in tokens with what counts against it; `total` None is no limit."""

    total: int | None = None
    ended: int = 0
    under_way: int = 0

    @property
    def exhausted(self) -> bool:
        return self.total is not None and self.ended + self.under_way >= self.total


@define
class Budget:
    """The budget of a run and of its phases.

    Attributes:
        run: the ceiling of the whole run; `ended` counts every result, delivered or not.
        delivered: tokens over the results that the script has seen: what `budget.spent()` reads.
        phases: ceilings by phase title.
    """

    run: Ceiling = field(factory=Ceiling)
    delivered: int = 0
    phases: dict[str, Ceiling] = field(factory=dict)
    _under_way: dict[int, int] = field(factory=dict, init=False)

    def limit_phase(self, title: str, total: int) -> None:
        """Set the ceiling of a phase; the newest one holds."""
        self._phase(title).total = total

    def refusal(self, phase: str | None) -> str | None:
        """Why the next call may not start, None when it may (P7)."""
        if self.run.exhausted:
            return _exhausted("The run's budget", self.run)
        if phase is not None and (ceiling := self.phases.get(phase)) is not None and ceiling.exhausted:
            return _exhausted(f"The budget of phase {phase!r}", ceiling)
        return None

    def progress(self, call: int, phase: str | None, usage: Usage) -> None:
        """A call under way has spent `usage` so far."""
        tokens = usage.total_tokens
        more = tokens - self._under_way.get(call, 0)
        if more > 0:
            self._under_way[call] = tokens
            self.run.under_way += more
            if phase is not None:
                self._phase(phase).under_way += more

    def end(self, call: int, phase: str | None, tokens: int) -> None:
        """A call ended, or a recorded result counts again, with what it spent in all."""
        ceilings = [self.run] if phase is None else [self.run, self._phase(phase)]
        reported = self._under_way.pop(call, 0)
        for ceiling in ceilings:
            ceiling.under_way -= reported
            ceiling.ended += tokens

    def _phase(self, title: str) -> Ceiling:
        ceiling = self.phases.get(title)
        if ceiling is None:
            ceiling = self.phases[title] = Ceiling()
        return ceiling


def _exhausted(what: str, ceiling: Ceiling) -> str:
    spent = f"{ceiling.ended + ceiling.under_way:,} of {ceiling.total:,} tokens"
    return f"{what} is exhausted: {spent} are spent. Resume the run with a higher one to go on."
