"""Figures of gigabit access: what is counted in a city, what a measure adds to it and when, what the standard asks.

Arrays have shape (periods, items).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from xisuan import units
from xisuan.equations.figures import Array, Label, Mask, chosen
from xisuan.equations.given import Given
from xisuan.scenario import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.standard import Threshold, thresholds
from xisuan.scenario.tables_access import (
    ALL,
    EFFECTS,
    GIGABIT,
    INDICATORS,
    QUANTITIES,
    TAKEN_UP,
)


def cities(given: Given) -> list[Label]:
    """All cities."""
    return [(name,) for name in candidates.names(given.scenario, "cities")]


def counted(given: Given) -> list[Label]:
    """(city, quantity) that is known."""
    whole = given.whole
    labels = [(city, name) for (city,) in cities(whole) for name in QUANTITIES]
    return [label for label in labels if np.isfinite(opening(whole, [label])).all()]


def opening(given: Given, labels: Sequence[Label]) -> Array:
    """What is counted at the end of a period if nothing is built, NaN where unknown. Shape (periods, labels)."""
    out = np.full((len(given.periods), len(labels)), np.nan)
    for name in QUANTITIES:
        at = [i for i, label in enumerate(labels) if label[1] == name]
        out[:, at] = given.numbers("city_state", [labels[i][:1] for i in at], name, np.nan)
    return out


def deployable(given: Given) -> list[Label]:
    """(city, measure) that a row of `measures` offers in some period."""
    whole = given.whole
    names = candidates.names(given.scenario, "measures")
    labels = [(city, name) for (city,) in cities(whole) for name in names]
    return chosen(labels, _held(whole, labels).any(axis=0))


def _held(given: Given, labels: Sequence[Label]) -> Mask:
    """Whether a row, for the city or for all, holds in the period."""
    own, general = ([(name, city) for city, name in labels], [(name, ALL) for _, name in labels])
    return (given.holds("measures", own) > 0) | (given.holds("measures", general) > 0)


def measure(given: Given, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
    """A number of the measure that (city, measure) names: the city's own row goes before that for all."""
    own = [(name, city) for city, name in labels]
    general = given.numbers("measures", [(name, ALL) for _, name in labels], column, missing)
    return np.where(given.holds("measures", own) > 0, given.numbers("measures", own, column, missing), general)


def kind(given: Given) -> dict[str, str]:
    """fixed or radio, of each measure."""
    frame = given.scenario["measures"]
    return dict(zip(frame["measure"].astype(str), frame["kind"].astype(str), strict=True))


def most(given: Given, labels: Sequence[Label]) -> Array:
    """Most of each measure that may be ordered in a period: its pace in the years that the period stands for.

    0 in a period that is fixed at its actuals, without an offer, or too late to be in use within the horizon.
    """
    pace = measure(given, labels, "pace_units_year") * given.years[:, None]
    lead, life = measure(given, labels, "lead_years"), measure(given, labels, "life_years", np.nan)
    useful = np.array(
        [
            [
                not given.scenario.fixed(made)
                and any(given.timeline.usable(made, used, lead[y, i], life[y, i]) for used in given.periods)
                for i in range(len(labels))
            ]
            for y, made in enumerate(given.periods)
        ],
        dtype=bool,
    ).reshape(len(given.periods), len(labels))
    return np.where(useful & _held(given, labels), pace, 0.0)


@dataclass(frozen=True, slots=True)
class Effect:
    """One unit of item `item` ordered in period `made` adds `amount` to a city's quantity in period `used`."""

    item: int
    made: int
    used: int
    quantity: str
    amount: float


def effects(given: Given, labels: Sequence[Label]) -> tuple[Effect, ...]:
    """As `_effects`, which is asked several times of the same orders."""
    return _effects(given, tuple(labels))


@lru_cache(maxsize=2)
def _effects(given: Given, labels: tuple[Label, ...]) -> tuple[Effect, ...]:
    """What each order adds in each period in which it is in use; users follow with the lag of their curve.

    The share of the users that have followed after k whole years is 1 − (1 − takeup_first) × (1 − takeup_rate)^k.
    """
    lead, life = measure(given, labels, "lead_years"), measure(given, labels, "life_years", np.nan)
    first, rate = measure(given, labels, "takeup_first", 1.0), measure(given, labels, "takeup_rate")
    adds = {name: measure(given, labels, f"{name}_per_unit") for name in EFFECTS}
    found: list[Effect] = []
    now = np.array(given.periods, dtype=np.float64)
    for made, year in enumerate(given.periods):
        start = year + lead[made]
        end = start + np.where(np.isnan(life[made]), np.inf, life[made])
        for used, period in enumerate(now):
            age = np.floor(np.maximum(period - start, 0.0))
            followed = 1.0 - (1.0 - first[made]) * (1.0 - rate[made]) ** age
            alive = (start <= period) & (period < end)
            for name in EFFECTS:
                amount = adds[name][made] * (followed if name in TAKEN_UP else 1.0) * alive
                found += [Effect(int(i), made, used, name, float(amount[i])) for i in np.flatnonzero(amount)]
    return tuple(found)


