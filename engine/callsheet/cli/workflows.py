"""`callsheet workflows`: the workflows that can be run by name."""

from __future__ import annotations

from callsheet.cli.common import JsonOption, print_json
from callsheet.cli.script import saved_workflows


def workflows(json: JsonOption = False) -> None:
    """List saved and bundled workflows; each can be run by its name."""
    found = saved_workflows()
    if json:
        print_json(
            [{"name": each.name, "description": each.description, "path": str(each.path)} for each in found]
        )
        return
    from callsheet.cli.text import one_line

    width = max(len(one_line(each.name)) for each in found)
    for each in found:
        where = "bundled" if each.bundled else each.path
        print(f"{one_line(each.name):{width}}  {one_line(each.description)}  [{where}]")
