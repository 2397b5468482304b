"""What sites, technologies and workloads are called in texts that people read: (English, Chinese)."""

from __future__ import annotations

from xisuan.decisions.focus import Focus
from xisuan.scenario.scenario import Scenario

TITLED = {
    "sites": "site", "technologies": "technology", "workloads": "workload", "links": "link", "cities": "city",
    "regions": "region", "nodes": "node", "measures": "measure",
}  # fmt: skip
"""Tables with titles, and their key."""


def called(scenario: Scenario, key: str, *tables: str) -> tuple[str, str]:
    """The titles of `key` in the first of `tables` that has it; where a title is blank, the key."""
    for table in tables:
        rows = scenario[table]
        rows = rows[rows[TITLED[table]] == key]
        if len(rows) and "title" in rows:
            title, title_zh = str(rows["title"].iloc[0]) or key, str(rows["title_zh"].iloc[0])
            return title, title_zh or title
    return key, key


def about(scenario: Scenario, focus: Focus) -> tuple[str, str]:
    """What a report is about: its one site, or the hub by its name."""
    return called(scenario, focus.sites[0], "sites") if len(focus.sites) == 1 else (focus.name, focus.name)
