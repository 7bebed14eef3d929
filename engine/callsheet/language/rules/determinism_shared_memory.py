"""# The script uses shared memory

`SharedArrayBuffer`, `Atomics.wait()` and `Atomics.waitAsync()` let the timing of other threads show, which differs from
run to run. They are not available; agents run at the same time without them.

```js
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
```

```js
const [first, second] = await parallel([() => agent('One.'), () => agent('Two.')])
```
"""

from __future__ import annotations

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules._determinism import checker

RULE = Rule(
    code="determinism-shared-memory",
    severity=Severity.ERROR,
    summary="The script uses shared memory, so that a replay would differ",
    group="Determinism",
    check=checker("D5"),
)
