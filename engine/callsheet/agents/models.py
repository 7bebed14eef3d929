"""Which model answers a call (language, A1), from a table made out of litellm's; litellm itself is never loaded."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from attrs import frozen

from callsheet.agents.providers import (
    FAMILIES,
    FAMILY_HOSTS,
    KEYS,
    SIZES,
    TIERS,
    family_pattern,
    is_usable,
    needed_variables,
)
from callsheet.settings import Settings

INHERIT = "inherit"
TOOLS_FLAG = 1
REASONING_FLAG = 2


@frozen
class KnownModel:
    """A model of the table.

    Attributes:
        name: `provider/model`, as it is given in scripts and settings.
        input_price: US dollars per million tokens sent, None when unknown.
        output_price: US dollars per million tokens received, None when unknown.
        context_tokens: size of the context window, None when unknown.
        tools: whether it can call tools.
        reasoning: whether it has reasoning effort.
    """

    name: str
    input_price: float | None
    output_price: float | None
    context_tokens: int | None
    tools: bool
    reasoning: bool


@frozen
class Resolution:
    """The model that a call gets.

    Attributes:
        model: `provider/model`, None when the machine has no model: agents are then simulated.
        warning: what to say in the log when another model was asked for, None when all is well.
        source: what decided: `call`, `agentType`, `tier`, `phase`, `meta`, `session`, `settings` or `machine`.
    """

    model: str | None
    warning: str | None = None
    source: str = "session"


@frozen
class _Located:
    model: str | None
    fault: str | None = None
    inherited: bool = False


class ModelResolver:
    """Resolves models for one run.

    Args:
        settings: aliases, tiers and the default model.
        session_model: model given for the run (`--model`), over the settings'.
        environ: where keys are looked for; by default this process's variables.
        simulated: nothing will be asked, so every known provider counts as usable.
    """

    def __init__(
        self,
        settings: Settings,
        session_model: str | None = None,
        environ: Mapping[str, str] | None = None,
        *,
        simulated: bool = False,
    ) -> None:
        self._settings = settings
        self._environ = os.environ if environ is None else environ
        self._simulated = simulated
        self.session = Resolution(None)
        self.session = self._resolve_session(session_model)

    def resolve(
        self,
        *,
        call_model: str | None = None,
        definition_model: str | None = None,
        tier: str | None = None,
        phase_model: str | None = None,
        meta_model: str | None = None,
    ) -> Resolution:
        """Return the model of a call: the first that is given, the session's when that one is unknown."""
        given = (
            ("call", call_model),
            ("agentType", definition_model),
            ("tier", tier),
            ("phase", phase_model),
            ("meta", meta_model),
        )
        for source, name in given:
            if name is None:
                continue
            wanted = self.tier(name) if source == "tier" else name
            located = self._unknown_tier(name) if wanted is None else self._locate(wanted)
            if located.inherited:
                return self.session
            if located.fault is None:
                return Resolution(located.model, None, source)
            instead = self.session.model or "a simulated agent"
            return Resolution(
                self.session.model, f"{located.fault}; using {instead} instead", self.session.source
            )
        return self.session

    def tier(self, tier: str) -> str | None:
        """Return the name of a tier's model: the settings', or the session's provider's by size; None for no tier."""
        if tier in self._settings.models.tiers:
            return self._settings.models.tiers[tier]
        if tier not in TIERS:
            return None
        own = (self.session.model or "").split("/", 1)[0]
        for provider in (own, *SIZES):
            if provider in SIZES and self._usable(provider):
                return _of_size(provider, TIERS[tier]) or INHERIT
        return INHERIT

    def fault(self, name: str) -> str | None:
        """Say why a model, alias or bare name cannot be used on this machine, None when it can."""
        return self._locate(name).fault

    def _resolve_session(self, session_model: str | None) -> Resolution:
        machine = self._machine_default()
        for source, name in (("session", session_model), ("settings", self._settings.model)):
            if name is None or (located := self._locate(name)).inherited:
                continue
            if located.fault is None:
                return Resolution(located.model, None, source)
            instead = machine or "simulated agents"
            return Resolution(machine, f"{located.fault}; using {instead} instead", "machine")
        return Resolution(machine, None, "machine")

    def _machine_default(self) -> str | None:
        for provider in SIZES:
            if is_usable(provider, self._environ) and (name := _of_size(provider, TIERS["medium"])):
                return name
        return None

    def _usable(self, provider: str) -> bool:
        return self._simulated or is_usable(provider, self._environ)

    def _unknown_tier(self, tier: str) -> _Located:
        known = ", ".join(dict.fromkeys([*TIERS, *self._settings.models.tiers]))
        return _Located(None, f"unknown tier {tier!r} (there are {known})")

    def _locate(self, name: str) -> _Located:
        name = self._dealias(name.strip())
        if name == INHERIT:
            return _Located(self.session.model, inherited=True)
        candidates = [*_of_family(name)] if name in FAMILIES else [*_candidates(name)]
        for provider, full in candidates:
            if self._usable(provider):
                return _Located(full)
        if not candidates:
            return _Located(None, f"unknown model {name!r}: no provider has it")
        provider, full = candidates[0]
        variables = " or ".join(" and ".join(names) for names in needed_variables(provider))
        return _Located(None, f"no key for model {full!r}: set {variables}")

    def _dealias(self, name: str) -> str:
        seen = set()
        while name in self._settings.models.aliases and name not in seen:
            seen.add(name)
            name = self._settings.models.aliases[name]
        return name


