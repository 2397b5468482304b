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
            at.findings.error(f"{table}.csv", "", "", "", "speaks of cities; give the table cities")
            return
    for table in ("measures", "city_targets"):
        for row in at.rows(table):
            if row["city"] != ALL and row["city"] not in cities:
                at.error(
                    table,
                    row,
                    "city",
                    f"not in cities{at.findings.suggest_row(row['city'], {ALL, *cities}, 'cities.csv')}",
                )
    for city in sorted(cities):
        late = [str(period) for period in at.periods if city not in _states(at, period)]
        if late:
            at.error("city_state", city, "city", f"no row holds in {', '.join(late)}; give what is counted there", city)


def _states(at: Inspection, period: int) -> dict[str, Row]:
    """Return the rows of `city_state` that hold in `period`, by city."""
    return {row["city"]: row for row in at.at("city_state", period)}


def state(at: Inspection) -> None:
    """Check that quantities are known in all periods or none, parts are within their wholes, and wholes are not 0."""
    for row in at.rows("city_state"):
        for one in INDICATORS:
            part, whole = row[one.numerator], row[one.denominator]
            if whole == 0:
                at.error("city_state", row, one.denominator, f"0, but {one.name} is a share of it; leave it blank")
            if one.part and part > whole:
                what = f"above {one.denominator} ({whole:g}), of which it is a part; swap or correct them"
                at.error("city_state", row, one.numerator, what)
    for name in QUANTITIES:
        known: dict[str, set[bool]] = {}
        for period in at.periods:
            for city, row in _states(at, period).items():
                known.setdefault(city, set()).add(not math.isnan(row[name]))
        for city, both in known.items():
            if len(both) > 1:
                what = "known in some periods only; give it in all rows of the city, or in none"
                at.error("city_state", city, name, what)


def judged(at: Inspection) -> None:
    """Check that a city not yet named has numbers for all mandatory indicators and targets."""
    if not at.rows("cities"):
        return
    missing: set[tuple[str, str]] = set()
    for period in at.periods:
        versions = _versions(at, period)
        for row in _states(at, period).values():
            named = row["named_under"] in versions and bool(row["named_under"])
            for one in [] if named else list(_mandatory(at, period)):
                missing |= {(row["city"], name) for name in _unknown(row, one)}
        for target in at.rows("city_targets"):
            for row in _states(at, period).values():
                if target["indicator"] != GIGABIT and target["city"] in (ALL, row["city"]):
                    missing |= {(row["city"], n) for n in _unknown(row, BY_INDICATOR[target["indicator"]])}
    for city, name in sorted(missing):
        at.error("city_state", city, name, "blank, but it decides; give it, as an estimate if need be")


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
        at.findings.error("standard.csv", "", "", "", "cities are judged by it; give indicators with thresholds")
    for period in at.periods:
        versions = _versions(at, period)
        if len(versions) > 1:
            what = f"{', '.join(sorted(versions))} hold together in {period}; give every indicator a row at each change"
            at.error("standard", "", "version", what)
    none = [str(period) for period in at.periods if not list(_mandatory(at, period))]
    if none and at.scenario.has("cities") and at.scenario.has("standard"):
        what = f"no threshold holds in {', '.join(none)}, so every city would be a gigabit city; leave its period blank"
        at.error("standard", "", "period", what)
    for row in at.rows("standard"):
        if row["mandatory"] and math.isnan(row["threshold"]):
            at.error("standard", row, "threshold", "blank, but mandatory; give it, or say mandatory = no")
        _sensible(at, "standard", row, "threshold", BY_INDICATOR[row["indicator"]])


def _sensible(at: Inspection, table: str, row: Row, column: str, one: Indicator) -> None:
    """Check that a share is in per cent, and not above 100 where a part, and that stations are per 10,000 residents."""
    value = row[column]
    if one.unit == "%" and 0.0 < value <= 1.0:
        at.error(
            table, row, column, f"a share of {value:g} %; give per cent: {100 * value:g} for {value:g} of the whole"
        )
    elif one.part and value > 100.0:
        at.error(
            table, row, column, f"above 100 %, and {one.numerator} are a part of {one.denominator}; give 100 or less"
        )
    elif one.numerator == "g5_stations" and value > MOST_STATIONS:
        what = f"more than {MOST_STATIONS:g} stations for 10,000 residents; give those for 10,000, not those of a city"
        at.warn(table, row, column, what)


