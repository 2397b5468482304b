"""Failure cases of one plan on its hardest day."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.decisions.display_names import title_of
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.results.decision_tables import FAILS, HOLDS
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.queries import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.policies.failure_models import Down
from xisuan.simulation.policies.placement import placement
from xisuan.simulation.simulate import Trial, simulate
from xisuan.text.translation import LANGUAGES, Message, Series, Translatable, translate
from xisuan.text.translation import message as _
from xisuan.workflow.verification import contingency
from xisuan.workflow.verification.contingency import DAY, LEAST, NOTHING, Failure

NAMED = 3
"""Number of unservable workloads that are named."""


@dataclass(frozen=True)
class Case:
    """One failure of one plan.

    `late`: without a failure, the share of all jobs; with one, the additional late jobs as a share of a day's jobs.
    Jobs of work with a penalty of its own, which may be dropped, are not counted. `work` and `spare` are rows of the
    tables of a verification; `links` is the traffic of jobs on each link (`Trace`).
    """

    failure: Failure
    holds: bool
    why: Message | None
    late: float
    unserved_share: float
    certified: bool
    figures: dict[str, float]
    work: pd.DataFrame
    spare: pd.DataFrame
    links: pd.DataFrame

    def row(self, number: int) -> dict[str, Any]:
        """Return the row in the table of cases."""
        named = {"round": number, "what": self.failure.what, "name": self.failure.name}
        texts = ("" if self.why is None else translate(self.why, language) for language in LANGUAGES)
        why = dict(zip(("why", "why_zh"), texts, strict=True))
        said = {"certificate": HOLDS if self.certified else FAILS, **why}
        return {**named, **self.figures, "unserved_share": self.unserved_share, "holds": self.holds, **said}


@dataclass(frozen=True)
class _Jobs:
    """Simulated results of jobs, by workload."""

    late: pd.Series
    due: pd.Series
    figures: dict[str, float]
    links: pd.DataFrame


@dataclass(frozen=True)
class _Answer:
    """Optimal operation of the day: work undone (see `_lost`), the spare, the day's running cost in mCNY, the reason
    why no spare serves all or no figure is reliable, and the findings of its certificates.
    """

    lost: pd.DataFrame
    spare: pd.DataFrame
    running_mcny: float
    why: Message | None
    certified: bool
    max_violation: float


class Ordeal:
    """Trial of a plan in one period, with the jobs of `trial`; no more than a share `limit` of them may be late."""

    def __init__(self, scenario: Scenario, plan: Plan, trial: Trial, limit: float) -> None:
        assert trial.period is not None
        self._scenario, self._plan, self._limit, self.period = scenario, plan, limit, trial.period
        self._droppable = candidates.droppable(scenario, self.period)
        self._start = contingency.hardest_hour(scenario, plan, self.period)
        hours = self._start + 2 * DAY if trial.hours is None else trial.hours
        self._trial = dataclasses.replace(trial, hours=hours)
        self._jobs = self._simulated(NOTHING)
        self._usual = self._answer(NOTHING)
        self._due = self._jobs.due * (DAY * 3600.0 / self._jobs.figures["end_s"])

    @property
    def scheduled(self) -> bool:
        """True if jobs are placed by the plan's schedule."""
        return placement(self._trial.place).as_scheduled

    def cases(self, failures: Sequence[Failure]) -> Iterator[Case]:
        """Yield the case without a failure, then the case of each of `failures`.

        One core solves the operation of each case while another simulates the jobs: HiGHS releases Python's global
        lock.
        """
        yield self._case(NOTHING, self._jobs, self._usual)
        with ThreadPoolExecutor(1) as pool:
            answers = [pool.submit(self._answer, failure) for failure in failures]
            try:
                for failure, answer in zip(failures, answers, strict=True):
                    jobs = self._simulated(failure)
                    yield self._case(failure, jobs, answer.result())
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _case(self, failure: Failure, jobs: _Jobs, answer: _Answer) -> Case:
        usual, lost, spare = failure == NOTHING, answer.lost, answer.spare
        more = (jobs.late - self._jobs.late).clip(lower=0.0)
        must = [workload for workload in jobs.late.index if workload not in self._droppable]
        share = float(jobs.late[must].sum() / max(1.0, jobs.due[must].sum()))
        late = share if usual else _of_a_day(more[must].sum(), self._due[must].sum())
        owed = lost[lost["owed"]]
        unserved = float(owed["share"].max()) if len(owed) else 0.0
        served = unserved <= LEAST and not answer.why
        figures = {
            "late_jobs": float(jobs.late[must].sum()), "late_share": share, "late_more": 0.0 if usual else late,
            "hits": jobs.figures["hits"], "extra_mcny": answer.running_mcny - self._usual.running_mcny,
            "spare_mw": float(spare.loc[spare["asset"] == "compute", "mw"].sum()),
            "spare_mcny": float(spare["capex_mcny"].sum()),
            "max_violation": answer.max_violation,
        }  # fmt: skip
        holds = served and late <= self._limit
        work = _work(jobs, more, self._due, lost).assign(owed=lambda work: ~work["workload"].isin(self._droppable))
        return Case(failure, holds, answer.why, late, unserved, answer.certified, figures, work, spare, jobs.links)

    def _answer(self, failure: Failure) -> _Answer:
        day = contingency.operated(self._scenario, self._plan, self.period, failure)
        lost = _lost(day.schedule)
        served = not day.cut and not (lost["owed"] & (lost["share"] > LEAST)).any()
        why = None if served else _beyond(self._scenario, day, lost[lost["owed"]])
        checked = [one.certificate for one in (day.schedule, day.mended) if one.certificate is not None]
        holds = all(one.ok for one in checked)
        why = why if holds else _refused([finding for one in checked for finding in one.findings])
        most = max(one.max_violation for one in checked)
        return _Answer(lost, contingency.needed(day.spare, self._plan), _running(day.mended), why, holds, most)

    def _simulated(self, failure: Failure) -> _Jobs:
        """Return the simulated jobs with a failure, and the late ones among them.

        Jobs whose run the failure itself ended are not counted: no spare recovers that time. A job dropped because no
        remaining site is large enough counts as late; a job that the plan leaves for its penalty does not.
        """
        down = () if failure == NOTHING else (Down(failure.what, failure.name, self._start),)
        trace = simulate(self._scenario, self._plan, dataclasses.replace(self._trial, down=(*self._trial.down, *down)))
        counts = trace.tables["counts"]
        dropped = counts["dropped"] - counts["left"]
        counts = counts.assign(late=counts["missed"] + counts["overdue"] + dropped - counts["struck"])
        counts = counts.assign(jobs=counts["due"] + counts["overdue"] + dropped)
        counts = counts[counts["by"] == "workload"].set_index("what")
        links = trace.tables.get("links", pd.DataFrame(columns=["link", "gbps", "most_gbps"]))
        return _Jobs(counts["late"], counts["jobs"], dict(trace.figures), links)

    def spare(self, failure: Failure, headroom: float) -> pd.DataFrame:
        """Return the cheapest spare with which all work is served and `headroom` left free; empty if infeasible."""
        try:
            found = contingency.cheapest_spare(self._scenario, self._plan, self.period, failure, headroom)
        except (InfeasibleError, ScenarioError):
            return pd.DataFrame(columns=["asset", "where", "technology", "unit", "amount", "mw", "capex_mcny"])
        return contingency.lacking(found, self._plan)

    @staticmethod
    def narrow(case: Case, headroom: float) -> pd.DataFrame:
        """Return the Gbps that links lack for the traffic of jobs in their busiest hour, with `headroom` left free.

        The spare does not include this: it splits traffic over all paths, while jobs take the shortest open one.
        """
        lacks = case.links["most_gbps"] / (1.0 - headroom) - case.links["gbps"]
        rows = pd.DataFrame({"asset": "link", "where": case.links["link"], "technology": "", "amount": lacks})
        return rows[lacks > LEAST * case.links["gbps"]]


