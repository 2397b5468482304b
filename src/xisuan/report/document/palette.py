"""Colours of the page's light theme as numbers, for charts that style sheets do not reach."""

from __future__ import annotations

import re
from functools import cache

from xisuan.report.document.html_rendering import text

GREY = "7D8A97"


@cache
def colour(name: str) -> str:
    """Return the colour of a name in a specification, or of a variable of the style sheet, as `RRGGBB`; else grey."""
    style = text("report.css")
    rule = re.search(rf"\.c-{re.escape(name)}(?:,[^{{]*)? {{ --c: (?:var\(--([\w-]+)\)|#(\w{{6}}))", style)
    if rule is not None and rule[2]:
        return rule[2].upper()
    variable = re.search(rf"--{re.escape(rule[1] if rule else name)}: #(\w{{6}})", style)
    return variable[1].upper() if variable else GREY


def pale(value: str) -> str:
    """Return a colour mixed half and half with white: for years that are over."""
    parts = (int(value[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{(part + 255) // 2:02X}" for part in parts)
