"""`track`: whether each target is reached, as of a day, from what was public by then."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators import nowcast, parts, planned
from xisuan.indicators.measure import convert
from xisuan.indicators.nowcast import Outlook, YearToDate
from xisuan.indicators.reconcile import Figure, contradictions, disagreements, levels, released, source_dates, visible
from xisuan.indicators.vocabulary import vocabulary
from xisuan.results.plan import Plan
from xisuan.results.track import AT_RISK, ON_TRACK, TABLES, Track, records
from xisuan.scenario.layers import last_day
from xisuan.scenario.scenario import Scenario

Row = dict[str, Any]
SETTLED_DAYS = 31
"""A level of a stock for a day this near the deadline settles it."""


def track(scenario: Scenario, as_of: datetime.date | None = None, plan: Plan | None = None) -> Track:
    """Each target's status, probability and path as of a day; `plan` adds the planned path of what it ties to.

    `as_of` is the scenario's unless given, else the last day on which anything was published. For a day after the
    scenario's own load it as of that day (`load(name, as_of=…)`): what is hidden there stays hidden here. Raises
    ScenarioError
    where the scenario has no targets or a unit does not fit its indicator.
    """
    if not scenario.has("targets"):
        raise ScenarioError([Problem("targets.csv", "", "", "", "the scenario has no targets; give the table")])
    day = as_of or scenario.settings.as_of or _last_published(scenario)
    specs = {row["indicator"]: row for row in records(scenario["indicators"])}
    units = {name: str(row["unit"]) for name, row in specs.items()}
    dates = source_dates(scenario["sources"])
    figures = visible(scenario["observations"], units, day, dates)
    judge = _Judge(figures, specs, day)
    rows = [judge.target(row) for row in records(scenario["targets"]) if _known(row, day, dates)]
    rows.sort(key=lambda row: (row["deadline"], row["indicator"], row["region"], row["target"]))
    bounds = parts.bounds(figures, specs, [row for row in records(scenario["targets"]) if _known(row, day, dates)], day)
    _use_bounds(rows, bounds)
    if plan is not None:
        judge.paths += planned.paths(plan, scenario["drivers"])
    settings = scenario.settings
    return Track(
        name=settings.name,
        title=settings.title,
        title_zh=settings.title_zh,
        as_of=day,
        targets=_frame("targets", rows),
        observed=_frame("observed", [_observed(one, units[one.indicator]) for one in figures]),
        paths=_frame("paths", judge.paths),
        parts=_frame("parts", bounds),
        contradictions=_frame(
            "contradictions", [_contradiction(a, b, units[a.indicator]) for a, b in contradictions(figures)]
        ),
        restated=_frame(
            "restated", [_restated(one, of_levels, points) for one, of_levels, points in disagreements(figures)]
        ),
        drivers=_frame(
            "drivers", [row for row in records(scenario["drivers"]) if (released(row, dates) or day) <= day]
        ),
        titles={name: (str(row["title"]) or name, str(row["title_zh"]) or name) for name, row in specs.items()},
        places=_places(figures, scenario),
        sources={
            row["source"]: (row["title"] or row["source"], row["date"], row["address"])
            for row in records(scenario["sources"])
        },
    )


def _frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{name: row.get(name) for name in TABLES[table]} for row in rows], columns=list(TABLES[table]))


def _places(figures: Sequence[Figure], scenario: Scenario) -> dict[str, tuple[str, str]]:
    """What people call the regions: the scenario's own names before those of the vocabulary."""
    own = {row["region"]: (row["title"], row["title_zh"]) for row in records(scenario["regions"]) if row["title"]}
    known = {name: (place.title, place.title_zh) for name, place in vocabulary().places.items()}
    used = {one.region for one in figures} | set(scenario["targets"]["region"])
    return {name: own.get(name) or known.get(name) or (name, name) for name in sorted(used)}


