"""The tools of agents, one file each."""

from __future__ import annotations

from callsheet.agents.tools.base import Tool
from callsheet.agents.tools.bash import BASH
from callsheet.agents.tools.edit import EDIT
from callsheet.agents.tools.find import FIND
from callsheet.agents.tools.grep import GREP
from callsheet.agents.tools.ls import LS
from callsheet.agents.tools.read import READ
from callsheet.agents.tools.write import WRITE

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (READ, WRITE, EDIT, BASH, GREP, FIND, LS)}
