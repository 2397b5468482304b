"""Arrays of gigabit access: counted quantities of a city, effects of measures over time, thresholds of the standard.

Arrays have shape (periods, items).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gnomon import Array, Index, Label, Mask
from xisuan import units
from xisuan.equations.index_sets import Given
from xisuan.equations.table_arrays import chosen
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.gigabit_standard import Threshold, thresholds
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import ALL, EFFECTS, GIGABIT, INDICATORS, QUANTITIES, TAKEN_UP


def cities(given: Given) -> list[Label]:
    """Return the labels of all cities."""
    return [(name,) for name in candidates.names(given.scenario, "cities")]


def counted(given: Given) -> list[Label]:
    """Return each (city, quantity) whose amount is known in all periods."""
    whole = given.whole
    labels = [(city, name) for (city,) in cities(whole) for name in QUANTITIES]
    return chosen(labels, np.isfinite(opening(whole, labels)).all(axis=0))


def opening(given: Given, labels: Sequence[Label]) -> Array:
    """Return each quantity at the end of a period without any order, NaN where unknown. Shape (periods, labels)."""
    out = np.full((len(given.periods), len(labels)), np.nan)
    for name in QUANTITIES:
        at = [i for i, label in enumerate(labels) if label[1] == name]
        out[:, at] = given.numbers("city_state", [labels[i][:1] for i in at], name, np.nan)
    return out


def deployable(given: Given) -> list[Label]:
    """Return each (city, measure) that a row of `measures` offers in some period."""
    whole = given.whole
    names = candidates.names(given.scenario, "measures")
    labels = [(city, name) for (city,) in cities(whole) for name in names]
    return chosen(labels, _is_in_force(whole, labels).any(axis=0))


def _is_in_force(given: Given, labels: Sequence[Label]) -> Mask:
    """Return True where a row for the city or for all cities holds in the period. Shape (periods, labels)."""
    own, general = ([(name, city) for city, name in labels], [(name, ALL) for _, name in labels])
    return (given.holds("measures", own) > 0) | (given.holds("measures", general) > 0)


def measure(given: Given, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
    """Return the number in `column` for each (city, measure); the city's own row precedes the row for all cities."""
    own = [(name, city) for city, name in labels]
    general = given.numbers("measures", [(name, ALL) for _, name in labels], column, missing)
    return np.where(given.holds("measures", own) > 0, given.numbers("measures", own, column, missing), general)


def kind(given: Given) -> dict[str, str]:
    """Kind (fixed or radio) of each measure."""
    frame = given.scenario["measures"]
    return dict(zip(frame["measure"].astype(str), frame["kind"].astype(str), strict=True))


def most(given: Given, labels: Sequence[Label]) -> Array:
    """Upper bound on the order of each measure in a period: its yearly pace times the years of the period.

    0 in a period that is fixed at its actuals, without an offer, or too late to be in use within the horizon.
    """
    pace = measure(given, labels, "pace_units_year") * given.years[:, None]
    free = np.array([[not given.scenario.fixed(period)] for period in given.periods])
    return np.where(free & in_use(given, labels).any(axis=1) & _is_in_force(given, labels), pace, 0.0)


def in_use(given: Given, labels: Sequence[Label]) -> Mask:
    """Return True where an order of one period is in use in another. Shape (made, used, labels)."""
    start = np.array(given.periods, dtype=float)[:, None] + measure(given, labels, "lead_years")
    end = start + measure(given, labels, "life_years", np.inf)
    now = np.array(given.periods, dtype=float)[None, :, None]
    return (start[:, None] <= now) & (now < end[:, None])


@dataclass(frozen=True, slots=True)
class Effects:
    """Sparse effects of orders on the quantities of a city, as five parallel arrays.

    One unit of item `item` ordered in period `made` adds `amount` to quantity `quantity` (its number in `EFFECTS`) in
    period `used`.
    """

    item: Index
    made: Index
    used: Index
    quantity: Index
    amount: Array

    def to(self, place: Index) -> tuple[Effects, Index]:
        """Return the effects whose `place[quantity, item]` is not −1, and these places."""
        at = place[self.quantity, self.item]
        kept = at >= 0
        some = Effects(self.item[kept], self.made[kept], self.used[kept], self.quantity[kept], self.amount[kept])
        return some, at[kept]


def effects(given: Given, labels: Sequence[Label]) -> Effects:
    """Return the effects of all orders (cached: several constraints use the same)."""
    return _effects(given, tuple(labels))


@lru_cache(maxsize=2)
def _effects(given: Given, labels: tuple[Label, ...]) -> Effects:
    """Return what one unit of each order adds in each period in which it is in use.

    Users lag behind coverage: after k whole years their share is 1 − (1 − takeup_first) × (1 − takeup_rate)^k.
    """
    now = np.array(given.periods, dtype=float)
    age = now[None, :, None] - now[:, None, None] - measure(given, labels, "lead_years")[:, None]
    # Share not yet following after floor(age) years, relative to the first year: (1 − takeup_rate)^k.
    still = (1.0 - measure(given, labels, "takeup_rate")[:, None]) ** np.floor(np.maximum(age, 0.0))
    followed = 1.0 - (1.0 - measure(given, labels, "takeup_first", 1.0)[:, None]) * still
    adds = np.stack([measure(given, labels, f"{name}_per_unit") for name in EFFECTS])  # (quantities, made, labels)
    lag = np.stack([followed if name in TAKEN_UP else np.ones_like(followed) for name in EFFECTS])
    amount = adds[:, :, None] * lag * in_use(given, labels)
    quantity, made, used, item = np.nonzero(amount)
    return Effects(item, made, used, quantity, amount[quantity, made, used, item])


