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

from callsheet.language.calls import CALL_KINDS
from callsheet.language.meta import Phase
from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._phases import PhaseUse, phase_uses
from callsheet.language.scopes.lower import light_tree


def check(context: Context) -> Iterator[Problem]:
    """Declared phases whose titles the body never mentions."""
    workflow, meta = context.workflow, context.workflow.meta
    if (
        meta is None
        or not workflow.phases
        or light_tree(context.parsed).globals.keys().isdisjoint(CALL_KINDS)
    ):
        return
    uses = phase_uses(workflow)
    named = [use for use in uses if use.how != "inherits"]
    if any(use.title is None for use in named) or any(use.may_name for use in uses):
        return
    if _reads_meta(context):
        return
    used = {use.title for use in named}
    body = context.parsed.source.data[meta.statement.end_byte : context.parsed.script.end].decode(
        "utf-8", "replace"
    )
    for phase in workflow.phases[1:] if _starts_in_first(uses) else workflow.phases:
        if phase.title not in used and phase.title not in body:
            yield context.problem(
                phase.title_node,
                f"Nothing uses the phase `{phase.title}`.",
                fixes=(_remove(context, phase),),
                unnecessary=True,
            )


def _reads_meta(context: Context) -> bool:
    binding = light_tree(context.parsed).module.bindings.get("meta")
    return binding is None or bool(binding.references)


def _starts_in_first(uses: list[PhaseUse]) -> bool:
    """Whether an agent may be called before any phase was entered, which counts for the first one."""
    first = min((use.place.span.start for use in uses if use.how == "enters"), default=None)
    return any(
        use.how == "inherits" and (first is None or use.place.span.start < first or use.in_function)
        for use in uses
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