def _running(schedule: Schedule) -> float:
    """Return the day's running cost (energy, traffic and the like) in mCNY, without capital, upkeep and penalties."""
    costs = schedule.tables["costs"]
    apart = costs["term"].astype(str).str.endswith(("capex", "opex")) | (costs["term"] == "unserved")
    return float(costs.loc[~apart, "mcny"].sum()) / units.DAYS_PER_YEAR


def _lost(schedule: Schedule) -> pd.DataFrame:
    """Return the day's unserved work by workload (other traffic: `traffic`): unit-hours, share of demand, and `owed`.

    `owed` is True where the work must be served; work with a penalty of its own may be dropped.
    """
    table = schedule.tables["shortfall"]
    sums = table.assign(asked=table["unit_hours"] / table["share"])
    sums = sums.groupby("workload", as_index=False)[["unit_hours", "asked"]].sum()
    whole = contingency.demand_of_the_day(schedule.scenario)
    asked = sums["workload"].map(whole).fillna(sums["asked"] / units.DAYS_PER_YEAR)
    sums["unit_hours"] /= units.DAYS_PER_YEAR
    sums["share"] = sums["unit_hours"] / asked
    sums["owed"] = ~sums["workload"].isin(
        candidates.droppable(schedule.scenario, schedule.scenario.settings.periods[0])
    )
    return sums[sums["share"] > LEAST]


def _refused(findings: Sequence[str]) -> Message:
    """Return the message that the certificate of the day's operation fails, with its first finding."""
    said = findings[0] if findings else ""
    return _("the certificate of that day's operation does not hold ({finding})", finding=said)


def _beyond(scenario: Scenario, day: contingency.Day, owed: pd.DataFrame) -> Message | None:
    """Return the reason why no spare serves all demand; None where one does."""
    if day.cut is not None:
        return day.cut
    service = day.spare.tables["service"]
    left = service[(service["site"] == "") & (service["share"] > LEAST) & service["workload"].isin(owed["workload"])]
    if not len(left):
        return None
    parts = [
        _(
            "{work} of {region}",
            work=title_of(scenario, str(row["workload"]), "workloads"),
            region=title_of(scenario, str(row["region"]), "regions"),
        )
        for row in left.head(NAMED).to_dict("records")
    ]
    shown: Translatable = Series(tuple(parts), short=True)
    if len(left) > len(parts):
        shown = _("{names} and {count} more", names=shown, count=len(left) - len(parts))
    return _("no spare that may be built serves all of {work} in time", work=shown)


def _of_a_day(late: float, due: float) -> float:
    """Return late jobs as a share of a day's jobs, at most 1: delays also make jobs of later days late."""
    return min(1.0, float(late) / max(1.0, float(due)))


def _work(jobs: _Jobs, more: pd.Series, due: pd.Series, lost: pd.DataFrame) -> pd.DataFrame:
    """Return unserved and late work by workload."""
    named = lost.set_index("workload")
    rows = [
        {
            "workload": workload,
            "unserved_unit_hours": float(named["unit_hours"].get(workload, 0.0)),
            "unserved_share": float(named["share"].get(workload, 0.0)),
            "late_jobs": float(jobs.late.get(workload, 0.0)),
            "late_more": _of_a_day(more.get(workload, 0.0), due.get(workload, 0.0)),
        }
        for workload in dict.fromkeys([*jobs.late.index, *named.index])
    ]
    return pd.DataFrame(rows)
