"""Values that the tables of a scenario offer for options of jobs: what may fail, capacities, targets to reach."""

from __future__ import annotations

import itertools
from pathlib import Path

from xisuan.studio.editing import table_rows
from xisuan.tracking.targets.target_constraints import RULES


def choices(folder: Path) -> dict[str, list[str]]:
    """Return the values of each option that names things of the scenario: option → values as requests have them."""
    sites, links = _column(folder, "sites", "site"), _column(folder, "links", "link")
    failing = [*(f"site:{site}" for site in sites), *(f"link:{link}" for link in links)]
    computing = itertools.product(sites, _column(folder, "technologies", "technology"))
    capacities = [
        *(f"hall:{site}" for site in sites),
        *(f"link:{link}" for link in links),
        *(f"{source}:{site}" for source in ("solar", "wind") for site in sites),
        *(f"compute:{site}:{technology}" for site, technology in computing),
    ]
    return {"down": failing, "case": failing, "of": capacities, "reach": _targets(folder)}


def _targets(folder: Path) -> list[str]:
    """Return the published targets that an identity ties to a plan, as INDICATOR@YEAR."""
    tied = {
        row.get("indicator")
        for row in table_rows.read(folder, "drivers")[1]
        if row.get("kind") == "identity" and row.get("variable") in RULES
    }
    rows = [row for row in table_rows.read(folder, "targets")[1] if row.get("indicator") in tied]
    found = [f"{row['indicator']}@{row.get('deadline', '')[:4]}" for row in rows if row.get("bound") != "under"]
    return list(dict.fromkeys(found))


def _column(folder: Path, table: str, column: str) -> list[str]:
    """Return the different values of a column, in the order of the file."""
    return list(dict.fromkeys(row[column] for row in table_rows.read(folder, table)[1] if row.get(column)))