def price_of(
    model: str | None, prices: Mapping[str, tuple[float, float]] | None = None, *, only_settings: bool = False
) -> tuple[float, float] | None:
    """Return US dollars per million tokens (input, output), None when they are not known.

    Args:
        model: `provider/model`.
        prices: prices of the settings, by full or bare name; they go before the table's.
        only_settings: leave the table out.
    """
    if model is None:
        return None
    bare = model.split("/", 1)[-1]
    for name in (model, bare):
        if prices and name in prices:
            return prices[name][0], prices[name][1]
    row = None if only_settings else _table().get(model.split("/", 1)[0], {}).get(bare)
    if row is None or row[0] is None or row[1] is None:
        return None
    return row[0], row[1]


def is_known(model: str) -> bool:
    """Tell whether the table has a model, given as `provider/model`."""
    provider, _, name = model.partition("/")
    return name in _table().get(provider, {})


def known_models() -> Iterator[KnownModel]:
    """Yield the models of the table, in order of provider and name."""
    for provider, rows in _table().items():
        for name, (input_price, output_price, context_tokens, flags) in rows.items():
            yield KnownModel(
                f"{provider}/{name}",
                input_price,
                output_price,
                context_tokens,
                bool(flags & TOOLS_FLAG),
                bool(flags & REASONING_FLAG),
            )


def builtin_aliases() -> dict[str, str | None]:
    """Return the built-in aliases and the newest model each stands for, None for the session's."""
    newest = {family: next((full for _, full in _of_family(family)), None) for family in FAMILIES}
    return {**newest, INHERIT: None}


Row = tuple[float | None, float | None, int | None, int]


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Row]]:
    text = resources.files("callsheet.agents").joinpath("model_table.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, Row]] = json.loads(text)
    return table


def _candidates(name: str) -> Iterator[tuple[str, str]]:
    """Yield provider and full name for every provider that may have the model, the likeliest first."""
    head, _, rest = name.partition("/")
    if rest and (head in _table() or head in KEYS):
        yield head, name
        return
    hosts = [provider for provider, rows in _table().items() if name in rows]
    hosts.sort(key=lambda provider: (provider not in SIZES, provider))
    for provider in hosts:
        yield provider, f"{provider}/{name}"


def _of_family(family: str) -> Iterator[tuple[str, str]]:
    pattern = family_pattern(family)
    for provider in FAMILY_HOSTS:
        if (name := _newest(provider, pattern)) is not None:
            yield provider, f"{provider}/{name}"


def _of_size(provider: str, size: int) -> str | None:
    name = _newest(provider, SIZES[provider][size])
    return None if name is None else f"{provider}/{name}"


@lru_cache(maxsize=64)
def _newest(provider: str, pattern: str) -> str | None:
    found = [
        (tuple(int(part or 0) for part in match.groups()), -len(name), name)
        for name in _table().get(provider, {})
        if (match := re.fullmatch(pattern, name))
    ]
    return max(found)[2] if found else None