def _known(row: Row, day: datetime.date, dates: Mapping[str, datetime.date]) -> bool:
    """Whether a target was public; one whose date of publication nobody knows counts as known."""
    return (released(row, dates) or day) <= day


def _last_published(scenario: Scenario) -> datetime.date:
    days = [last_day(text) for table in ("observations", "targets") for text in scenario[table]["published"] if text]
    ends = [datetime.date.fromisoformat(text) for text in scenario["observations"]["period_end"]]
    known = [day for day in days if day is not None] or ends
    if not known:
        raise ScenarioError([Problem("scenario.toml", "", "as_of", "", "nothing is dated; say as of which day")])
    return max(known)


class _Judge:
    """Judges targets one by one and keeps the paths it looked along."""

    def __init__(self, figures: Sequence[Figure], specs: Mapping[str, Row], day: datetime.date) -> None:
        self.figures, self.specs, self.day = figures, specs, day
        self.paths: list[Row] = []
        self._seen: set[tuple[str, str, str]] = set()

    def target(self, row: Row) -> Row:
        """One target with its status and what led to it."""
        spec = self.specs[row["indicator"]]
        deadline = datetime.date.fromisoformat(row["deadline"])
        begins = (
            datetime.date.fromisoformat(row["period_start"])
            if row["period_start"]
            else datetime.date(deadline.year, 1, 1)
        )
        goal = convert(float(row["value"]), row["unit"], str(spec["unit"]))
        series = levels(self.figures, row["indicator"], row["region"], bool(spec["chain"]), str(row["scope"]))
        out: Row = {
            "indicator": row["indicator"],
            "region": row["region"],
            "target": goal,
            "unit": spec["unit"],
            "deadline": row["deadline"],
            "source": row["source"],
            "note": "",
            "probability": None,
            "latest": None,
            "required_growth_pct": None,
        }
        wanted = _Wanted(goal, begins, deadline, str(spec["kind"]), row["bound"] == "under")
        self._latest(out, series, wanted)
        settled = wanted.settled(series, self.day)
        ahead = None if settled else self._ahead(out, series, wanted)
        if settled:
            out["status"], out["probability"] = settled, 1.0 if settled == "reached" else 0.0
        elif self.day > deadline:
            out["status"] = "deadline passed, outcome not published"
        elif out["probability"] is None:
            out["status"] = "not enough data"
        else:
            out["status"] = (
                "on track"
                if out["probability"] >= ON_TRACK
                else "at risk"
                if out["probability"] >= AT_RISK
                else "off track"
            )
        self._growth(out, settled)
        self._index(out, ahead)
        out["note"] = "; ".join(filter(None, [out["note"], self._beside(row, goal, deadline)]))
        return out

    def _latest(self, out: Row, series: Sequence[Figure], wanted: _Wanted) -> None:
        """The latest level that may be compared with the target: a whole year of a flow, any day of a stock."""
        fitting = [
            one
            for one in series
            if wanted.covers(one)
            or ((wanted.yearly or wanted.kind != "flow") and (wanted.kind != "flow" or one.whole_year))
        ]
        chosen = fitting or (series if wanted.yearly else [])
        if self.day > wanted.deadline:  # what came later says nothing of a date gone by
            chosen = [one for one in chosen if one.last <= wanted.deadline]
        if not chosen:
            return
        last = chosen[-1]
        years = (wanted.deadline - last.last).days / nowcast.YEAR_DAYS
        out |= {"latest": last.value, "latest_end": last.last.isoformat(), "latest_bound": last.bound or None}
        if fitting and years > 0.04 and self.day <= wanted.deadline and last.value > 0 and out["target"] > 0:
            out["required_growth_pct"] = 100.0 * (
                (out["target"] / last.value)
                ** (1.0 / (round(years) if last.whole_year and wanted.yearly and years > 0.5 else max(years, 1.0)))
                - 1.0
            )
        if wanted.yearly and wanted.kind == "flow" and self._under_way(out, series, wanted, last):
            return
        part = [
            one
            for one in series
            if one.first == wanted.begins and one.last < wanted.deadline and one.last.year == wanted.deadline.year
        ]
        if wanted.yearly and part and wanted.kind == "flow" and self.day <= wanted.deadline:
            left = 12 - part[-1].last.month
            out["run_rate"] = (out["target"] - part[-1].value) / left if left else None
        if not fitting:
            out["note"] = f"only {last.first.isoformat()} to {last.last.isoformat()} was published"

    def _under_way(self, out: Row, series: Sequence[Figure], wanted: _Wanted, last: Figure) -> bool:
        """Whether months of a later year than the last whole one were published: then they are the latest, and growth
        counts from what they make of their year.
        """
        known = last.last.year if last.whole_year else 0
        part = year_to_date(series, self.figures, out["indicator"], out["region"], known)
        guess = nowcast.whole_year(part) if part else None
        if part is None or guess is None or not math.isfinite(part.level) or part.year > wanted.deadline.year:
            return False
        last_day_of = next(
            one.last for one in reversed(series) if one.first.year == part.year and one.last.month == part.month
        )
        out |= {
            "latest": part.level,
            "latest_end": last_day_of.isoformat(),
            "latest_bound": None,
            "required_growth_pct": None,
        }
        out["note"] = f"to month {part.month} of {part.year}, taken as {guess[0]:,.0f} for the year"
        ahead = wanted.deadline.year - part.year
        if self.day <= wanted.deadline and ahead > 0:
            out["required_growth_pct"] = 100.0 * ((out["target"] / guess[0]) ** (1.0 / ahead) - 1.0)
        if self.day <= wanted.deadline and ahead == 0:
            out["run_rate"] = (out["target"] - part.level) / (12 - part.month)
        return True

    def _ahead(self, out: Row, series: Sequence[Figure], wanted: _Wanted) -> Outlook | None:
        """Median and interval at the deadline; paths are kept for whoever draws them."""
        if not wanted.yearly and wanted.kind == "flow":
            return None
        days, values, noise = self._levels(out["indicator"], out["region"], series, wanted.kind)
        if not days or days[-1] > wanted.deadline or (days[-1] == wanted.deadline and noise == 0.0):
            return None
        until = sorted({wanted.deadline, *_steps(days[-1], wanted.deadline, wanted.kind)})
        found = nowcast.outlook(days, values, until, noise)
        if found is None:
            return None
        if len(values) == nowcast.LEAST:
            out["note"] = "; ".join(filter(None, [out["note"], "two levels only: the interval is wide"]))
        last = next(one for one in found if one.when == wanted.deadline)
        out |= {"expected": last.median, "low": last.low, "high": last.high}
        chance = last.probability(wanted.goal)
        out["probability"] = 1.0 - chance if wanted.falling else chance
        key = (out["indicator"], out["region"], wanted.deadline.isoformat())
        if key not in self._seen:
            self._seen.add(key)
            for one in found:
                kind = "nowcast" if noise and one.when == days[-1] else "forecast"
                self.paths.append(
                    {
                        "indicator": key[0],
                        "region": key[1],
                        "date": one.when.isoformat(),
                        "median": one.median,
                        "low": one.low,
                        "high": one.high,
                        "kind": kind,
                    }
                )
        return last

    def _levels(
        self, indicator: str, region: str, series: Sequence[Figure], kind: str
    ) -> tuple[list[datetime.date], list[float], float]:
        """Days and levels that a path goes on from; the year under way is put in as a nowcast with its noise."""
        if kind == "stock":
            by_day = {one.last: one.value for one in series if one.value > 0}
            return list(by_day), list(by_day.values()), 0.0
        whole = {one.last: one.value for one in series if (one.whole_year or kind == "ratio") and one.value > 0}
        days, values = list(whole), list(whole.values())
        if kind == "ratio":
            return days, values, 0.0
        part = year_to_date(series, self.figures, indicator, region, days[-1].year if days else 0)
        guess = nowcast.whole_year(part) if part else None
        if part is None or guess is None:
            return days, values, 0.0
        return [*days, datetime.date(part.year, 12, 31)], [*values, guess[0]], guess[1]

    def _growth(self, out: Row, settled: str) -> None:
        ratio = self.specs[out["indicator"]]["kind"] in ("ratio", "growth")
        out["best_growth_pct"] = None if ratio else parts.best_growth(self.figures, out["indicator"], out["region"])
        if settled == "reached":
            out["required_growth_pct"] = None

    def _index(self, out: Row, ahead: Outlook | None) -> None:
        """ESCAP's anticipated progress index: the gap expected at the deadline over the gap now, in per cent."""
        if ahead is None or out["latest"] is None or out["target"] == out["latest"]:
            return
        short = (
            max(0.0, out["target"] - ahead.median)
            if out["target"] > out["latest"]
            else max(0.0, ahead.median - out["target"])
        )
        out["progress_index_pct"] = 100.0 * short / abs(out["target"] - out["latest"])

    def _beside(self, row: Row, goal: float, deadline: datetime.date) -> str:
        """What an indicator says that may count the same under another name: beside the target, never mixed with it."""
        other = self.specs[row["indicator"]].get("beside") or ""
        seen = [
            one
            for one in self.figures
            if one.indicator == other
            and one.region == row["region"]
            and one.last == deadline
            and math.isfinite(one.value)
        ]
        if not seen:
            return ""
        best = seen[0]
        level = f"{best.bound or 'at'} {best.value:,.0f} {self.specs[other]['unit']}"
        share = 100 * best.value / goal
        return f"{other} {best.status} {level}, {share:.0f} % of the target, if the scopes match"


