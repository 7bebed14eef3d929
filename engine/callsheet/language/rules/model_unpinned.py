"""# A fan-out without a model

Calls in a fan-out that name no model run on the session's. That may be the most expensive one there is, once for each
item. This rule is off by default.

```js
await parallel(files.map((file) => () => agent(`Review ${file}`)))
```

```js
await parallel(files.map((file) => () => agent(`Review ${file}`, { tier: 'small' })))
```

A `model` in `meta`, in the phase of the call, or of its agent type counts as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, Workflow
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule

_PINS = ("model", "tier", "agentType")


def check(context: Context) -> Iterator[Problem]:
    """Agents in fan-outs whose model nothing says."""
    if context.workflow.meta is not None and context.workflow.meta.model:
        return
    for site in context.workflow.calls_of("agent"):
        if site.fan_out is None or _may_be_pinned(site) or _phase_has_model(context.workflow, site):
            continue
        message = "This fan-out runs on the session's model, whatever it costs: give a `model` or a `tier`."
        yield context.problem(site.callee, message)


def _may_be_pinned(site: CallSite) -> bool:
    if site.options_node is None:
        return any(argument.type == "spread_element" for argument in site.arguments)
    options = site.options
    return options is None or options.is_open or any(options.get(name) is not None for name in _PINS)


def _phase_has_model(workflow: Workflow, site: CallSite) -> bool:
    option = site.option("phase")
    if option is not None:
        title = option.text
    else:
        phases = workflow.calls_of("phase")
        before = bisect_left(phases, site.node.start_byte, key=lambda call: call.node.start_byte)
        node = phases[before - 1].argument(0) if before else None
        title = string_value(node) if node is not None else None
        if not before and workflow.phases:
            title = workflow.phases[0].title
        elif before and title is None:
            return True
    if option is not None and title is None:
        return True
    phase = workflow.phase(title) if title is not None else None
    return phase is not None and phase.model is not None


RULE = Rule(
    code="model-unpinned",
    severity=Severity.WARNING,
    summary="A fan-out runs on whatever model the session has",
    group="Cost",
    check=check,
    off_by_default=True,
)