# --- the standard ----------------------------------------------------------------------------------------------------


def mandatory(given: Given, y: int) -> tuple[Threshold, ...]:
    """What a gigabit city must reach in period number `y`."""
    return thresholds(given.scenario, given.periods[y])


def named(given: Given, labels: Sequence[Label]) -> Mask:
    """Whether a city has been named under the version of the standard in force. Shape (periods, cities)."""
    out = np.zeros((len(given.periods), len(labels)), dtype=bool)
    cells = given.cells("city_state", labels, "named_under")
    for y, period in enumerate(given.periods):
        versions = set(given.at("standard", period)["version"].astype(str)) - {""}
        out[y] = [cell in versions for cell in cells[y]]
    return out


def due(given: Given, labels: Sequence[Label]) -> Mask:
    """Whether a city must be a gigabit city by the end of the period. Shape (periods, cities)."""
    dates = np.array([_date(given, city, GIGABIT)[0] for (city,) in labels]).reshape(1, len(labels))
    return np.asarray(_ends(given)[:, None] >= dates, dtype=bool)


def floors(given: Given) -> list[tuple[Label, Array]]:
    """Floors under single indicators: (city, indicator) and the least ratio by period, NaN before its date."""
    found: list[tuple[Label, Array]] = []
    for (city,) in cities(given):
        for one in INDICATORS:
            date, value = _date(given, city, one.name)
            if np.isfinite(date):
                found.append(((city, one.name), np.where(_ends(given) >= date, value / one.scale, np.nan)))
    return found


def _ends(given: Given) -> Array:
    """Last year that each period stands for."""
    return np.array(given.periods, dtype=float) + given.years - 1.0


def _date(given: Given, city: str, indicator: str) -> tuple[float, float]:
    """Deadline and value of a city's target, its own before that of all; never where there is none."""
    rows = _targets(given.scenario)
    deadline, value = rows.get((city, indicator), rows.get((ALL, indicator), (np.nan, np.nan)))
    return (np.inf if np.isnan(deadline) else deadline), value


@lru_cache(maxsize=8)
def _targets(scenario: Scenario) -> dict[Label, tuple[float, float]]:
    frame = scenario["city_targets"]
    return {
        (str(row["city"]), str(row["indicator"])): (float(row["deadline"]), float(row["value"]))
        for row in frame.to_dict("records")
    }


def residents(given: Given, labels: Sequence[Label]) -> Array:
    """Residents of each city times the years that the period stands for. Shape (periods, cities)."""
    return np.asarray(given.numbers("city_state", labels, "population") * given.years[:, None])


# --- electricity -----------------------------------------------------------------------------------------------------


def energy_mwh(given: Given, labels: Sequence[Label]) -> Array:
    """Electricity of one unit of (city, measure) in a year, MWh; none where the city lies in no zone."""
    zoned = np.array([bool(given.city_text["zone"].get(city)) for city, _ in labels], dtype=float)
    mw = units.mw(1.0) * measure(given, labels, "power_kw_per_unit")
    return np.asarray(mw * units.HOURS_PER_YEAR * zoned)


def energy_price(given: Given, labels: Sequence[Label]) -> Array:
    """Mean price of grid energy in a city's zone, CNY per kWh; stations draw the same in every hour."""
    zones = _zones(given, labels)
    contract = given.numbers("power", zones, "contract_price_cny_per_kwh", np.nan)
    listed = given.over_year(given.curves("power", zones, "price")) / units.HOURS_PER_YEAR
    if given.scenario.settings.plan.power_price == "list":
        return listed
    mean = given.means("power", zones, "price")
    return np.where(np.isfinite(contract) & (mean > 0), listed * contract / np.where(mean > 0, mean, 1.0), listed)


def carbon(given: Given, labels: Sequence[Label]) -> Array:
    """Mean carbon of grid energy in a city's zone, t per MWh."""
    hourly = given.curves("power", _zones(given, labels), "co2_kg_per_kwh")
    return units.tonnes_per_mwh(1.0) * given.over_year(hourly) / units.HOURS_PER_YEAR


def _zones(given: Given, labels: Sequence[Label]) -> list[Label]:
    zone = given.city_text["zone"]
    return [(zone.get(label[0], ""),) for label in labels]


def carbon_price(given: Given) -> Array:
    """Price on all emissions, CNY per tonne: the rule with scope all. Shape (periods, 1)."""
    out = np.zeros((len(given.periods), 1))
    for y, period in enumerate(given.periods):
        frame = given.at("policies", period)
        rows = frame[(frame["rule"] == "carbon_price_cny_per_t") & (frame["scope"] == ALL) & (frame["applies"] == ALL)]
        out[y] = float(rows["value"].iloc[0]) if len(rows) else 0.0
    return out