class _Wanted:
    """What a target asks for, and whether published figures settle it."""

    def __init__(self, goal: float, begins: datetime.date, deadline: datetime.date, kind: str, falling: bool) -> None:
        self.goal, self.begins, self.deadline, self.kind, self.falling = goal, begins, deadline, kind, falling
        self.yearly = (begins.year, begins.month, begins.day) == (deadline.year, 1, 1) and (
            deadline.month,
            deadline.day,
        ) == (12, 31)

    def covers(self, one: Figure) -> bool:
        """Whether a figure is of exactly the target's period."""
        return one.last == self.deadline and (one.first == self.begins or self.kind != "flow")

    def met(self, one: Figure) -> bool:
        """Whether a level reaches the goal. A vague lower bound counts as the level that it names."""
        return one.value <= self.goal if self.falling else one.value >= self.goal * (1.0 - 1e-9)

    def settled(self, series: Sequence[Figure], day: datetime.date) -> str:
        """`reached`, `missed`, or blank where no published figure decides."""
        if self.kind == "flow":
            whole = [one for one in series if self.covers(one)]
            early = [one for one in series if self.yearly and one.whole_year and one.last < self.deadline]
        else:
            near = self.deadline - datetime.timedelta(days=SETTLED_DAYS)
            whole = [
                one for one in series if (one.last >= near if self.kind == "stock" else one.last == self.deadline)
            ][:1]
            early = [one for one in series if one.last <= self.deadline]
        soon = self.deadline + datetime.timedelta(days=SETTLED_DAYS)
        if any(self.met(one) for one in (*whole, *early) if one.last <= soon):  # what came later proves nothing
            return "reached"
        decided = [
            one
            for one in whole
            if not self.met(one)
            and one.bound != ("under" if self.falling else "over")
            and self.deadline <= day
            and one.last >= self.deadline
        ]
        return "missed" if decided else ""