def places(labels: Sequence[Label], of: Mapping[Label, int]) -> Index:
    """Return the place of each quantity of each order's city, for `Effects.to`; −1 where `of` has no place for it."""
    found = [[of.get((label[0], name), -1) for label in labels] for name in EFFECTS]
    return np.array(found, dtype=np.int64).reshape(len(EFFECTS), len(labels))


# --- the standard ----------------------------------------------------------------------------------------------------


def mandatory(given: Given, y: int) -> tuple[Threshold, ...]:
    """Return the thresholds that a gigabit city must reach in period number `y`."""
    return thresholds(given.scenario, given.periods[y])


def named(given: Given, labels: Sequence[Label]) -> Mask:
    """Return True where a city is already named under the version of the standard in force. Shape (periods, cities)."""
    out = np.zeros((len(given.periods), len(labels)), dtype=bool)
    cells = given.cells("city_state", labels, "named_under")
    for y, period in enumerate(given.periods):
        versions = set(given.at("standard", period)["version"].astype(str)) - {""}
        out[y] = [cell in versions for cell in cells[y]]
    return out


def due(given: Given, labels: Sequence[Label]) -> Mask:
    """Return True where a city must be a gigabit city by the end of the period. Shape (periods, cities)."""
    dates = np.array([_date(given, city, GIGABIT)[0] for (city,) in labels]).reshape(1, len(labels))
    return np.asarray(_ends(given)[:, None] >= dates, dtype=bool)


def floors(given: Given) -> list[tuple[Label, Array]]:
    """Return (city, indicator) and the least ratio by period (NaN before its date) of each single floor."""
    found: list[tuple[Label, Array]] = []
    for (city,) in cities(given):
        for one in INDICATORS:
            date, value = _date(given, city, one.name)
            if np.isfinite(date):
                found.append(((city, one.name), np.where(_ends(given) >= date, value / one.scale, np.nan)))
    return found


def _ends(given: Given) -> Array:
    """Last year of each period."""
    return np.array(given.periods, dtype=float) + given.years - 1.0


def _date(given: Given, city: str, indicator: str) -> tuple[float, float]:
    """Return deadline (∞ where there is no target) and value; the city's own target goes before that for all cities."""
    rows = _targets(given.scenario)
    deadline, value = rows.get((city, indicator), rows.get((ALL, indicator), (np.nan, np.nan)))
    return (np.inf if np.isnan(deadline) else deadline), value


@lru_cache(maxsize=8)
def _targets(scenario: Scenario) -> dict[Label, tuple[float, float]]:
    """Return deadline and value of each row of `city_targets`, by (city, indicator)."""
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
    """Electricity of one unit of (city, measure) in a year, MWh; 0 where the city has no grid zone."""
    zoned = np.array([bool(given.city_text["zone"].get(city)) for city, _ in labels], dtype=float)
    mw = units.mw(1.0) * measure(given, labels, "power_kw_per_unit")
    return np.asarray(mw * units.HOURS_PER_YEAR * zoned)


def energy_price(given: Given, labels: Sequence[Label]) -> Array:
    """Mean price of grid energy in a city's zone, CNY per kWh; the load of stations is constant over the day."""
    zones = _zones(given, labels)
    plan = given.scenario.settings.plan
    listed = given.over_year(given.curves("power", zones, "price")) / units.HOURS_PER_YEAR
    if plan.power_price == "list":
        return listed
    contract = given.numbers("power", zones, "contract_price_cny_per_kwh", np.nan)
    contract = np.where([plan.pays_contract(zone) for (zone,) in zones], contract, np.nan)
    mean = given.means("power", zones, "price")
    return np.where(np.isfinite(contract) & (mean > 0), listed * contract / np.where(mean > 0, mean, 1.0), listed)


def carbon(given: Given, labels: Sequence[Label]) -> Array:
    """Mean carbon intensity of grid energy in a city's zone, t per MWh."""
    hourly = given.curves("power", _zones(given, labels), "co2_kg_per_kwh")
    return units.tonnes_per_mwh(1.0) * given.over_year(hourly) / units.HOURS_PER_YEAR


def _zones(given: Given, labels: Sequence[Label]) -> list[Label]:
    """Return the key in `power` of each label's city."""
    zone = given.city_text["zone"]
    return [(zone.get(label[0], ""),) for label in labels]


def carbon_price(given: Given) -> Array:
    """Price on all emissions, CNY per tonne, from the rule with scope all. Shape (periods, 1)."""
    out = np.zeros((len(given.periods), 1))
    for y, period in enumerate(given.periods):
        rows = given.rules_at("carbon_price_cny_per_t", period)
        out[y] = next((float(row["value"]) for row in rows if row["scope"] == row["applies"] == ALL), 0.0)
    return out


def counted_on(given: Given) -> bool:
    """Return True if a target sets a number of gigabit cities, so that any city may be declared one."""
    return bool((given.scenario["policies"]["rule"] == "reach_gigabit_cities").any())
