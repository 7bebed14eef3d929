"""# The script reads the clock

A run is resumed by running its script again: every call must be made as it was made before. What the clock says differs
from run to run, so a prompt that holds the time is another prompt, and every agent behind it runs again. `Date.now()`,
`new Date()`, `Date()`, `performance.now()` and `Temporal.Now` are therefore refused, here and when the script runs,
whatever the route to them: an alias, a computed name, a callback, a helper function.

```js
const report = await agent(`Write the report of ${new Date().toDateString()}.`)
```

Pass the time in with the arguments, or let an agent look at the clock:

```js
const report = await agent(`Write the report of ${args.today}.`)
```

`new Date(value)`, `Date.parse()` and `Date.UTC()` are fine: they depend on nothing but what they are given.
"""

from __future__ import annotations

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules._determinism import checker

RULE = Rule(
    code="determinism-clock",
    severity=Severity.ERROR,
    summary="The script reads the clock, so that a replay would differ",
    group="Determinism",
    check=checker("D1"),
)
