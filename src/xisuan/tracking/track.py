"""`track`: status of each target as of a day, from figures public by then."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import catalogue
from xisuan.results.plan import Plan
from xisuan.results.track import TABLES, Level, Track, records
from xisuan.scenario.queries import bilingual_text, subject_tables
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import last_day
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.series import part_levels, part_whole_bounds, point_changes
from xisuan.tracking.series.reconciliation import (  # fmt: skip
    Figure,
    contradictions,
    disagreements,
    released,
    source_dates,
    stretches,
    visible,
)
from xisuan.tracking.targets import city_deadlines, plan_start, planned_paths, target_list
from xisuan.tracking.targets.target_status import Judge

Row = dict[str, Any]


def track(scenario: Scenario, as_of: datetime.date | None = None, plan: Plan | None = None) -> Track:
    """Return status, probability and path of each target as of a day; `plan` adds the planned paths.

    Forecasts of stocks that the plan counts start from the level that the plan starts from.

    `as_of` defaults to the scenario's, else to the last day of publication. For a day after the scenario's own, load
    the scenario as of that day (`load(name, as_of=…)`): figures hidden at loading stay hidden. Raises ScenarioError if
    the scenario has no targets or a unit does not fit its indicator.
    """
    aims = target_list.targets(scenario)
    if not subject_tables.can_be_tracked(scenario.has):
        raise ScenarioError([Problem("targets-missing", table="targets.csv", name=scenario.settings.name)])
    day = as_of or scenario.settings.as_of or _last_published(scenario)
    specs = {row["indicator"]: row for row in records(scenario["indicators"])}
    units = {name: str(row["unit"]) for name, row in specs.items()}
    dates = source_dates(scenario["sources"])
    seen = visible(scenario["observations"], units, day, dates)
    figures = part_levels.with_part_levels(point_changes.with_levels_before(seen, units), specs)
    starts = {} if plan is None else plan_start.starts(plan.scenario, scenario["drivers"])
    judge = Judge(figures, specs, day, starts)
    rows = [
        judge.target(row) | {"precision": row["precision"] or specs[row["indicator"]]["precision"]}
        for row in aims
        if _known(row, day, dates)
    ]
    rows.sort(key=lambda row: (row["deadline"], row["indicator"], row["region"], row["target"] or 0.0))
    bounds = part_whole_bounds.bounds(figures, specs, [row for row in aims if _known(row, day, dates)], day)
    _use_bounds(rows, bounds, figures)
    notes = _notes(rows, bounds)
    if plan is not None:
        judge.paths += planned_paths.paths(plan, scenario["drivers"])
    settings = scenario.settings
    published, stated = _published(figures, specs), _stated(scenario, day, dates, plan)
    return Track(
        name=settings.name,
        title=settings.title,
        title_zh=settings.title_zh,
        as_of=day,
        targets=_frame("targets", rows),
        paths=_frame("paths", [{**row, "unit": units[row["indicator"]]} for row in judge.paths]),
        parts=_frame("parts", bounds),
        followed=_frame("followed", []),
        observed=published["observed"],
        contradictions=published["contradictions"],
        restated=published["restated"],
        singles=published["singles"],
        cities=stated["cities"],
        standards=stated["standards"],
        drivers=stated["drivers"],
        titles={name: (str(row["title"]) or name, str(row["title_zh"]) or name) for name, row in specs.items()},
        places=_places(figures, scenario),
        sources={
            row["source"]: (row["title"] or row["source"], row["date"], row["address"])
            for row in records(scenario["sources"])
        },
        chinese=bilingual_text.chinese(scenario),
        notes=notes,
    )


def _published(figures: Sequence[Figure], specs: Mapping[str, Row]) -> dict[str, pd.DataFrame]:
    """Return the tables of published figures: all observed, contradictions, restated ones, and single periods."""
    unit = {name: str(row["unit"]) for name, row in specs.items()}
    by_levels = [
        _restated(one, {"growth_pct": one.growth, "levels_pct": of}, points)
        for one, of, points in disagreements(figures)
    ]
    by_points = [
        _restated(one, {"change_points": one.change, "levels_points": of}, points)
        for one, of, points in point_changes.unborne(figures)
    ]
    rows = {
        "observed": [_observed(one, specs[one.indicator]) for one in figures],
        "contradictions": [_contradiction(a, b, unit[a.indicator]) for a, b in contradictions(figures)],
        "restated": [*by_levels, *by_points],
        "singles": [row | {"unit": unit[row["indicator"]]} for row in stretches(figures, specs)],
    }
    return {table: _frame(table, found) for table, found in rows.items()}


def _stated(
    scenario: Scenario, day: datetime.date, dates: Mapping[str, datetime.date], plan: Plan | None
) -> dict[str, pd.DataFrame]:
    """Return the tables about gigabit cities, their standards, and the drivers that were public on that day."""
    cities = city_deadlines.cities(scenario, day, dates, plan)
    rows = {
        "cities": cities,
        "standards": city_deadlines.standards(scenario, cities),
        "drivers": [row for row in records(scenario["drivers"]) if (released(row, dates) or day) <= day],
    }
    return {table: _frame(table, found) for table, found in rows.items()}


def _frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{name: row.get(name) for name in TABLES[table]} for row in rows], columns=list(TABLES[table]))


def _places(figures: Sequence[Figure], scenario: Scenario) -> dict[str, tuple[str, str]]:
    """Return the titles of the regions: those of the scenario, else those of the vocabulary."""
    own = {row["region"]: (row["title"], row["title_zh"]) for row in records(scenario["regions"]) if row["title"]}
    known = {name: (place.title, place.title_zh) for name, place in catalogue().places.items()}
    used = {one.region for one in figures} | {row["region"] for row in target_list.targets(scenario)}
    cities = {row["city"]: (row["title"], row["title_zh"] or row["title"]) for row in records(scenario["cities"])}
    found = {name: own.get(name) or known.get(name) or (name, name) for name in sorted(used)}
    return {name: title for name, title in cities.items() if title[0]} | found


def _known(row: Row, day: datetime.date, dates: Mapping[str, datetime.date]) -> bool:
    """Return True if a target was public; a target with an unknown date of publication counts as public."""
    return (released(row, dates) or day) <= day


def _last_published(scenario: Scenario) -> datetime.date:
    days = [last_day(text) for table in ("observations", "targets") for text in scenario[table]["published"] if text]
    ends = [datetime.date.fromisoformat(text) for text in scenario["observations"]["period_end"]]
    known = [day for day in days if day is not None] or ends
    if not known:
        raise ScenarioError([Problem("as-of-missing", table="scenario.toml", column="as_of")])
    return max(known)


def published(scenario: Scenario) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day on which an observation or a target was published; None if no day is known."""
    dates = source_dates(scenario["sources"])
    rows = [row for table in ("observations", "targets") for row in records(scenario[table])]
    days = [day for row in rows if (day := released(row, dates)) is not None]
    return (min(days), max(days)) if days else None