def measures(at: Inspection) -> None:
    """Check that there are measures, that each adds something, and that under annuities one with capital has a life."""
    if at.rows("cities") and not at.rows("measures"):
        what = "there are cities, but no measures: nothing can be built in any of them; give the table measures"
        at.findings.warn("measures.csv", "", "", "", what)
    for row in at.rows("measures"):
        if not any(row[f"{name}_per_unit"] > 0 for name in EFFECTS):
            at.error("measures", row, "measure", "adds to nothing that is counted; say what one unit adds")
        costly = row["capex_cny_per_unit"] > 0
        if at.scenario.settings.capital == "annuity" and costly and math.isnan(row["life_years"]):
            at.error("measures", row, "life_years", "blank, but capital is an annuity and it costs; give years of use")
        for name in EFFECTS:
            part = next((one for one in INDICATORS if one.part and one.numerator == name), None)
            if (
                part
                and part.denominator in EFFECTS
                and row[f"{part.denominator}_per_unit"] > row[f"{name}_per_unit"] > 0
            ):
                what = f"adds more {part.denominator} than {name}; every unit lowers the share it is to raise"
                at.warn("measures", row, f"{name}_per_unit", what)


def targets(at: Inspection) -> None:
    """Check that floors have values, dates lie within the horizon, and the objective `residents` has its data."""
    for row in at.rows("city_targets"):
        if row["indicator"] != GIGABIT and math.isnan(row["value"]):
            at.error("city_targets", row, "value", "blank; give the least value of the indicator")
        if row["indicator"] != GIGABIT:
            _sensible(at, "city_targets", row, "value", BY_INDICATOR[row["indicator"]])
        elif not math.isnan(row["value"]):
            what = "has no effect on gigabit, which is a date; name the indicator that it is the floor of, or leave it blank"
            at.warn("city_targets", row, "value", what)
        _within(at, row)
        if row["deadline"] > at.periods[-1] + at.scenario.settings.last_period_years - 1:
            at.warn("city_targets", row, "deadline", "after the last period; it asks for nothing here")
    if at.scenario.settings.objective == "residents" and not at.scenario.has("cities"):
        at.findings.error("cities.csv", "", "", "", "the objective residents needs cities; give them, or choose cost")
    for row in at.rows("city_state") if at.scenario.settings.objective == "residents" else ():
        if math.isnan(row["population"]):
            at.error("city_state", row, "population", "blank, but the objective counts residents; give them")


def _within(at: Inspection, row: Row) -> None:
    """Check that a deadline is the end of a period: inside a period of several years it could not be verified."""
    ends = [*(later - 1 for later in at.periods[1:]), at.periods[-1] + at.scenario.settings.last_period_years - 1]
    for first, last in zip(at.periods, ends, strict=True):
        if first <= row["deadline"] < last:
            begin = int(row["deadline"]) + 1
            what = f"within {first}-{last}, which is planned as one; let a period begin in {begin}, or give {last}"
            at.error("city_targets", row, "deadline", what)
    if row["deadline"] < at.periods[0]:
        what = f"before the first period; here it is met by the end of {ends[0]:g}"
        at.warn("city_targets", row, "deadline", what)


def asked(at: Inspection) -> None:
    """Check that some city has a target, and that cities are named under a known version."""
    if not at.rows("cities"):
        return
    dated = any(not math.isnan(row["deadline"]) for row in at.rows("city_targets"))
    unnamed = any(not row["named_under"] for row in at.rows("city_state"))
    if at.scenario.settings.objective != "residents" and unnamed and not dated:
        what = "no city has a date, so nothing is built; give deadlines, or choose the objective residents"
        at.findings.warn("city_targets.csv", "", "deadline", "", what)
    versions = {row["version"] for row in at.rows("standard")}
    for row in at.rows("city_state"):
        if row["named_under"] and row["named_under"] not in versions:
            at.warn(
                "city_state", row, "named_under", "no row of standard has this version; the city counts as not named"
            )


CHECKS = (places, state, standard, judged, measures, targets, asked)
