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

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._bounds import times_called


def check(context: Context) -> Iterator[Problem]:
    """The call with which the sum of all calls whose number is known goes over the cap."""
    cap = context.settings.run.max_agents
    total = 0
    for site in context.workflow.calls_of("agent"):
        times = times_called(context.workflow, site)
        if times is None:
            continue
        before, total = total, total + times
        if before <= cap < total:
            what = f"up to {times:,} times" if times > 1 else "once more"
            together = f", {total:,} with the calls before it" if before else ""
            message = f"This `agent` is called {what}{together}, and a run has at most {cap:,} agents."
            yield context.problem(site.callee, message)


RULE = Rule(
    code="agent-cap",
    severity=Severity.WARNING,
    summary="The script makes more agent calls than a run may have",
    group="Cost",
    check=check,
)