def _use_bounds(rows: Sequence[Row], bounds: Sequence[Row], figures: Sequence[Figure]) -> None:
    """Set the least growth that a part without a level needs, from the upper bound of its level.

    `best_growth_of` names the whole whose growth replaces that of the part; blank if the part has its own.
    """
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
            row["note"].append(
                _(
                    "at most {level} in {year} ({how}), so at least this growth is needed",
                    level=Level(bound["at_most"], bound["unit"]),
                    year=bound["year"],
                    how=bound["how"],
                )
            )
        own = row.get("best_growth_pct") is None
        best = "" if own else part_whole_bounds.best_growth_of(figures, row["indicator"], row["region"])
        row["best_growth_of"] = best


def _notes(rows: Sequence[Row], bounds: Sequence[Row]) -> dict[str, tuple[Message, ...]]:
    """Join the notes of each target to a text, and return the messages of every text that the tables hold."""
    found: dict[str, tuple[Message, ...]] = {str(bound["how"]): (bound["how"],) for bound in bounds}
    for row in rows:
        notes, row["note"] = tuple(row["note"]), "; ".join(row["note"])
        found[row["note"]] = notes
    return found


def _observed(one: Figure, spec: Row) -> Row:
    told = one.told
    return {
        "indicator": one.indicator,
        "region": one.region,
        "period_start": one.first.isoformat(),
        "period_end": one.last.isoformat(),
        "basis": one.basis,
        "value": one.value,
        "unit": spec["unit"],
        "growth_pct": one.growth,
        "growth_to": told.growth_to,
        "change_points": one.change,
        "change_to": one.change_to,
        "share_pct": told.share,
        "share_of": told.share_of,
        "place": told.place,
        "place_of": told.place_of,
        "status": one.status,
        "bound": one.bound,
        "precision": one.precision or spec["precision"],
        "scope": one.scope,
        "price_base": one.price_base,
        "published": one.published.isoformat() if one.published else "",
        "rank": one.rank,
        "tier": one.tier,
        "quality": one.quality,
        "inherited": told.inherited,
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
        "used_bound": used.bound if level or math.isnan(used.value) else "",
        "used_source": used.source,
        "other": b,
        "other_bound": other.bound if level or math.isnan(other.value) else "",
        "other_source": other.source,
        "unit": unit if level else "pct",
    }


def _restated(one: Figure, told: Row, points: float) -> Row:
    """Return the row of a figure: its published growth or change, that of two levels (`told`), and the difference."""
    return {
        "indicator": one.indicator,
        "region": one.region,
        "period_end": one.last.isoformat(),
        **told,
        "points": points,
    }
