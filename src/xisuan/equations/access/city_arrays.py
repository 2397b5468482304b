"""Figures of gigabit access: what is counted in a city, what a measure adds to it and when, what the standard asks.

Arrays have shape (periods, items).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gnomon.arrays import Array, Index, Label, Mask
from xisuan import units
from xisuan.equations.index_sets import Given
from xisuan.equations.table_arrays import chosen
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.gigabit_standard import Threshold, thresholds
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import ALL, EFFECTS, GIGABIT, INDICATORS, QUANTITIES, TAKEN_UP


def cities(given: Given) -> list[Label]:
    """All cities."""
    return [(name,) for name in candidates.names(given.scenario, "cities")]


def counted(given: Given) -> list[Label]:
    """(city, quantity) that is known."""
    whole = given.whole
    labels = [(city, name) for (city,) in cities(whole) for name in QUANTITIES]
    return chosen(labels, np.isfinite(opening(whole, labels)).all(axis=0))


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
    free = np.array([[not given.scenario.fixed(period)] for period in given.periods])
    return np.where(free & in_use(given, labels).any(axis=1) & _held(given, labels), pace, 0.0)


def in_use(given: Given, labels: Sequence[Label]) -> Mask:
    """Whether an order of one period is in use in another. Shape (made, used, labels)."""
    start = np.array(given.periods, dtype=float)[:, None] + measure(given, labels, "lead_years")
    end = start + measure(given, labels, "life_years", np.inf)
    now = np.array(given.periods, dtype=float)[None, :, None]
    return (start[:, None] <= now) & (now < end[:, None])


@dataclass(frozen=True, slots=True)
class Effects:
    """One unit of item `item` ordered in period `made` adds `amount` to a quantity (its number in `EFFECTS`) of its
    city in period `used`: one entry each of five arrays."""

    item: Index
    made: Index
    used: Index
    quantity: Index
    amount: Array

    def to(self, place: Index) -> tuple[Effects, Index]:
        """Those on the places that `place[quantity, item]` gives, and these places; −1 there leaves one out."""
        at = place[self.quantity, self.item]
        kept = at >= 0
        some = Effects(self.item[kept], self.made[kept], self.used[kept], self.quantity[kept], self.amount[kept])
        return some, at[kept]


def effects(given: Given, labels: Sequence[Label]) -> Effects:
    """As `_effects`, which is asked several times of the same orders."""
    return _effects(given, tuple(labels))


@lru_cache(maxsize=2)
def _effects(given: Given, labels: tuple[Label, ...]) -> Effects:
    """What each order adds in each period in which it is in use; users follow with the lag of their curve.

    The share of the users that have followed after k whole years is 1 − (1 − takeup_first) × (1 − takeup_rate)^k.
    """
    now = np.array(given.periods, dtype=float)
    age = now[None, :, None] - now[:, None, None] - measure(given, labels, "lead_years")[:, None]
    still = (1.0 - measure(given, labels, "takeup_rate")[:, None]) ** np.floor(np.maximum(age, 0.0))
    followed = 1.0 - (1.0 - measure(given, labels, "takeup_first", 1.0)[:, None]) * still
    adds = np.stack([measure(given, labels, f"{name}_per_unit") for name in EFFECTS])  # (quantities, made, labels)
    lag = np.stack([followed if name in TAKEN_UP else np.ones_like(followed) for name in EFFECTS])
    amount = adds[:, :, None] * lag * in_use(given, labels)
    quantity, made, used, item = np.nonzero(amount)
    return Effects(item, made, used, quantity, amount[quantity, made, used, item])


def places(labels: Sequence[Label], of: Mapping[Label, int]) -> Index:
    """Place of each quantity of each order's city, for `Effects.to`: (city, quantity) → place, else −1."""
    found = [[of.get((label[0], name), -1) for label in labels] for name in EFFECTS]
    return np.array(found, dtype=np.int64).reshape(len(EFFECTS), len(labels))


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
        rows = given.rules_at("carbon_price_cny_per_t", period)
        out[y] = next((float(row["value"]) for row in rows if row["scope"] == row["applies"] == ALL), 0.0)
    return out


def counted_on(given: Given) -> bool:
    """Whether a target asks for a number of gigabit cities, so that any city may be declared one."""
    return bool((given.scenario["policies"]["rule"] == "reach_gigabit_cities").any())
