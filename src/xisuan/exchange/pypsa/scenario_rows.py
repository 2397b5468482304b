"""Data of a scenario for a PyPSA network, read from its tables independently of the model equations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.routing import Arc
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME

Array = NDArray[np.float64]
Key = tuple[str, ...]
Row = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """Investment in period number `y`.

    `used`: periods in which it is in use. `weight`: discounted cost per mCNY of capital. `start`, `end`: years in
    service.
    """

    y: int
    used: NDArray[np.bool_]
    weight: float
    start: float
    end: float


class Given:
    """Scenario as rows and hourly series over all periods; `hours` = periods × modelled hours, period by period."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.clock = scenario.timeline
        self.periods = scenario.settings.periods
        self.per_period = self.clock.n_hours
        self._rows: dict[tuple[str, int], dict[Key, Row]] = {}
        self._waiting: dict[tuple[str, str], Array] = {}

    # --- time --------------------------------------------------------------------------------------------------------

    @cached_property
    def weight(self) -> Array:
        """Hours of a year that each hour represents. Shape (hours,)."""
        return np.tile(self.clock.weight, len(self.periods))

    @cached_property
    def money(self) -> Array:
        """Sum of the discount factors of each period's years: the weight of one CNY in each year. Shape (periods,)."""
        return self.clock.period_discount

    def hourly(self, values: Array | float) -> Array:
        """Return hourly values from a number, a number per period, or hourly values. Shape (hours,)."""
        array = np.atleast_1d(np.asarray(values, dtype=np.float64))
        if len(array) == len(self.weight):
            return array
        return np.repeat(np.broadcast_to(array, len(self.periods)), self.per_period)

    # --- rows --------------------------------------------------------------------------------------------------------

    def rows(self, table: str, period: int) -> dict[Key, Row]:
        """Return the rows of a table that apply in `period`, by key."""
        if (table, period) not in self._rows:
            keys = [key for key in BY_NAME[table].keys if key != "period"]
            rows = records(self.scenario.at(table, period))
            self._rows[table, period] = {tuple(str(row[key]) for key in keys): row for row in rows}
        return self._rows[table, period]

    def keys(self, table: str) -> list[Key]:
        """Return the keys of rows that apply in some period."""
        return list(dict.fromkeys(key for period in self.periods for key in self.rows(table, period)))

    def cell(self, table: str, key: Key, column: str, period: int) -> Any:
        """Return a cell; None without a row. Equipment without a row in the period takes the first row of any period."""
        row = self.rows(table, period).get(key)
        if row is None and table == "technologies":
            row = next((self.rows(table, later)[key] for later in self.periods if key in self.rows(table, later)), None)
        return None if row is None else row[column]

    def number(self, table: str, key: Key, column: str, missing: float = 0.0) -> Array:
        """Return a number in each period, `missing` where blank or without a row. Shape (periods,)."""
        cells = [self.cell(table, key, column, period) for period in self.periods]
        return np.array([missing if blank(cell) else float(cell) for cell in cells])

    def series(self, table: str, key: Key, column: str, missing: float = 0.0) -> Array:
        """Return a number or profile by the hour, `missing` where blank or without a row. Shape (hours,)."""

        cells = [self.cell(table, key, column, period) for period in self.periods]
        return np.concatenate([self.scenario.hourly(table, column, missing if blank(cell) else cell) for cell in cells])

    def text(self, table: str, key: Key, column: str) -> str:
        """Return the text in the first row that applies."""
        cells = (self.cell(table, key, column, period) for period in self.periods)
        return next((str(cell) for cell in cells if cell is not None), "")

    def rule(self, name: str, scopes: list[str], missing: float) -> Array:
        """Return the value of a rule for the first scope that has one. Shape (periods,)."""
        out = np.full(len(self.periods), missing)
        for y, period in enumerate(self.periods):
            rows = {str(row["scope"]): row for row in self.rows("policies", period).values() if row["rule"] == name}
            found = next((rows[scope]["value"] for scope in scopes if scope in rows), missing)
            out[y] = float(found)
        return out

    # --- who and what ------------------------------------------------------------------------------------------------

    @cached_property
    def sites(self) -> list[str]:
        """All sites."""
        return [site for (site,) in self.keys("sites")]

    def scopes(self, site: str) -> list[str]:
        """Return the scopes of a rule that contain a site, narrowest first."""
        hub = self.text("sites", (site,), "hub")
        investor = self.text("sites", (site,), "investor")
        return [site, *([hub] if hub else []), *([f"investor:{investor}"] if investor else []), "all"]

    @cached_property
    def equipment(self) -> tuple[tuple[str, str], ...]:
        """Pairs (site, technology) that may be installed."""
        return candidates.equipment(self.scenario)

    def class_of(self, technology: str) -> str:
        """Return the class of a technology."""
        return self.text("technologies", (technology,), "class")

    @cached_property
    def named(self) -> set[str]:
        """Technologies that a workload names directly."""
        targets = {self.text("workloads", key, "class") for key in self.keys("workloads")}
        return targets & {technology for (technology,) in self.keys("technologies")}

    @cached_property
    def held(self) -> set[str]:
        """Workloads that are held through the period (stock)."""
        names = (workload for (workload,) in self.keys("workloads"))
        return {name for name in names if candidates.is_stock(self.scenario, name)}

    def runs_at(self, workload: str) -> list[str]:
        """Return the sites with equipment that can run a workload."""
        able = candidates.runs(self.scenario, workload)
        return list(dict.fromkeys(site for site, technology in self.equipment if technology in able))

    # --- demand ------------------------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> dict[tuple[str, str], Array]:
        """Demand of (region, workload) by the hour, units. Shape (hours,) each."""
        shape = (len(self.periods), self.per_period)
        out: dict[tuple[str, str], Array] = {}
        for row in records(self.scenario["demand"]):
            if row["period"] in self.periods and row["units"] > 0:
                label = (str(row["region"]), str(row["workload"]))
                profile = self.scenario.hourly("demand", "profile", row["profile"])
                table = out.setdefault(label, np.zeros(shape))
                table[self.periods.index(row["period"])] += row["units"] * profile
        return {label: table.ravel() for label, table in out.items()}

    def most_waiting(self, region: str, workload: str) -> Array:
        """Return the largest backlog at the end of each hour: arrivals of the last `defer_hours`. Shape (hours,)."""
        if (region, workload) not in self._waiting:
            self._waiting[region, workload] = self._most_waiting(region, workload)
        return self._waiting[region, workload]

    def _most_waiting(self, region: str, workload: str) -> Array:
        table = self.demand[region, workload].reshape(len(self.periods), self.per_period)
        out = np.zeros_like(table)
        hours = self.number("workloads", (workload,), "defer_hours")
        for y, row in enumerate(table):
            start = 0
            for block in self.clock.blocks:
                span = slice(start, start + block.hours)
                # Cyclic blocks: whole turns of the block, plus the last `rest` hours.
                turns, rest = divmod(int(hours[y]), block.hours)
                arrived = np.cumsum(np.tile(row[span], 2))
                ends = np.arange(block.hours, 2 * block.hours)
                out[y, span] = turns * row[span].sum() + arrived[ends] - arrived[ends - rest]
                start += block.hours
        return out.ravel()

    @cached_property
    def plenty(self) -> float:
        """Upper bound on any flow of work or traffic: PyPSA has no unlimited size."""
        work = sum(values.max() + self.most_waiting(*label).max() for label, values in self.demand.items())
        traffic = [
            self.series("traffic", key, "profile", 1.0).max() * self.number("traffic", key, "gbps").max()
            for key in self.keys("traffic")
        ]
        return float(10.0 * (1.0 + work + sum(traffic)))

    @cached_property
    def plenty_mw(self) -> float:
        """Upper bound on the power that any site draws or generates, MW."""
        sizes = [self.number("technologies", key, "mw_per_unit").max() for key in self.keys("technologies")]
        units_at_hand = self.scenario["fleet"]["units"].sum() + self.scenario["limits"]["min_units"].sum()
        return float(1e3 * (1.0 + max(sizes, default=0.0) * (self.plenty + units_at_hand)))

    # --- network -----------------------------------------------------------------------------------------------------

    @cached_property
    def arcs(self) -> list[Arc]:
        """Both directions of every link that can carry traffic in some period."""
        found: dict[Arc, None] = {}
        for period in self.periods:
            for link, one, other, *_ in candidates.usable_links(self.scenario, period, existing=False):
                found |= {(link, one, other): None, (link, other, one): None}
        return list(found)

    def carries(self, link: str) -> Array:
        """Return 1 in the periods in which a link stands or can have been built, else 0. Shape (periods,)."""
        found = [candidates.usable_links(self.scenario, period, existing=False) for period in self.periods]
        return np.array([float(link in {one.link for one in links}) for links in found])

    def node(self, name: str) -> str:
        """Return the node of a region; a node is returned unchanged."""
        return self.text("regions", (name,), "node") or name

    def over_network(self, workload: str) -> bool:
        """Return True if links limit where a workload runs."""
        return self.scenario.has("links") and routing.moves_data(self.scenario, workload)

    def toll(self, link: str) -> Array:
        """Return the cost of a Gbps for an hour, discounted over the years of each period, mCNY. Shape (periods,)."""
        return self.number("links", (link,), "cost_mcny_per_gbps_hour") * self.money

    # --- money -------------------------------------------------------------------------------------------------------

    def orders(self, table: str, key: Key) -> list[Order]:
        """Return the possible investments in a key by period; those in use in no period are left out."""
        found: list[Order] = []
        for y, period in enumerate(self.periods):
            row = self.rows(table, period).get(key)
            if row is None or self.scenario.fixed(period):
                continue
            start = period + float(row["lead_years"])
            life = math.inf if blank(row["life_years"]) else float(row["life_years"])
            used = np.array([start <= later < start + life for later in self.periods])
            if used.any():
                found.append(Order(y, used, self._capital(period, start, life), start, start + life))
        return found

    def _capital(self, period: int, start: float, life: float) -> float:
        """Return the discounted cost of one mCNY ordered in `period` and in service from `start` for `life` years."""
        settings = self.scenario.settings
        if settings.capital == "full":
            return self.present(period)
        if math.isinf(life):
            return 0.0
        rate = settings.discount_rate
        # Annuity: yearly payments over the life, counted within the horizon.
        payment = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        years = range(self.periods[0], self.periods[-1] + settings.last_period_years)
        return payment * sum(self.present(year) for year in years if start <= year < start + life)

    def present(self, year: int) -> float:
        """Return the value in the base year of one CNY in `year`."""
        settings = self.scenario.settings
        return float((1 + settings.discount_rate) ** (settings.base_year - year))

    def energy_price(self, zone: str) -> Array:
        """Return the price of grid energy, mCNY/MWh, by list or contract as the setting says. Shape (hours,)."""
        price = self.series("power", (zone,), "price")
        if self.scenario.settings.plan.pays_contract(zone):
            contract = self.number("power", (zone,), "contract_price_cny_per_kwh", math.nan)
            lists = np.array([self._mean_price(zone, period) for period in self.periods])
            # A contract scales the hourly list price to its mean price.
            held = ~np.isnan(contract) & (lists != 0)
            price = price * self.hourly(np.where(held, contract / np.where(lists == 0, 1.0, lists), 1.0))
        return price * units.mcny_per_mwh(1.0)

    def _mean_price(self, zone: str, period: int) -> float:
        cell = self.cell("power", (zone,), "price", period)
        return 0.0 if blank(cell) else float(self.scenario.curve(cell).mean())


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as dicts."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name].tolist() for name in names), strict=True)]


def blank(cell: Any) -> bool:
    """Return True if a cell is blank or its row is missing."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
