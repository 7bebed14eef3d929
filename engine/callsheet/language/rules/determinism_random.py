"""# The script uses randomness

A run is resumed by running its script again: every call must be made as it was made before. `Math.random()`,
`crypto.randomUUID()` and `crypto.getRandomValues()` give another value each time, so they are refused, here and when
the script runs, whatever the route to them.

```js
const angle = angles[Math.floor(Math.random() * angles.length)]
```

Derive variety from data: the index of an item, or a seed in the arguments.

```js
const angle = angles[index % angles.length]
```

The rest of `Math` is fine.
"""

from __future__ import annotations

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules._determinism import checker

RULE = Rule(
    code="determinism-random",
    severity=Severity.ERROR,
    summary="The script uses randomness, so that a replay would differ",
    group="Determinism",
    check=checker("D2"),
)
