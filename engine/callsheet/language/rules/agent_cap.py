"""# More agents than the cap allows

A run makes at most 1,000 agent calls, or what the setting `run.max_agents` says. The call that goes over throws
`AGENT_LIMIT_EXCEEDED`. Here the script itself tells that it would.

```js
const cases = Array.from({ length: 600 }, (_, i) => i)
await pipeline(cases, (i) => agent(`Solve case ${i}.`), (answer, i) => agent(`Check case ${i}: ${answer}`))
```

Put several items into one prompt, or take a sample. Calls in functions count as often as the functions are called, and
`verify`, `judgePanel` and `completenessCheck` count with the agents that they ask.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import CallSite, Workflow
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._bounds import agents_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.units import Spot, spot
from callsheet.language.statements import facts

_ASK = ("agent", "verify", "judgePanel", "completenessCheck")


def check(context: Context) -> Iterator[Problem]:
    """The call with which the sum of all calls whose number is known goes over the cap."""
    cap = context.settings.run.max_agents
    workflow = context.workflow
    total = 0
    asked = facts(workflow, "agents asked", _ASK, lambda tree, calls: _agents(workflow, tree, calls))
    for kind, times, callee in asked:
        before, total = total, total + times
        if before <= cap < total:
            what = f"is called up to {times:,} times" if times > 1 else "is called once more"
            if kind != "agent":
                what = f"asks up to {times:,} agents"
            together = f", {total:,} with the calls before it" if before else ""
            message = f"This `{kind}` {what}{together}, and a run has at most {cap:,} agents."
            yield context.problem(callee.span, message)


def _agents(workflow: Workflow, tree: LightTree, calls: list[CallSite]) -> Iterator[tuple[str, int, Spot]]:
    for site in calls:
        times = agents_of(workflow, site)
        if times is not None:
            yield site.kind, times, spot(tree, site.callee_span)


RULE = Rule(
    code="agent-cap",
    severity=Severity.WARNING,
    summary="The script makes more agent calls than a run may have",
    group="Cost",
    check=check,
)
