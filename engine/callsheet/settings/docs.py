"""What each setting means, in Markdown: the text of the settings reference."""

from __future__ import annotations

from typing import Final

from attrs import frozen


@frozen
class SettingDocs:
    """One row of the settings reference.

    Attributes:
        meaning: what the setting does.
        example: a value as TOML writes it.
    """

    meaning: str
    example: str


SETTING_DOCS: Final[dict[str, SettingDocs]] = {
    "model": SettingDocs(
        "Default model of every run: `provider/model`, a bare name, or an alias.", '"sonnet"'
    ),
    "models.aliases": SettingDocs("Names of your own for models.", '{ fast = "openai/gpt-5-mini" }'),
    "models.tiers": SettingDocs(
        "The model behind each tier; `small`, `medium` and `big` are there, and you may add others.",
        '{ small = "haiku", big = "opus" }',
    ),
    "models.prices": SettingDocs(
        "Prices of models that the table does not know: input and output, in US dollars per million tokens.",
        '{ "local/llama" = [0.0, 0.0] }',
    ),
    "run.concurrency": SettingDocs(
        "Agents at a time. Without it `min(16, cores − 2)`, and at least 2.",
        "8",
    ),
    "run.max_agents": SettingDocs("The most agent calls of one run.", "1000"),
    "run.budget_tokens": SettingDocs("Token budget of a run, input and output together.", "2_000_000"),
    "run.agent_timeout_s": SettingDocs(
        "Limit on each try of an agent, in seconds; a call's own `timeoutMs` goes first.", "300"
    ),
    "run.confirm_over.agents": SettingDocs("Ask before a run whose plan has more agents than this.", "100"),
    "run.confirm_over.tokens": SettingDocs(
        "Ask before a run whose plan has more tokens than this.", "5_000_000"
    ),
    "run.confirm_over.cost_usd": SettingDocs(
        "Ask before a run whose plan costs more US dollars than this.", "10.0"
    ),
    "worktrees.required": SettingDocs(
        'Fail a call with `isolation: "worktree"` where git gives no worktree, instead of running it in the shared '
        "tree with a warning.",
        "true",
    ),
    "worktrees.include_uncommitted": SettingDocs(
        "Start worktrees from the working tree as it is, uncommitted changes included, instead of the commit.",
        "true",
    ),
    "rules": SettingDocs(
        "Level of each rule by its name: `error`, `warning`, `information`, `hint` or `off`. "
        "[All rules](rules/README.md).",
        '{ phase-unused = "off", model-unpinned = "warning" }',
    ),
    "hosts": SettingDocs(
        "Other hosts that the scripts are to run on, `claude` and `pi`: the rule "
        "[portability](rules/portability.md) tells what they do differently.",
        '["claude"]',
    ),
    "run_diagnostics": SettingDocs("Show the state of the newest run as diagnostics in the editor.", "true"),
}
"""Every setting of `SCHEMA` by its dotted name."""
