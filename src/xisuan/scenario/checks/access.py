"""Checks of gigabit access: consistent counts, known indicators where they decide, bounded measures."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.schema.access_tables import ALL, BY_INDICATOR, EFFECTS, GIGABIT, INDICATORS, QUANTITIES, Indicator

MOST_STATIONS = 1000.0
"""Stations for 10,000 residents that no standard requires: the densest cities of China have a twentieth of it."""


def places(at: Inspection) -> None:
    """Check that every city has a state in every period, and that other tables name only known cities."""
    cities = {row["city"] for row in at.rows("cities")}
    for table in ("city_state", "measures", "city_targets"):
        if at.scenario.has(table) and not cities:
            at.findings.error(f"{table}.csv", "", "", "", "cities-missing")
            return
    for table in ("measures", "city_targets"):
        for row in at.rows(table):
            if row["city"] != ALL and row["city"] not in cities:
                at.error(
                    table,
                    row,
                    "city",
                    "city-unknown",
                    hint=at.findings.suggest_row(row["city"], {ALL, *cities}, "cities.csv"),
                )
    for city in sorted(cities):
        late = [str(period) for period in at.periods if city not in _states(at, period)]
        if late:
            at.error("city_state", city, "city", "city-state-missing", value=city, periods=", ".join(late))


def _states(at: Inspection, period: int) -> dict[str, Row]:
    """Return the rows of `city_state` that hold in `period`, by city."""
    return {row["city"]: row for row in at.at("city_state", period)}


def state(at: Inspection) -> None:
    """Check that quantities are known in all periods or none, parts are within their wholes, and wholes are not 0."""
    for row in at.rows("city_state"):
        for one in INDICATORS:
            part, whole = row[one.numerator], row[one.denominator]
            if whole == 0:
                at.error("city_state", row, one.denominator, "whole-is-zero", indicator=one.name)
            if one.part and part > whole:
                at.error("city_state", row, one.numerator, "part-above-whole", whole=one.denominator, amount=whole)
    for name in QUANTITIES:
        known: dict[str, set[bool]] = {}
        for period in at.periods:
            for city, row in _states(at, period).items():
                known.setdefault(city, set()).add(not math.isnan(row[name]))
        for city, both in known.items():
            if len(both) > 1:
                at.error("city_state", city, name, "count-in-some-periods")


def judged(at: Inspection) -> None:
    """Check that a city not yet named has numbers for all mandatory indicators and targets."""
    if not at.rows("cities"):
        return
    missing: dict[tuple[str, str], dict[str, None]] = {}
    for period in at.periods:
        versions = _versions(at, period)
        for row in _states(at, period).values():
            named = row["named_under"] in versions and bool(row["named_under"])
            for one in [] if named else list(_mandatory(at, period)):
                for name in _unknown(row, one):
                    missing.setdefault((row["city"], name), {})[one.name] = None
        for target in at.rows("city_targets"):
            for row in _states(at, period).values():
                if target["indicator"] != GIGABIT and target["city"] in (ALL, row["city"]):
                    for name in _unknown(row, BY_INDICATOR[target["indicator"]]):
                        missing.setdefault((row["city"], name), {})[target["indicator"]] = None
    for (city, name), needing in sorted(missing.items()):
        at.error("city_state", city, name, "deciding-count-blank", indicators=", ".join(needing))


def _versions(at: Inspection, period: int) -> set[str]:
    """Return the versions of the standard that hold in `period`."""
    return {row["version"] for row in at.at("standard", period)}


def _mandatory(at: Inspection, period: int) -> Iterator[Indicator]:
    """Yield the mandatory indicators with a threshold in `period`."""
    for row in at.at("standard", period):
        if row["mandatory"] and not math.isnan(row["threshold"]):
            yield BY_INDICATOR[row["indicator"]]


def _unknown(row: Row, one: Indicator) -> set[str]:
    """Return the quantities of an indicator that are blank."""
    return {name for name in (one.numerator, one.denominator) if math.isnan(row[name])}


def standard(at: Inspection) -> None:
    """Check that one version of the standard holds in each period, with a threshold for each mandatory indicator."""
    if at.scenario.has("cities") and not at.scenario.has("standard"):
        at.findings.error("standard.csv", "", "", "", "standard-missing")
    for period in at.periods:
        versions = _versions(at, period)
        if len(versions) > 1:
            at.error(
                "standard",
                "",
                "version",
                "standard-versions-mixed",
                versions=", ".join(sorted(versions)),
                period=period,
            )
    none = [str(period) for period in at.periods if not list(_mandatory(at, period))]
    if none and at.scenario.has("cities") and at.scenario.has("standard"):
        at.error("standard", "", "period", "no-threshold-in-period", periods=", ".join(none))
    for row in at.rows("standard"):
        if row["mandatory"] and math.isnan(row["threshold"]):
            at.error("standard", row, "threshold", "mandatory-threshold-blank")
        _sensible(at, "standard", row, "threshold", BY_INDICATOR[row["indicator"]])


def _sensible(at: Inspection, table: str, row: Row, column: str, one: Indicator) -> None:
    """Check that a share is in per cent, and not above 100 where a part, and that stations are per 10,000 residents."""
    value = row[column]
    if one.unit == "%" and 0.0 < value <= 1.0:
        at.error(table, row, column, "share-not-in-percent", share=value, percent=100 * value)
    elif one.part and value > 100.0:
        at.error(table, row, column, "part-above-whole-percent", part=one.numerator, whole=one.denominator)
    elif one.numerator == "g5_stations" and value > MOST_STATIONS:
        at.warn(table, row, column, "stations-not-per-10k", most=MOST_STATIONS)


def measures(at: Inspection) -> None:
    """Check that there are measures, that each adds something, and that under annuities one with capital has a life."""
    if at.rows("cities") and not at.rows("measures"):
        at.findings.warn("measures.csv", "", "", "", "measures-missing")
    for row in at.rows("measures"):
        if not any(row[f"{name}_per_unit"] > 0 for name in EFFECTS):
            at.error("measures", row, "measure", "measure-adds-nothing")
        costly = row["capex_cny_per_unit"] > 0
        if at.scenario.settings.capital == "annuity" and costly and math.isnan(row["life_years"]):
            at.error("measures", row, "life_years", "measure-life-blank")
        for name in EFFECTS:
            part = next((one for one in INDICATORS if one.part and one.numerator == name), None)
            if (
                part
                and part.denominator in EFFECTS
                and row[f"{part.denominator}_per_unit"] > row[f"{name}_per_unit"] > 0
            ):
                at.warn("measures", row, f"{name}_per_unit", "measure-lowers-share", whole=part.denominator, part=name)


def targets(at: Inspection) -> None:
    """Check that floors have values, dates lie within the horizon, and the objective `residents` has its data."""
    for row in at.rows("city_targets"):
        if row["indicator"] != GIGABIT and math.isnan(row["value"]):
            at.error("city_targets", row, "value", "floor-blank")
        if row["indicator"] != GIGABIT:
            _sensible(at, "city_targets", row, "value", BY_INDICATOR[row["indicator"]])
        elif not math.isnan(row["value"]):
            at.warn("city_targets", row, "value", "value-without-effect-gigabit")
        _within(at, row)
        if row["deadline"] > at.periods[-1] + at.scenario.settings.last_period_years - 1:
            at.warn("city_targets", row, "deadline", "deadline-after-horizon")
    if at.scenario.settings.objective == "residents" and not at.scenario.has("cities"):
        at.findings.error("cities.csv", "", "", "", "objective-needs-cities")
    for row in at.rows("city_state") if at.scenario.settings.objective == "residents" else ():
        if math.isnan(row["population"]):
            at.error("city_state", row, "population", "residents-blank")


def _within(at: Inspection, row: Row) -> None:
    """Check that a deadline is the end of a period: inside a period of several years it could not be verified."""
    ends = [*(later - 1 for later in at.periods[1:]), at.periods[-1] + at.scenario.settings.last_period_years - 1]
    for first, last in zip(at.periods, ends, strict=True):
        if first <= row["deadline"] < last:
            begin = int(row["deadline"]) + 1
            at.error(
                "city_targets", row, "deadline", "deadline-within-period", first=first, last=last, begin=begin, end=last
            )
    if row["deadline"] < at.periods[0]:
        at.warn("city_targets", row, "deadline", "deadline-before-first-period", end=ends[0])


def asked(at: Inspection) -> None:
    """Check that some city has a target, and that cities are named under a known version."""
    if not at.rows("cities"):
        return
    dated = any(not math.isnan(row["deadline"]) for row in at.rows("city_targets"))
    unnamed = any(not row["named_under"] for row in at.rows("city_state"))
    if at.scenario.settings.objective != "residents" and unnamed and not dated:
        at.findings.warn("city_targets.csv", "", "deadline", "", "residents-without-dates")
    versions = {row["version"] for row in at.rows("standard")}
    for row in at.rows("city_state"):
        if row["named_under"] and row["named_under"] not in versions:
            at.warn("city_state", row, "named_under", "standard-version-unknown")


CHECKS = (places, state, standard, judged, measures, targets, asked)
