"""# The script can see garbage collection

When an object is collected differs from run to run. `WeakRef` and `FinalizationRegistry` make that visible, and a
script whose calls depend on it cannot be replayed. They are not available.

```js
const cache = new WeakRef(results)
```

```js
const cache = new Map()
```

`WeakMap` and `WeakSet` are fine: they show nothing of it.
"""

from __future__ import annotations

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules._determinism import checker

RULE = Rule(
    code="determinism-garbage",
    severity=Severity.ERROR,
    summary="The script can see garbage collection, so that a replay would differ",
    group="Determinism",
    check=checker("D3"),
)
