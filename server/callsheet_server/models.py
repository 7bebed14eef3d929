"""What is known of models, from the table that ships with Callsheet; no provider is asked."""

from __future__ import annotations

from functools import lru_cache

from callsheet.agents.models import (
    KnownModel,
    ModelResolver,
    Resolution,
    builtin_aliases,
    known_models,
    price_of,
)
from callsheet.settings import Settings

USUAL_PROVIDERS = ("anthropic", "openai", "gemini", "openrouter", "mistral", "xai", "deepseek", "groq")
"""Providers whose models are offered first."""


class TableModels:
    """Models by the table, as every document sees them."""

    def names(self) -> tuple[tuple[str, str], ...]:
        """Names with their price, those of the usual providers first."""
        return _names()

    def aliases(self, settings: Settings) -> tuple[tuple[str, str], ...]:
        """Aliases with what each stands for."""
        built_in = {name: model or "the session's model" for name, model in builtin_aliases().items()}
        return tuple({**built_in, **settings.models.aliases}.items())

    def describe(self, name: str, settings: Settings) -> str | None:
        """What a name stands for and what it costs, in Markdown; None for an unknown one."""
        model = self.resolve(name, settings)
        if model is None:
            return None
        price = price_of(model, settings.models.prices)
        stands = f"`{name}` stands for `{model}`" if name != model else f"`{model}`"
        known = _by_name().get(model)
        context = (
            f", {known.context_tokens:,} tokens of context"
            if known is not None and known.context_tokens
            else ""
        )
        return f"{stands}: {_price(price)}{context}"

    def resolve(self, name: str, settings: Settings) -> str | None:
        """The model a name or an alias stands for; None for an unknown one and for the session's."""
        if name == "inherit":
            return None
        found = _resolve(name, settings.model, tuple(settings.models.aliases.items()))
        return found.model if found.source == "call" else None


def _price(price: tuple[float, float] | None) -> str:
    if price is None:
        return "price unknown"
    return f"${price[0]:g} in, ${price[1]:g} out per million tokens"


@lru_cache(maxsize=1)
def _by_name() -> dict[str, KnownModel]:
    return {model.name: model for model in known_models()}


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    rank = {provider: index for index, provider in enumerate(USUAL_PROVIDERS)}
    models = [model for model in _by_name().values() if model.tools]
    models.sort(key=lambda model: rank.get(model.name.partition("/")[0], len(rank)))
    return tuple((model.name, _price_of(model)) for model in models)


def _price_of(model: KnownModel) -> str:
    known = model.input_price is not None and model.output_price is not None
    return _price((model.input_price or 0.0, model.output_price or 0.0) if known else None)


@lru_cache(maxsize=256)
def _resolve(name: str, session: str | None, aliases: tuple[tuple[str, str], ...]) -> Resolution:
    # Whether this machine has a key is for the run to say; the name means the same without one.
    settings = Settings(model=session)
    settings.models.aliases.update(aliases)
    return ModelResolver(settings, simulated=True).resolve(call_model=name)
