"""Colours of the page's light theme as numbers, for charts that style sheets do not reach."""

from __future__ import annotations

import re
from functools import cache

from xisuan.report.document.html_rendering import text

GREY = "7D8A97"


@cache
def colour(name: str) -> str:
    """Return the colour of a name in a specification as `RRGGBB`; grey for a name without one."""
    rule = re.search(rf"\.c-{re.escape(name)}(?:,[^{{]*)? {{ --c: (?:var\(--([\w-]+)\)|#(\w{{6}}))", text("report.css"))
    if rule is None:
        return GREY
    return str(rule[2]).upper() if rule[2] else tone(rule[1])


@cache
def tone(variable: str) -> str:
    """Return the colour of a variable of the style sheet, such as `ink`, as `RRGGBB`."""
    found = re.search(rf"--{re.escape(variable)}: #(\w{{6}})", text("report.css"))
    assert found is not None, f"the style sheet has no colour {variable}"
    return found[1].upper()


def pale(value: str) -> str:
    """Return a colour mixed half and half with white: for years that are over."""
    parts = (int(value[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{(part + 255) // 2:02X}" for part in parts)
