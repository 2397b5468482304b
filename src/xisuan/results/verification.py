"""Result of verifying a plan: its failure cases, the work lost in each, and the spare capacity that would prevent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from xisuan.results.plan import Plan
from xisuan.text.translation import Bilingual

TABLES: dict[str, dict[str, str]] = {
    "cases": {
        "round": "0: the plan as given; then each plan that was made again",
        "what": "what is down for a day: nothing, site or link",
        "name": "which one",
        "late_jobs": "jobs of work that must be served that are late or dropped, of those simulated",
        "late_share": "the same, share of jobs with a deadline",
        "late_more": "late jobs beyond those with nothing down, share of its jobs of a day, at most 1",
        "hits": "runs that the failure ended",
        "unserved_share": "largest share of the day's demand for a workload, of those owed, that no operation can serve",
        "extra_mcny": "what the day costs more in energy and traffic than with nothing down, the spare serving all, mCNY",
        "spare_mw": "IT power of the cheapest spare that serves all; 0 where none is needed, or none in equipment",
        "spare_mcny": "its overnight capital cost, mCNY",
        "certificate": "holds or fails: of the best operation of that day, without the spare and with it",
        "max_violation": "largest violation of a constraint in them, over the largest term of its row",
        "holds": "whether all that is owed is served, no more of it late than the limit allows, and the certificate holds",
        "why": "why no spare serves all; blank where one does or none is needed",
        "why_zh": "the same in Chinese",
    },
    "work": {
        "round": "as in cases",
        "what": "as in cases",
        "name": "as in cases",
        "workload": "workload",
        "unserved_unit_hours": "what the best operation of the plan does not serve on that day, unit-hours",
        "unserved_share": "share of its demand of that day",
        "owed": "whether it must be served: not where its row in workloads has a price for what is not",
        "late_jobs": "simulated jobs of it that are late",
        "late_more": "the same beyond those with nothing down, share of its jobs of a day",
    },
    "spare": {
        "round": "as in cases",
        "what": "as in cases",
        "name": "as in cases",
        "asset": "hall, compute or link",
        "where": "site or link that gets it",
        "technology": "technology of compute",
        "amount": "how much",
        "unit": "unit of `amount`",
        "mw": "IT power, MW",
        "capex_mcny": "overnight capital cost, mCNY",
    },
    "asked": {
        "round": "round whose plan has to keep it",
        "rule": "min_units (limits), min_gbps (links) or site_reserve_min (policies)",
        "where": "site or link; all for site_reserve_min",
        "technology": "technology of min_units",
        "value": "units, Gbps or share of the equipment that stays free, at least",
    },
    "added": {
        "asset": "as in builds",
        "where": "site or link",
        "mw": "IT power that the last plan orders more than the first, MW",
        "capex_mcny": "overnight capital that it orders more, mCNY",
    },
}
"""Every table of a verification with its columns."""

MOST_ROUNDS = 20
"""Most rounds in which a plan is made again."""


@dataclass(frozen=True)
class Verification:
    """Result of a verification. `holds`: True if the last plan meets the requirement in every failure case.

    `reason` gives the reason in both languages. `given`: the options.
    """

    holds: bool
    reason: Bilingual
    plan: Plan
    given: Mapping[str, str | int | float]
    tables: Mapping[str, pd.DataFrame]

    @property
    def why(self) -> str:
        """Reason in English."""
        return self.reason.en

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = object.__getattribute__(self, "tables")
        if name in tables:
            table: pd.DataFrame = tables[name]
            return table
        raise AttributeError(f"a verification has no {name!r}; its tables are {', '.join(tables)}")
