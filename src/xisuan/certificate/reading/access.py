"""Gigabit access as the certificate reads it: columns, rows, costs and carbon of cities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xisuan import units
from xisuan.certificate.reading.calendar import Array, Mask
from xisuan.certificate.reading.table_values import Reading

Label = tuple[str, ...]
STRICTLY = 1.0001
"""Factor on a threshold that must be exceeded (see gigabit_reached)."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Indicator of a gigabit city: `scale` × numerator / denominator. `part`: the former is part of the latter."""

    name: str
    numerator: str
    denominator: str
    scale: float
    part: bool


INDICATORS = (
    Indicator("home_gigabit_coverage", "homes_gigabit", "urban_households", 100.0, False),
    Indicator("pon10g_port_share", "pon10g_ports", "pon_ports", 100.0, True),
    Indicator("key_place_5g_access", "key_places_5g", "key_places", 100.0, True),
    Indicator("g5_bs_per_10k", "g5_stations", "population", 10_000.0, False),
    Indicator("user_500m_share", "users_500m", "fixed_users", 100.0, True),
    Indicator("g5_user_share", "g5_users", "mobile_users", 100.0, True),
)
QUANTITIES = tuple(name for one in INDICATORS for name in (one.numerator, one.denominator))
"""Quantities counted in a city."""
EFFECTS = ("homes_gigabit", "pon10g_ports", "pon_ports", "key_places_5g", "g5_stations", "users_500m", "g5_users")
"""Quantities that a measure can add to."""
TAKEN_UP = ("users_500m", "g5_users")
"""Quantities that follow construction with a take-up lag."""


