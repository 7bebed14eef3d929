"""What becomes of the arguments of `agent()`: rules A1 to A3 and R2 of the language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from callsheet.agents.definitions import find_definitions
from callsheet.agents.models import ModelResolver
from callsheet.runs.calls import AgentCall, CallResolver, InvalidCall, ScriptFacts, default_label
from callsheet.settings import ModelSettings, Settings

SETTINGS = Settings(
    models=ModelSettings(aliases={"mine": "openai/gpt-5"}, tiers={"tiny": "openai/gpt-5-nano"})
)
FACTS = ScriptFacts("script", ("First", "Second"), "openai/gpt-4.1", {"Second": "openai/gpt-4.1-mini"})


@pytest.fixture
def resolver(tmp_path: Path) -> CallResolver:
    folder = tmp_path / ".callsheet" / "agents"
    folder.mkdir(parents=True)
    (folder / "typed.md").write_text(
        "---\nname: typed\nmodel: openai/o3\ntools: Read, Bash\n---\nYou are typed.\n"
    )
    models = ModelResolver(SETTINGS, "openai/gpt-4o", {}, simulated=True)
    return CallResolver(models, find_definitions(tmp_path, tmp_path), 300.0)


def _resolve(
    resolver: CallResolver, options: dict[str, Any], phase: str | None = None, facts: Any = FACTS
) -> AgentCall:
    return resolver.resolve({"prompt": "ask", "options": options}, phase, facts)


MODELS = [
    (
        {"model": "openai/gpt-5-mini", "agentType": "typed", "tier": "tiny", "phase": "Second"},
        "openai/gpt-5-mini",
    ),
    ({"agentType": "typed", "tier": "tiny", "phase": "Second"}, "openai/o3"),
    ({"tier": "tiny", "phase": "Second"}, "openai/gpt-5-nano"),
    ({"phase": "Second"}, "openai/gpt-4.1-mini"),
    ({"phase": "First"}, "openai/gpt-4.1"),
    ({"model": "mine"}, "openai/gpt-5"),
    ({"model": "inherit"}, "openai/gpt-4o"),
]


@pytest.mark.parametrize(("options", "model"), MODELS)
def test_A1_models_have_a_precedence(resolver: CallResolver, options: dict[str, Any], model: str) -> None:
    call = _resolve(resolver, options)
    assert (call.model, call.warnings) == (model, ())


def test_A1_the_sessions_default_comes_last(resolver: CallResolver) -> None:
    assert _resolve(resolver, {}, facts=evolve(FACTS, model=None)).model == "openai/gpt-4o"


def test_A1_an_unknown_model_is_a_warning_and_the_default_is_used(resolver: CallResolver) -> None:
    call = _resolve(resolver, {"model": "no-such-model-anywhere"})
    assert call.model == "openai/gpt-4o"
    assert len(call.warnings) == 1
    assert "no-such-model-anywhere" in call.warnings[0]


def test_A2_an_unknown_option_is_a_warning_with_a_suggestion(resolver: CallResolver) -> None:
    call = _resolve(resolver, {"shema": {}})
    assert call.warnings == ("agent() has no option `shema`. Did you mean `schema`?",)


WRONG = [
    ({"timeoutMs": -1}, "`timeoutMs` of agent() must be over 0"),
    ({"timeoutMs": True}, "must be number | null, not boolean"),
    ({"retries": 9}, "must be from 0 to 3"),
    ({"effort": "lots"}, 'must be `low`, `medium`, `high`, `xhigh` or `max`, not "lots"'),
    ({"isolation": "vm"}, 'must be `worktree`, not "vm"'),
    ({"tools": ["read", 5]}, "not number"),
    ({"label": None}, "not null"),
    ({"agentType": "typd"}, "Did you mean `typed`?"),
    ({"schema": {"type": "array"}}, "schema of agent() cannot be used"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_A2_a_wrong_option_is_an_invalid_call(
    resolver: CallResolver, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidCall) as caught:
        _resolve(resolver, options)
    assert message in caught.value.message


def test_A2_tools_narrow_what_the_agent_type_may_use(resolver: CallResolver) -> None:
    assert _resolve(resolver, {"agentType": "typed"}).tools == ("read", "bash")
    assert _resolve(resolver, {"agentType": "typed", "tools": ["read", "write"]}).tools == ("read",)
    assert _resolve(resolver, {"tools": ["Grep", "LS"]}).tools == ("grep", "ls")
    assert _resolve(resolver, {"agentType": "Explore", "tools": ["bash"]}).tools == ()


def test_the_phase_is_the_option_then_the_current_one_then_the_first_declared(resolver: CallResolver) -> None:
    assert _resolve(resolver, {"phase": "Second"}, "Other").phase == "Second"
    assert _resolve(resolver, {}, "Other").phase == "Other"
    assert _resolve(resolver, {}).phase == "First"
    assert _resolve(resolver, {}, facts=ScriptFacts("x")).phase is None


def test_a_childs_phases_lie_under_its_name(resolver: CallResolver) -> None:
    child = ScriptFacts("audit", is_child=True)
    assert _resolve(resolver, {}, "Read", child).phase == "audit / Read"
    assert _resolve(resolver, {}, None, child).phase == "audit"


@pytest.mark.parametrize(
    ("prompt", "label"),
    [("a  b\n\tc ", "a b c"), ("x" * 80, "x" * 60), ("😀" * 70, "😀" * 60), (" " * 5000 + "end", "end")],
)
def test_the_default_label_is_the_prompt_folded_and_cut(prompt: str, label: str) -> None:
    assert default_label(prompt) == label


def test_defaults(resolver: CallResolver) -> None:
    call = _resolve(resolver, {})
    assert (call.timeout_s, call.retries, call.isolation, call.schema, call.effort) == (
        300.0,
        0,
        None,
        None,
        None,
    )
    assert _resolve(resolver, {"timeoutMs": 1500}).timeout_s == 1.5
    assert _resolve(resolver, {"timeoutMs": None}).timeout_s is None


def test_R2_the_parts_say_what_went_into_the_hash(resolver: CallResolver) -> None:
    call = _resolve(
        resolver, {"schema": {"type": "object"}, "model": "mine", "effort": "low", "tools": ["read"]}
    )
    assert set(call.parts) == {"prompt", "schema", "model", "effort", "tools", "phase"}
    assert call.parts["model"] == "openai/gpt-5"
    assert len(call.parts["prompt"]) == 8


def test_R2_the_order_of_keys_does_not_matter(resolver: CallResolver) -> None:
    one = {"type": "object", "properties": {"a": {}, "b": {}}}
    other = {"properties": {"b": {}, "a": {}}, "type": "object"}
    assert _resolve(resolver, {"schema": one}).hash == _resolve(resolver, {"schema": other}).hash
