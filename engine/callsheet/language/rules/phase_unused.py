"""# A phase that nothing uses

The views list the phases of `meta.phases` from the start. One that no `phase()` and no option `phase` names stays empty
for ever.

```js
export const meta = { name: 'audit', description: 'Audits.', phases: [{ title: 'Scan' }, { title: 'Report' }] }
phase('Scan')
await agent('List the outdated dependencies.')
```

Remove it, or enter it with `phase('Report')`. The first phase is in use from the start.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from callsheet.language.calls import CALL_KINDS, CallSite
from callsheet.language.meta import Phase
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._phases import title_uses
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.units import Spot, spot
from callsheet.language.statements import facts
from callsheet.language.suggest import nearest


def check(context: Context) -> Iterator[Problem]:
    """Declared phases whose titles no call and no string of the body has."""
    workflow, meta = context.workflow, context.workflow.meta
    tree = light_tree(context.parsed)
    if meta is None or not workflow.phases or tree.globals.keys().isdisjoint(CALL_KINDS):
        return
    calls = list(facts(workflow, "phase calls", ("agent", "phase"), _calls))
    titles = [phase.title for phase in workflow.phases]
    used = {use.title for use in title_uses(tree)}
    meant = {nearest(title, titles) for title in used if title is not None and title not in titles}
    if None in used or _reads_meta(context) or any(call.is_open for call in calls):
        return
    body = context.parsed.source.data[meta.statement.end_byte : context.parsed.script.end].decode(
        "utf-8", "replace"
    )
    for phase in workflow.phases[1:] if _starts_in_first(calls) else workflow.phases:
        if phase.title not in used | meant and not _is_written(phase.title, body):
            yield context.problem(
                phase.title_node,
                f"Nothing uses the phase `{phase.title}`.",
                fixes=(_remove(context, phase),),
                unnecessary=True,
            )


def _reads_meta(context: Context) -> bool:
    binding = light_tree(context.parsed).module.bindings.get("meta")
    return binding is None or bool(binding.references)


@frozen
class _Call:
    """A call of `agent` or `phase`.

    Attributes:
        place: the call.
        in_function: whether it stands in a function.
        names: whether an option of it names a phase.
        is_open: whether its arguments come from where the script does not tell.
    """

    kind: str
    place: Spot
    in_function: bool
    names: bool
    is_open: bool


def _calls(tree: LightTree, sites: list[CallSite]) -> Iterator[_Call]:
    for site in sites:
        is_open = any(argument.type == "spread_element" for argument in site.arguments)
        names = site.option("phase") is not None
        yield _Call(site.kind, spot(tree, site.span), site.function is not None, names, is_open)


def _is_written(title: str, body: str) -> bool:
    """Whether the body has the title as a string of its own, for a use that is not understood."""
    if not title.isprintable() or any(mark in title for mark in "\\'\"`"):
        return title in body
    return any(f"{quote}{title}{quote}" in body for quote in "'\"`")


def _starts_in_first(calls: list[_Call]) -> bool:
    """Whether an agent may be called before any phase was entered, which counts for the first one."""
    first = min((call.place.span.start for call in calls if call.kind == "phase"), default=None)
    return any(
        call.kind == "agent"
        and not call.names
        and (first is None or call.place.span.start < first or call.in_function)
        for call in calls
    )


def _remove(context: Context, phase: Phase) -> Fix:
    node, data = phase.node, context.parsed.source.data
    start, end = node.start_byte, node.end_byte
    after = data[end:]
    rest = after.lstrip()
    if rest.startswith(b","):
        end += len(after) - len(rest) + 1
        line = context.parsed.source.line_of(start)
        if not data[context.parsed.source.line_starts[line] : start].strip():
            while data[end : end + 1] in {b" ", b"\t"}:
                end += 1
            if data[end : end + 1] in {b"\n", b"\r"}:
                start = context.parsed.source.line_starts[line]
                end = context.parsed.source.line_starts[context.parsed.source.line_of(end) + 1]
        else:
            while data[end : end + 1] == b" ":
                end += 1
    else:
        before = data[:start].rstrip()
        if before.endswith(b","):
            start = len(before) - 1
    return Fix(f"Remove the phase `{phase.title}`", (Edit(Span(start, end), ""),), preferred=True)


RULE = Rule(
    code="phase-unused",
    severity=Severity.INFORMATION,
    summary="A phase is declared and not used",
    group="Phases",
    check=check,
    needs_sound_tree=True,
)
