"""What verifying a plan found: whether it holds when something fails, what breaks, and the spare that would mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.errors import StoreError
from xisuan.results import columns, document, folders, identity, store
from xisuan.results.plan import Plan

DOCUMENT = "verification.json"
FORMAT = 5

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


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence in English and in Chinese; both blank where there is nothing to say."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en)


@dataclass(frozen=True)
class Verification:
    """`holds`: the last plan keeps every limit whatever fails; `reason` says so, or why it cannot. `given`: what was
    asked.
    """

    holds: bool
    reason: Reason
    plan: Plan
    given: Mapping[str, str | int | float]
    tables: Mapping[str, pd.DataFrame]

    @property
    def why(self) -> str:
        """The reason in English."""
        return self.reason.en

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = object.__getattribute__(self, "tables")
        if name in tables:
            table: pd.DataFrame = tables[name]
            return table
        raise AttributeError(f"a verification has no {name!r}; its tables are {', '.join(tables)}")


def verification_document(found: Verification) -> dict[str, Any]:
    """verification.json: the verdict, what was asked, and what computed it."""
    return {
        "holds": found.holds, "why": found.reason.en, "why_zh": found.reason.zh, "given": dict(found.given),
        "versions": identity.versions(), "format": FORMAT,
    }  # fmt: skip


def save_verification(found: Verification, folder: str | Path, *, page: str = "") -> Path:
    """Write it with its last plan (`plan/`, a run folder) and, if given, a page to `folder`, whole or not at all."""
    target = Path(folder).absolute()
    with folders.replacing(target) as fresh:
        (fresh / DOCUMENT).write_text(document.text(verification_document(found)), encoding="utf-8")
        for name, frame in found.tables.items():
            columns.write_table(frame, fresh / f"{name}.parquet")
        store.save(found.plan, fresh / "plan")
        if page:
            (fresh / "verification.html").write_text(page, encoding="utf-8")
        folders.seal(fresh)
    return target


def load_verification(folder: str | Path) -> Verification:
    """Read what `save_verification` wrote. Raises StoreError, in words, where it is none or was changed since."""
    source = Path(folder).absolute()
    folders.check_seal(source)
    if not (source / DOCUMENT).is_file():
        raise StoreError(f"{folder} holds no verification; give the folder that `xisuan verify` wrote")
    head = json.loads((source / DOCUMENT).read_text(encoding="utf-8"))
    if head.get("format") != FORMAT:
        raise StoreError(f"{source / DOCUMENT} was written by another version of xisuan: make it again with this one")
    tables = {name: columns.read_table(source / f"{name}.parquet") for name in TABLES}
    reason = Reason(head["why"], head["why_zh"])
    return Verification(head["holds"], reason, store.load_run(source / "plan").plan, head["given"], tables)