def _steps(start: datetime.date, end: datetime.date, kind: str) -> list[datetime.date]:
    """Days along a path: year ends, and quarter ends of a stock."""
    out = []
    for year in range(start.year, end.year + 1):
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)) if kind == "stock" and end.month != 0 else ((12, 31),):
            when = datetime.date(year, month, day)
            if start < when <= end:
                out.append(when)
    return (
        out
        if kind == "stock"
        else [day for day in [datetime.date(year, 12, 31) for year in range(start.year, end.year + 1)] if day <= end]
    )


def year_to_date(
    series: Sequence[Figure], figures: Sequence[Figure], indicator: str, region: str, known: int
) -> YearToDate | None:
    """The latest year under way after the last whole year `known`, with the year before; None where there is none."""
    part = [
        one
        for one in series
        if one.basis == "cumulative"
        and not one.whole_year
        and (one.first.month, one.first.day) == (1, 1)
        and one.first.year == one.last.year > known
    ]
    grown = [
        one
        for one in figures
        if one.indicator == indicator
        and one.region == region
        and one.rank == 1
        and math.isfinite(one.growth)
        and not one.growth_to_other
        and (one.first.month, one.first.day) == (1, 1)
        and one.first.year == one.last.year > known
        and one.status in ("actual", "preliminary")
    ]
    if not part and not grown:
        return None
    last = max([*part, *grown], key=lambda one: one.last)
    same = next((one.value for one in part if one.last == last.last), math.nan)
    growth = next((one.growth for one in grown if one.last == last.last), math.nan)
    before = [one.value for one in series if one.whole_year and one.last.year == last.last.year - 1]
    to_date = [
        one.value
        for one in series
        if one.first.year == last.last.year - 1
        and one.last.month == last.last.month
        and not one.whole_year
        and one.basis == "cumulative"
    ]
    return YearToDate(
        last.last.year,
        last.last.month,
        same,
        growth,
        to_date[-1] if to_date else math.nan,
        before[-1] if before else math.nan,
    )


