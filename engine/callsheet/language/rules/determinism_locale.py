"""# The script depends on the machine's locale

What `Intl` gives depends on the locale, the time zone and the locale data of the machine, and a run may be resumed on
another one. It is not available. The time zone is always UTC.

```js
const day = new Intl.DateTimeFormat('en').format(new Date(args.now))
```

```js
const day = new Date(args.now).toISOString().slice(0, 10)
```

`toLocaleString()`, `toLocaleDateString()` and `localeCompare()` are fine: they give one fixed form.
"""

from __future__ import annotations

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules._determinism import checker

RULE = Rule(
    code="determinism-locale",
    severity=Severity.ERROR,
    summary="The script depends on the machine's locale, so that a replay would differ",
    group="Determinism",
    check=checker("D4"),
)
