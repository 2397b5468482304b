"""Findings of the recheck of one part of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

import pandas as pd

from xisuan.certificate.tables.differences import differences
from xisuan.certificate.tables.recomputed import Recomputed
from xisuan.results.certification import Difference
from xisuan.results.plan import Certificate, Effort

NEEDS_SOLVING, NEEDS_SIMULATING, DUALS_NOT_KEPT, BRANCH_AND_BOUND, NOT_KEPT, ASKED, MACHINE = (
    "needs_solving", "needs_simulating", "duals_not_kept", "branch_and_bound", "not_kept", "asked", "machine",
)  # fmt: skip
NO_COLUMN, OPEN, CIRCLES, WRONG_PLAN, ANOTHER, WHOLE = (
    "no_column", "open", "circles", "wrong_plan", "another", "whole",
)  # fmt: skip
"""Reasons why something is not rechecked; keys of the message catalogue."""
TAKEN = ("versions", *(one.name for one in fields(Effort) if one.name != "asked_gap"))
"""Keys of a document with what the solve took, which only the machine knows."""


@dataclass
class Rechecked:
    """Findings on one part: its certificate, differences, recomputed tables, and what was not recomputed and why."""

    part: str
    certificate: Certificate | None = None
    differences: list[Difference] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)

    def add(self, found: Iterable[Difference]) -> None:
        """Add differences of this part."""
        self.differences += [replace(one, part=self.part) for one in found]

    def compare(
        self, stored: Mapping[str, pd.DataFrame], right: Mapping[str, Recomputed], known: Collection[str]
    ) -> None:
        """Compare stored tables with recomputed ones, and list stored tables that were not recomputed. known: names of
        all tables that there can be."""
        for name, made in right.items():
            self.tables.append(name)
            self.add(differences(name, stored.get(name), made))
        for name in stored:
            if name not in known:
                self.add([Difference("unknown_table", table=name)])
            elif name not in right:
                self.unchecked.setdefault(name, NEEDS_SOLVING)