def _use_bounds(rows: Sequence[Row], bounds: Sequence[Row]) -> None:
    """A part without a level of its own needs at least the growth that its upper bound leaves."""
    for row in rows:
        bound = next(
            (
                one
                for one in bounds
                if one["part"] == row["indicator"]
                and one["region"] == row["region"]
                and one["deadline"] == row["deadline"]
            ),
            None,
        )
        if bound is not None and row["latest"] is None and bound["required_growth_pct"] is not None:
            row["required_growth_pct"] = bound["required_growth_pct"]
            row["best_growth_pct"] = bound["best_growth_pct"]
            most = f"at most {bound['at_most']:,.0f} {bound['unit']} in {bound['year']}"
            said = f"{most} ({bound['how']}), so at least this growth is needed"
            row["note"] = "; ".join(filter(None, [row["note"], said]))


def _observed(one: Figure, unit: str) -> Row:
    return {
        "indicator": one.indicator,
        "region": one.region,
        "period_start": one.first.isoformat(),
        "period_end": one.last.isoformat(),
        "basis": one.basis,
        "value": one.value,
        "unit": unit,
        "growth_pct": one.growth,
        "status": one.status,
        "bound": one.bound,
        "scope": one.scope,
        "price_base": one.price_base,
        "published": one.published.isoformat() if one.published else "",
        "rank": one.rank,
        "source": one.source,
    }


def _contradiction(used: Figure, other: Figure, unit: str) -> Row:
    level = math.isfinite(used.value) and math.isfinite(other.value) and used.value != other.value
    a, b = (used.value, other.value) if level else (used.growth, other.growth)
    return {
        "indicator": used.indicator,
        "region": used.region,
        "period_end": used.last.isoformat(),
        "used": a,
        "used_source": used.source,
        "other": b,
        "other_source": other.source,
        "unit": unit if level else "pct",
    }


def _restated(one: Figure, of_levels: float, points: float) -> Row:
    return {
        "indicator": one.indicator,
        "region": one.region,
        "period_end": one.last.isoformat(),
        "growth_pct": one.growth,
        "levels_pct": of_levels,
        "points": points,
    }