@dataclass(frozen=True)
class Access:
    """Cities, their counted quantities, and the effect of a unit of each measure, from the tables."""

    reading: Reading

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """All cities."""
        return tuple(str(key[0]) for key in self.reading.tables["cities"].keys)

    @cached_property
    def orders(self) -> tuple[Label, ...]:
        """Pairs (city, measure) that some row offers in some period."""
        names = dict.fromkeys(str(key[0]) for key in self.reading.tables["measures"].keys)
        return tuple((city, m) for city in self.cities for m in names if self.offered((city, m)).any())

    def offered(self, order: Label) -> Mask:
        """Return the periods in which a row of the measure, the city's or the general one, holds. Shape (P,)."""
        city, m = order
        table = self.reading.tables["measures"]
        offers: Mask = table.holds((m, city)) | table.holds((m, "all"))
        return offers

    def of(self, order: Label, column: str, blank: float = 0.0) -> Array:
        """Return a number of a measure in a city, from the city's own row if there is one. Shape (P,)."""
        city, m = order
        table = self.reading.tables["measures"]
        own = table.holds((m, city))
        values = np.where(own, table.number((m, city), column), table.number((m, "all"), column))
        return np.where(np.isnan(values), blank, values)

    def state(self, city: str, name: str) -> Array:
        """Return a counted quantity of a city if nothing is built, NaN where unknown. Shape (P,)."""
        return self.reading.tables["city_state"].number((city,), name)

    @cached_property
    def counted(self) -> tuple[Label, ...]:
        """Pairs (city, quantity) known in every period."""
        pairs = ((city, name) for city in self.cities for name in QUANTITIES)
        return tuple((city, name) for city, name in pairs if not np.isnan(self.state(city, name)).any())

    def used(self, order: Label) -> Mask:
        """Return True where an order of period o (last axis) is in use in period u. Shape (P, P)."""
        lead, life = self.of(order, "lead_years"), self.of(order, "life_years", np.nan)
        return self.reading.clock.in_use(lead, life)

    def most(self, order: Label) -> Array:
        """Return the largest order in each period. Shape (P,)."""
        useful = self.used(order).any(axis=0) & self.offered(order) & self.reading.planned
        return np.where(useful, self.of(order, "pace_units_year") * self.reading.clock.year_count, 0.0)

    def adds(self, order: Label, name: str) -> Array:
        """Return the increase of a quantity in period u per unit ordered in period o. Shape (u, o)."""
        if name not in EFFECTS:
            return np.zeros((len(self.reading.clock.periods),) * 2)
        gain = np.where(self.used(order), self.of(order, f"{name}_per_unit"), 0.0)
        if name not in TAKEN_UP:
            return gain
        years = np.array(self.reading.clock.periods, dtype=np.float64)
        age = np.maximum(np.floor(years[:, None] - years - self.of(order, "lead_years")), 0.0)
        first, rate = self.of(order, "takeup_first", 1.0), self.of(order, "takeup_rate")
        still: Array = (1.0 - first) * (1.0 - rate) ** age
        return gain * (1.0 - still)

    # the standard and targets

    def ratio(self, one: Indicator) -> Array:
        """Return the minimum of numerator over denominator in a gigabit city, NaN if there is no minimum. Shape (P,)."""
        out = np.full(len(self.reading.clock.periods), np.nan)
        for p, rows in enumerate(self.reading.tables["standard"].rows):
            row = rows.get((one.name,))
            if row is not None and row["mandatory"]:
                out[p] = row["threshold"] / one.scale * (STRICTLY if row["op"] == ">" else 1.0)
        return out

    def named(self, city: str) -> Mask:
        """Return True where the city was named under the version of the standard in force. Shape (P,)."""
        under = self.reading.tables["city_state"].text((city,), "named_under")
        rows = self.reading.tables["standard"].rows
        return np.array(
            [
                bool(name) and name in {row["version"] for row in now.values()}
                for name, now in zip(under, rows, strict=True)
            ]
        )

    def target(self, city: str, indicator: str) -> tuple[float, float]:
        """Return deadline and value of a target, (inf, NaN) if there is no target."""
        row = self._targets.get((city, indicator), self._targets.get(("all", indicator)))
        if row is None or np.isnan(row["deadline"]):
            return np.inf, np.nan
        return float(row["deadline"]), float(row["value"])

    @cached_property
    def _targets(self) -> Mapping[Label, dict[str, Any]]:
        rows = self.reading.scenario["city_targets"].to_dict("records")
        return {(str(row["city"]), str(row["indicator"])): {str(k): v for k, v in row.items()} for row in rows}

    @cached_property
    def ends(self) -> Array:
        """Last year of each period."""
        return np.array([float(max(years)) for years in self.reading.clock.years])

    def must(self, city: str) -> Mask:
        """Return True where the city is or must be a gigabit city. Shape (P,)."""
        must: Mask = self.named(city) | (self.ends >= self.target(city, "gigabit")[0])
        return must

    def judged(self) -> Iterator[tuple[str, Indicator]]:
        """Yield the cities and indicators whose numerator and denominator are known."""
        known = set(self.counted)
        for city in self.cities:
            for one in INDICATORS:
                if {(city, one.numerator), (city, one.denominator)} <= known:
                    yield city, one

    # yearly cost and carbon of a unit

    def zone(self, city: str) -> str:
        """Return the grid zone of a city."""
        return str(self.reading.tables["cities"].first((city,), "zone") or "")

    def mwh(self, order: Label) -> Array:
        """Return the electricity of a unit in a year, MWh. Shape (P,)."""
        power = self.of(order, "power_kw_per_unit") * units.mw(1.0) * units.HOURS_PER_YEAR
        return power if self.zone(order[0]) else np.zeros_like(power)

    def price(self, city: str) -> Array:
        """Return the mean price of energy, mCNY per MWh. Shape (P,)."""
        reading, zone = self.reading, self.zone(city)
        price = self._mean(city, "price")
        plan = reading.scenario.settings.plan
        if plan.power_price == "contract" and (not plan.contract_zones or zone in plan.contract_zones):
            contract = reading.tables["power"].number((zone,), "contract_price_cny_per_kwh")
            for p in np.flatnonzero(~np.isnan(contract)):
                level = reading.scenario.curve(reading.tables["power"].rows[p][(zone,)]["price"]).mean()
                price[p] *= contract[p] / level if level > 0 else 1.0
        return units.mcny_per_mwh(1.0) * price

    def carbon(self, city: str) -> Array:
        """Return the mean carbon intensity of energy, t per MWh. Shape (P,)."""
        return units.tonnes_per_mwh(1.0) * self._mean(city, "co2_kg_per_kwh")

    def _mean(self, city: str, column: str) -> Array:
        weight = self.reading.clock.weight
        mean: Array = self.reading.curve("power", (self.zone(city),), column, 0.0) @ weight / units.HOURS_PER_YEAR
        return mean

    def carbon_price(self) -> Array:
        """Return the general carbon price, mCNY per tonne. Shape (P,)."""
        found = [r for r in self.reading.policies("carbon_price_cny_per_t") if (r.scope, r.applies) == ("all", "all")]
        value = found[0].value if found else np.zeros(len(self.reading.clock.periods))
        return units.mcny_from_cny(1.0) * np.nan_to_num(value)

    def residents(self, city: str) -> Array:
        """Return residents times years of the period. Shape (P,)."""
        return np.nan_to_num(self.state(city, "population")) * self.reading.clock.year_count


def indicator(name: str) -> Indicator:
    """Return the indicator of a name."""
    return next(one for one in INDICATORS if one.name == name)
