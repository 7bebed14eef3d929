"""Which model answers a call (A1)."""

import subprocess
import sys
from pathlib import Path

import pytest
from callsheet.agents.models import ModelResolver, builtin_aliases, known_models, price_of
from callsheet.settings import ModelSettings, Settings

ROOT = Path(__file__).parents[3]
OPENAI = {"OPENAI_API_KEY": "k"}
BOTH = {**OPENAI, "ANTHROPIC_API_KEY": "k"}


def resolver(environ, session=None, model=None, simulated=False, **models):
    settings = Settings(model=model, models=ModelSettings(**models))
    return ModelResolver(settings, session, environ, simulated=simulated)


def test_A1_precedence():
    models = resolver(OPENAI, "openai/session")
    given = {
        "call_model": "openai/call",
        "definition_model": "openai/type",
        "tier": "big",
        "phase_model": "openai/phase",
        "meta_model": "openai/meta",
    }
    found = []
    while given:
        resolution = models.resolve(**given)
        found.append((resolution.source, resolution.model))
        assert resolution.warning is None
        given.pop(next(iter(given)))
    assert found[0] == ("call", "openai/call")
    assert found[1] == ("agentType", "openai/type")
    assert found[2][0] == "tier"
    assert found[3] == ("phase", "openai/phase")
    assert found[4] == ("meta", "openai/meta")
    assert models.resolve().model == "openai/session"


def test_A1_the_default_is_the_option_then_the_settings_then_the_machine_s():
    assert resolver(OPENAI, "openai/a", "openai/b").session.model == "openai/a"
    assert resolver(OPENAI, None, "openai/b").session.model == "openai/b"
    assert resolver(OPENAI).session.model.startswith("openai/gpt-")
    assert resolver(BOTH).session.model.startswith("anthropic/claude-sonnet-")
    assert resolver({}).session.model is None
    assert resolver({"OPENAI_API_KEY": " "}).session.model is None


UNKNOWN = {
    "nonsense": "unknown model 'nonsense': no provider has it; using openai/s instead",
    "no-such-provider/x": "unknown model 'no-such-provider/x'",
    "openai/": "unknown model 'openai/'",
    "": "unknown model ''",
    "anthropic/claude-x": "no key for model 'anthropic/claude-x': set ANTHROPIC_API_KEY; using openai/s instead",
    "sonnet": "no key for model 'anthropic/claude-sonnet-",
    "azure/x": "set AZURE_API_KEY and AZURE_API_BASE",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_A1_an_unknown_model_is_a_warning_and_the_default(name):
    resolution = resolver(OPENAI, "openai/s").resolve(call_model=name)
    assert resolution.model == "openai/s"
    assert UNKNOWN[name] in resolution.warning


def test_A1_a_machine_without_models_simulates():
    resolution = resolver({}).resolve(call_model="opus")
    assert resolution.model is None
    assert resolution.warning.endswith("using a simulated agent instead")
    assert resolver({}, simulated=True).resolve(call_model="opus").model == builtin_aliases()["opus"]


KNOWN = {
    "openai/anything": "openai/anything",
    "gpt-4o": "openai/gpt-4o",
    " gpt-4o ": "openai/gpt-4o",
    "gemini/gemini-2.5-pro": "gemini/gemini-2.5-pro",
    "gemini-2.5-pro": "gemini/gemini-2.5-pro",
    "inherit": "openai/s",
    "quick": "openai/small-one",
    "quicker": "openai/small-one",
    "same": "openai/s",
    "openai/gpt-oss-120b": "openai/gpt-oss-120b",
    "ollama/llama3": "ollama/llama3",
}


@pytest.mark.parametrize("name", KNOWN)
def test_A1_names_and_aliases(name):
    environ = {**OPENAI, "GOOGLE_API_KEY": "k", "OLLAMA_API_BASE": "http://localhost:1"}
    aliases = {"quick": "openai/small-one", "quicker": "quick", "same": "inherit", "loop": "loop"}
    resolution = resolver(environ, "openai/s", aliases=aliases).resolve(call_model=name)
    assert (resolution.model, resolution.warning) == (KNOWN[name], None)


def test_A1_the_settings_may_redefine_a_built_in_alias_and_loops_end():
    aliases = {"sonnet": "openai/mine", "a": "b", "b": "a"}
    models = resolver(OPENAI, "openai/s", aliases=aliases)
    assert models.resolve(call_model="sonnet").model == "openai/mine"
    assert "unknown model" in models.resolve(call_model="a").warning


def test_A1_tiers():
    models = resolver(BOTH, "openai/s", tiers={"tiny": "openai/t", "big": "anthropic/b"})
    assert models.resolve(tier="small").model.startswith("openai/gpt-")
    assert models.resolve(tier="small").model.endswith("-mini")
    assert models.resolve(tier="tiny").model == "openai/t"
    assert models.resolve(tier="big").model == "anthropic/b"
    unknown = models.resolve(tier="huge")
    assert unknown.model == "openai/s"
    assert unknown.warning.startswith("unknown tier 'huge' (there are small, medium, big, tiny)")
    assert resolver(BOTH).resolve(tier="big").model.startswith("anthropic/claude-opus-")
    assert resolver({"OLLAMA_API_BASE": "x"}, "ollama/m").resolve(tier="big").model == "ollama/m"


def test_aliases_mean_the_newest_model_wherever_there_is_a_key():
    aliases = builtin_aliases()
    assert list(aliases) == ["haiku", "sonnet", "opus", "fable", "inherit"]
    assert all(aliases[name].startswith(f"anthropic/claude-{name}-") for name in list(aliases)[:4])
    elsewhere = resolver({"OPENROUTER_API_KEY": "k"}).resolve(call_model="sonnet")
    assert elsewhere.model.startswith("openrouter/anthropic/claude-sonnet-")
    assert elsewhere.warning is None


def test_fault_says_why_a_model_cannot_be_used():
    models = resolver(OPENAI, "openai/s")
    assert models.fault("openai/x") is None
    assert models.fault("inherit") is None
    assert models.fault("opus").startswith("no key for model")


def test_a_session_model_that_cannot_be_used_is_a_warning():
    session = resolver(OPENAI, "anthropic/x").session
    assert session.model.startswith("openai/")
    assert "no key for model 'anthropic/x'" in session.warning


def test_prices_are_the_settings_then_the_table_s():
    assert price_of("openai/gpt-4o") == (2.5, 10.0)
    assert price_of("openai/gpt-4o", {"gpt-4o": (1, 2)}) == (1, 2)
    assert price_of("openai/gpt-4o", {"openai/gpt-4o": (3, 4), "gpt-4o": (1, 2)}) == (3, 4)
    assert price_of("openai/gpt-4o", {}, only_settings=True) is None
    assert price_of("openai/nobody") is None
    assert price_of(None) is None


def test_known_models():
    models = {model.name: model for model in known_models()}
    assert len(models) > 1000
    assert models["openai/gpt-4o"].tools
    assert not models["openai/gpt-4o"].reasoning
    assert models["openai/gpt-5"].reasoning
    assert models["openai/gpt-4o"].context_tokens == 128_000


def test_the_table_is_litellm_s():
    check = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_models.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stderr
