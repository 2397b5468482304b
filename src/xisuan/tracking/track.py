"""`track`: whether each target is reached, as of a day, from what was public by then."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.language.vocabulary import vocabulary
from xisuan.results.plan import Plan
from xisuan.results.track import TABLES, Level, Track, records
from xisuan.scenario.queries import bilingual_text
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import last_day
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.series import part_whole_bounds, point_changes
from xisuan.tracking.series.reconciliation import (  # fmt: skip
    Figure,
    contradictions,
    disagreements,
    released,
    source_dates,
    stretches,
    visible,
)
from xisuan.tracking.targets import city_deadlines as city_dates
from xisuan.tracking.targets import planned_paths, target_list
from xisuan.tracking.targets.target_status import Judge

Row = dict[str, Any]


def track(scenario: Scenario, as_of: datetime.date | None = None, plan: Plan | None = None) -> Track:
    """Each target's status, probability and path as of a day; `plan` adds the planned path of what it ties to.

    `as_of` is the scenario's unless given, else the last day on which anything was published. For a day after the
    scenario's own load it as of that day (`load(name, as_of=…)`): what is hidden there stays hidden here. Raises
    ScenarioError
    where the scenario has no targets or a unit does not fit its indicator.
    """
    aims = target_list.targets(scenario)
    if not aims and not scenario.has("city_targets"):
        raise ScenarioError([Problem("targets.csv", "", "", "", "the scenario has no targets; give the table")])
    day = as_of or scenario.settings.as_of or _last_published(scenario)
    specs = {row["indicator"]: row for row in records(scenario["indicators"])}
    units = {name: str(row["unit"]) for name, row in specs.items()}
    dates = source_dates(scenario["sources"])
    figures = point_changes.with_levels_before(visible(scenario["observations"], units, day, dates), units)
    judge = Judge(figures, specs, day)
    rows = [
        judge.target(row) | {"precision": row["precision"] or specs[row["indicator"]]["precision"]}
        for row in aims
        if _known(row, day, dates)
    ]
    rows.sort(key=lambda row: (row["deadline"], row["indicator"], row["region"], row["target"] or 0.0))
    bounds = part_whole_bounds.bounds(figures, specs, [row for row in aims if _known(row, day, dates)], day)
    _use_bounds(rows, bounds)
    for row in rows:
        own = row.get("best_growth_pct") is None
        row["best_growth_of"] = (
            "" if own else part_whole_bounds.best_growth_of(figures, row["indicator"], row["region"])
        )
    notes = _notes(rows, bounds)
    if plan is not None:
        judge.paths += planned_paths.paths(plan, scenario["drivers"])
    settings = scenario.settings
    dated_cities = city_dates.cities(scenario, day, dates, plan)
    return Track(
        name=settings.name,
        title=settings.title,
        title_zh=settings.title_zh,
        as_of=day,
        targets=_frame("targets", rows),
        observed=_frame("observed", [_observed(one, specs[one.indicator]) for one in figures]),
        paths=_frame("paths", [{**row, "unit": units[row["indicator"]]} for row in judge.paths]),
        parts=_frame("parts", bounds),
        contradictions=_frame(
            "contradictions", [_contradiction(a, b, units[a.indicator]) for a, b in contradictions(figures)]
        ),
        restated=_frame(
            "restated",
            [
                *(
                    _restated(one, {"growth_pct": one.growth, "levels_pct": of}, points)
                    for one, of, points in disagreements(figures)
                ),
                *(
                    _restated(one, {"change_points": one.change, "levels_points": of}, points)
                    for one, of, points in point_changes.unborne(figures)
                ),
            ],
        ),
        singles=_frame("singles", [row | {"unit": units[row["indicator"]]} for row in stretches(figures, specs)]),
        cities=_frame("cities", dated_cities),
        standards=_frame("standards", city_dates.standards(scenario, dated_cities)),
        drivers=_frame(
            "drivers", [row for row in records(scenario["drivers"]) if (released(row, dates) or day) <= day]
        ),
        followed=_frame("followed", []),
        titles={name: (str(row["title"]) or name, str(row["title_zh"]) or name) for name, row in specs.items()},
        places=_places(figures, scenario),
        sources={
            row["source"]: (row["title"] or row["source"], row["date"], row["address"])
            for row in records(scenario["sources"])
        },
        chinese=bilingual_text.chinese(scenario),
        notes=notes,
    )


def _frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{name: row.get(name) for name in TABLES[table]} for row in rows], columns=list(TABLES[table]))


def _places(figures: Sequence[Figure], scenario: Scenario) -> dict[str, tuple[str, str]]:
    """What people call the regions: the scenario's own names before those of the vocabulary."""
    own = {row["region"]: (row["title"], row["title_zh"]) for row in records(scenario["regions"]) if row["title"]}
    known = {name: (place.title, place.title_zh) for name, place in vocabulary().places.items()}
    used = {one.region for one in figures} | {row["region"] for row in target_list.targets(scenario)}
    cities = {row["city"]: (row["title"], row["title_zh"] or row["title"]) for row in records(scenario["cities"])}
    found = {name: own.get(name) or known.get(name) or (name, name) for name in sorted(used)}
    return {name: title for name, title in cities.items() if title[0]} | found


def _known(row: Row, day: datetime.date, dates: Mapping[str, datetime.date]) -> bool:
    """Whether a target was public; one whose date of publication nobody knows counts as known."""
    return (released(row, dates) or day) <= day


def _last_published(scenario: Scenario) -> datetime.date:
    days = [last_day(text) for table in ("observations", "targets") for text in scenario[table]["published"] if text]
    ends = [datetime.date.fromisoformat(text) for text in scenario["observations"]["period_end"]]
    known = [day for day in days if day is not None] or ends
    if not known:
        what = "nothing in the scenario is dated: write as_of = YYYY-MM-DD, or give --as-of"
        raise ScenarioError([Problem("scenario.toml", "", "as_of", "", what)])
    return max(known)


def published(scenario: Scenario) -> tuple[datetime.date, datetime.date] | None:
    """First and last day on which an observation or a target was published; None where no such day is known."""
    dates = source_dates(scenario["sources"])
    rows = [row for table in ("observations", "targets") for row in records(scenario[table])]
    days = [day for row in rows if (day := released(row, dates)) is not None]
    return (min(days), max(days)) if days else None


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
            row["note"].append(
                _(
                    "at most {level} in {year} ({how}), so at least this growth is needed",
                    level=Level(bound["at_most"], bound["unit"]),
                    year=bound["year"],
                    how=bound["how"],
                )
            )


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
    """What was published of a figure, and what two levels give (`told`), with the points between."""
    return {
        "indicator": one.indicator,
        "region": one.region,
        "period_end": one.last.isoformat(),
        **told,
        "points": points,
    }
