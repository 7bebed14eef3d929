"""# More agents than the cap allows

A run makes at most 1,000 agent calls, or what the setting `run.max_agents` says. The call that goes over throws
`AGENT_LIMIT_EXCEEDED`. Here the script itself tells that it would.

```js
const cases = Array.from({ length: 600 }, (_, i) => i)
await pipeline(cases, (i) => agent(`Solve case ${i}.`), (answer, i) => agent(`Check case ${i}: ${answer}`))
```

Put several items into one prompt, or take a sample.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import CallSite, Workflow
from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._bounds import times_called
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.units import Spot, spot
from callsheet.language.statements import facts


def check(context: Context) -> Iterator[Problem]:
    """The call with which the sum of all calls whose number is known goes over the cap."""
    cap = context.settings.run.max_agents
    workflow = context.workflow
    total = 0
    for times, callee in facts(
        workflow, "times called", ("agent",), lambda tree, calls: _times(workflow, tree, calls)
    ):
        before, total = total, total + times
        if before <= cap < total:
            what = f"up to {times:,} times" if times > 1 else "once more"
            together = f", {total:,} with the calls before it" if before else ""
            message = f"This `agent` is called {what}{together}, and a run has at most {cap:,} agents."
            yield context.problem(callee.span, message)


def _times(workflow: Workflow, tree: LightTree, calls: list[CallSite]) -> Iterator[tuple[int, Spot]]:
    for site in calls:
        times = times_called(workflow, site)
        if times is not None:
            yield times, spot(tree, site.callee_span)


RULE = Rule(
    code="agent-cap",
    severity=Severity.WARNING,
    summary="The script makes more agent calls than a run may have",
    group="Cost",
    check=check,
)
