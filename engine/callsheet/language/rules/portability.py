"""# Another host does this differently

Claude Code and pi run scripts of the same language, with differences. Name the hosts that a script is to run on in the
setting `hosts`, and what they do differently is pointed out. Without it this rule is silent.

```toml
# callsheet.toml
hosts = ["claude", "pi"]
```

```js
await agent('Review the change.', { tier: 'small' })     // Claude Code has no `tier`
await verify(finding)                                    // Claude Code has no `verify`
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._options import option_sites
from callsheet.language.tables import hosts
from callsheet.language.tables.forbidden import FORBIDDEN
from callsheet.language.tables.helpers import HELPERS

_HELPERS = tuple(helper.name for helper in HELPERS)
_BANNED = tuple(entry.shown.encode() for entry in FORBIDDEN if entry.shown.endswith("()"))


def check(context: Context) -> Iterator[Problem]:
    """What each host of the settings does differently with this script."""
    for host in context.settings.hosts:
        yield from _options(context, host)
        yield from _calls(context, host)
        yield from _phases(context, host)
        yield from _texts(context, host)


def _options(context: Context, host: str) -> Iterator[Problem]:
    for site in option_sites(context.workflow, context.workflow.calls_of("agent")):
        for option in site.options.entries:
            message = hosts.UNSUPPORTED_OPTIONS.get(option.name, {}).get(host)
            if message is None and option.name == "isolation" and option.text == "worktree":
                message = hosts.ISOLATION.get(host)
            if message is not None:
                yield context.problem(option.key, message)


def _calls(context: Context, host: str) -> Iterator[Problem]:
    for site in context.workflow.calls_of("workflow", *_HELPERS):
        if site.kind != "workflow":
            message = hosts.NO_HELPERS.get(host)
        else:
            message = hosts.NO_WORKFLOW.get(host)
            path = site.option("scriptPath")
            if path is not None and host in hosts.NO_SCRIPT_PATH:
                yield context.problem(path.key, hosts.NO_SCRIPT_PATH[host])
        if message is not None:
            yield context.problem(site.callee, message.format(name=site.kind))


def _phases(context: Context, host: str) -> Iterator[Problem]:
    meta = context.workflow.meta
    entries = meta.literal.get("phases") if meta is not None and meta.literal is not None else None
    if host in hosts.PHASE_MODEL and entries is not None:
        for item in entries.value.items:
            model = item.get("model")
            if model is not None:
                yield context.problem(model.key_node, hosts.PHASE_MODEL[host])


def _texts(context: Context, host: str) -> Iterator[Problem]:
    """pi 1.5 searches the text; in code the call is refused everywhere, so only strings and comments are told."""
    if host not in hosts.BANNED_IN_TEXT:
        return
    data, script = context.parsed.source.data, context.parsed.script
    for banned in _BANNED:
        at = data.find(banned, script.start, script.end)
        while at >= 0:
            node = context.parsed.root.descendant_for_byte_range(at, at + len(banned))
            if node is not None and node.type in {"comment", "string_fragment", "string", "template_string"}:
                message = hosts.BANNED_IN_TEXT[host].format(name=banned.decode())
                yield context.problem(_span(at, len(banned)), message)
            at = data.find(banned, at + 1, script.end)


def _span(start: int, length: int) -> Span:
    return Span(start, start + length)


RULE = Rule(
    code="portability",
    severity=Severity.INFORMATION,
    summary="A host of the settings does this differently",
    group="Portability",
    check=check,
    needs_hosts=True,
)
