"""Linopy constraints for which PyPSA has no component: halls, openings, limits, budgets, policies, stock.

`Rules(parts)(n, snapshots)` is an `extra_functionality` for a network with open capacities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pypsa
import xarray as xr

from xisuan import units
from xisuan.exchange.pypsa.components import Asset, Parts, Tie
from xisuan.exchange.pypsa.linopy_budgets import Budgets
from xisuan.exchange.pypsa.linopy_sums import Sum, size_of
from xisuan.exchange.pypsa.scenario_rows import Order
from xisuan.scenario.queries import candidates
from xisuan.scenario.schema.compute_tables import is_fp16

LARGE = 1e6
"""Big-M constant: more than a site with an opening cost can hold, MW or units."""


class Rules(Budgets):
    """Constraints of a network with open capacities. `constant`: upkeep of existing halls, mCNY.

    Most constraints are added period by period; `y` is the number of the present period.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._active: dict[tuple[str, int], Any] = {}

    def __call__(self, n: pypsa.Network, snapshots: Any) -> None:
        """Add all constraints to the model of `n`."""
        self.n, self.m, self.constant = n, n.model, 0.0
        self.built_hall: dict[tuple[str, int], Sum] = {}
        self.open: dict[tuple[str, int], Sum] = {}
        self._ties()
        for earlier, later in self.parts.falling:
            self.hold(self.size(later) - self.size(earlier), "<=", 0.0)
        for most, assets in self.parts.counted.values():
            self.hold(self.total(assets, all_periods=True), "<=", most)
        for y, period in enumerate(self.given.periods):
            self.y, self.period = y, period
            self.hall: dict[str, Sum] = {}
            self._steady()
            self._halls()
            self._openings()
            self._limits()
            self._shares()
            self._targets()
            self._energy()
            self._budgets()

    # --- physics -----------------------------------------------------------------------------------------------------

    def _ties(self) -> None:
        kinds: dict[tuple[str, str], list[Tie]] = {}
        for tie in self.parts.ties:
            kinds.setdefault((f"{tie.component}-p_nom", size_of(tie.of)), []).append(tie)
        for (size, of), ties in kinds.items():
            names = [tie.name for tie in ties]
            factor = xr.DataArray([tie.factor for tie in ties], coords={"name": names}, dims=["name"])
            other = (1.0 * self.m[of].sel(name=[tie.of.name for tie in ties])).assign_coords(name=names)
            self.hold(self.m[size].sel(name=names) - other * factor, "==", 0.0)

    def _steady(self) -> None:
        """Hold the flows of stock constant over the hours of the period: stock has one placement."""
        span = slice(self.y * self.given.per_period, (self.y + 1) * self.given.per_period)
        for component in ("Link", "Generator"):
            names = [name for of, name in self.parts.steady if of == component and self._there(component, name)]
            if names and self.given.per_period > 1:
                flow = self._flow(component, names).isel(snapshot=span)
                later, first = flow.isel(snapshot=slice(1, None)), flow.isel(snapshot=0, drop=True)
                self.m.add_constraints(later - first, "=", 0.0, name=next(self.names))

    def _there(self, component: str, name: str) -> bool:
        """Return True if a component is in service in this period."""
        if (component, self.y) not in self._active:
            components = self.n.components[component]
            if self.n.has_investment_periods:
                first = self.n.snapshots[self.y * self.given.per_period][0]
                self._active[component, self.y] = components.get_active_assets(first).to_dict()
            else:
                self._active[component, self.y] = components.static["active"].to_dict()
        return bool(self._active[component, self.y][name])

    def mw(self, asset: Asset) -> float:
        """Return the IT power of a unit of equipment, MW."""
        return float(self.given.number("technologies", (asset.key[1],), "mw_per_unit")[self.y])

    def _halls(self) -> None:
        """Add the constraints of halls, which are no component: they hold the IT power of equipment."""
        given = self.given
        for (site,), row in given.rows("halls", self.period).items():
            stands = float(row["existing_mw"])
            self.constant += stands * float(row["opex_mcny_per_mw_year"]) * given.money[self.y]
            new: Sum = 0.0
            for order in given.orders("halls", (site,)):
                if order.y == self.y:
                    self._order_hall(site, row, order)
                if order.used[self.y]:
                    new = self.built_hall[site, order.y] + new
            self.hall[site] = new + stands
            better = self.of("retrofitted", site)
            if any(asset.used is not None and asset.used[self.y] for asset in better):
                self.hold(self.total(better), "<=", stands)  # only existing halls can be retrofitted
            if not math.isnan(row["limit_mw"]):
                self.hold(self.hall[site], "<=", float(row["limit_mw"]))
            # Equipment needs halls: Σ IT power ≤ existing + new halls.
            self.hold(self.total(self.of("installed", site), self.mw) - new, "<=", stands)
        for site in given.sites:
            limit = float(given.number("sites", (site,), "it_limit_mw", math.inf)[self.y])
            if math.isfinite(limit):
                self.hold(self.total(self.of("installed", site), self.mw), "<=", limit)

    def _order_hall(self, site: str, row: dict[str, Any], order: Order) -> None:
        """Add the halls ordered in this period: capital, upkeep in the periods that use them, construction phases."""
        new = self.m.add_variables(lower=0, name=f"hall-{site}-{self.period}")
        price = float(row["capex_mcny_per_mw"]) * self._factor(site)
        upkeep = self.given.number("halls", (site,), "opex_mcny_per_mw_year") * self.given.money
        self._pay(new * (price * order.weight + float(upkeep[order.used].sum())))
        if row["phase_mw"] > 0:
            phases = self.m.add_variables(lower=0, integer=True, name=f"phases-{site}-{self.period}")
            self.hold(new - phases * float(row["phase_mw"]), "==", 0.0)
        self.built_hall[site, self.y] = new

    def _pay(self, cost: Sum) -> None:
        self.m.objective = self.m.objective.expression + cost

    def new(self, site: str) -> bool:
        """Return True if a site has neither halls nor equipment at the start."""
        return site not in candidates.standing_sites(self.given.scenario)

    def _openings(self) -> None:
        for site in self.given.sites:
            costs = self.given.number("sites", (site,), "fixed_cost_mcny")
            if not (costs > 0).any() or not self.new(site):
                continue
            self.open[site, self.y] = self.m.add_variables(binary=True, name=f"open-{site}-{self.period}")
            self._pay(self.open[site, self.y] * (float(costs[self.y]) * self.given.present(self.period)))
            # A site is opened at most once in the horizon; without an opening its equipment and halls are 0 (big-M).
            opened: Sum = sum(self.open[site, y] for y in range(1, self.y + 1)) + self.open[site, 0]
            self.hold(1.0 * opened, "<=", 1.0)
            for asset in self.of("installed", site):
                if asset.used is not None and asset.used[self.y]:
                    self.hold(self.size(asset) - opened * LARGE, "<=", 0.0)
            if site in self.hall:
                self.hold(self.hall[site] - opened * LARGE, "<=", 0.0)

    def _limits(self) -> None:
        given = self.given
        for key, row in given.rows("limits", self.period).items():
            units_in_use = self.total(self.of("installed", *key))
            if row["min_units"] > 0:
                self.hold(units_in_use, ">=", float(row["min_units"]))
            if not math.isnan(row["max_units"]) and key in given.equipment:
                self.hold(units_in_use, "<=", float(row["max_units"]))
        for family, table, column in (
            ("capacity", "links", "limit_gbps"),
            ("supply", "supply", "limit_mw"),
            ("energy", "supply", "limit_mwh"),
        ):
            for key in dict.fromkeys(asset.key for asset in self.of(family)):
                least = float(given.number(table, key, "min_gbps", 0.0)[self.y]) if family == "capacity" else 0.0
                if least > 0:
                    self.hold(self.total(self.of(family, *key)), ">=", least)
                row_key = (*key, "battery") if family == "energy" else key
                limit = float(given.number(table, row_key, column, math.inf)[self.y])
                if math.isfinite(limit):
                    self.hold(self.total(self.of(family, *key)), "<=", limit)

    # --- policies ----------------------------------------------------------------------------------------------------

    def rules(self, name: str) -> list[tuple[str, list[str], float]]:
        """Return scope, sites and value of every row of a rule."""
        found: list[tuple[str, list[str], float]] = []
        for row in self.given.rows("policies", self.period).values():
            if row["rule"] == name:
                sites = [s for s in self.given.sites if str(row["scope"]) in self.given.scopes(s)]
                if row["applies"] == "new":
                    sites = [site for site in sites if self.new(site)]
                found.append((str(row["scope"]), sites, float(row["value"])))
        return found

    def at(self, assets: Iterable[Asset], sites: Iterable[str]) -> list[Asset]:
        """Return the assets at `sites`."""
        chosen = set(sites)
        return [asset for asset in assets if asset.key[0] in chosen]

    def fp32(self, asset: Asset) -> float:
        """Return the computing power of a unit at FP32."""
        return float(self.given.number("technologies", (asset.key[1],), "fp32_per_unit")[self.y])

    def _shares(self) -> None:
        given = self.given
        installed = self.of("installed")
        built = [asset for asset in self.ordered() if asset.family == "installed"]
        for _, sites, value in self.rules("occupancy_min"):  # Σ IT power ≥ value × Σ halls
            halls: Sum = 0.0
            for site in set(sites) & set(self.hall):
                halls = halls + self.hall[site] * value
            self.hold(self.total(self.at(installed, set(sites) & set(self.hall)), self.mw) - halls, ">=", 0.0)
        for _, sites, value in self.rules("hub_share_min"):  # share of FP32 power built in hubs
            hubs = [site for site in sites if given.text("sites", (site,), "hub")]
            inside = self.total(self.at(built, hubs), self.fp32, all_periods=True)
            self.hold(inside - self.total(built, self.fp32, all_periods=True) * value, ">=", 0.0)
        for _, sites, value in self.rules("intelligent_share_min"):  # share of installed FP32 power
            here = self.at(installed, sites)
            own = [asset for asset in here if given.class_of(asset.key[1]) == "intelligent"]
            self.hold(self.total(own, self.fp32) - self.total(here, self.fp32) * value, ">=", 0.0)
        for _, sites, value in self.rules("utilisation_min"):  # unit-hours ≥ value × units × hours
            here = self.at(installed, sites)
            flows = [one for one in here if given.text("technologies", (one.key[1],), "kind") == "flow"]
            for name in dict.fromkeys(given.class_of(asset.key[1]) for asset in flows):
                own = [asset for asset in flows if given.class_of(asset.key[1]) == name]
                served = self.yearly((asset.name for asset in own), lambda _: 1.0)
                self.hold(served - self.total(own) * (value * float(given.clock.weight.sum())), ">=", 0.0)

    def _cell(self, asset: Asset, column: str) -> Any:
        """Return a cell of the technology of an asset in this period."""
        return self.given.cell("technologies", (asset.key[1],), column, self.given.periods[self.y])

    def _targets(self) -> None:
        """Add the targets to be reached: computing power, racks, investment."""
        given = self.given
        for _, sites, value in self.rules("reach_eflops_fp16"):
            own = [
                asset
                for asset in self.at(self.of("installed"), sites)
                if is_fp16(given.class_of(asset.key[1]), self._cell(asset, "precision"))
            ]
            self.hold(self.total(own, lambda a: float(np.nan_to_num(self._cell(a, "eflops_per_unit")))), ">=", value)
        for _, sites, value in self.rules("reach_racks"):
            stand: Sum = 0.0
            for site in set(sites) & set(self.hall):
                stand = stand + self.hall[site]
            self.hold(stand, ">=", units.mw_of_racks(value))
        for _, sites, value in self.rules("reach_investment_mcny"):
            new = [a for a in self.at(self.ordered(), sites) if a.family in ("installed", "retrofitted")]
            paid = self.total(new, lambda asset: asset.price, all_periods=True)
            for (site, y), halls in self.built_hall.items():
                if y == self.y and site in sites:
                    price = float(given.number("halls", (site,), "capex_mcny_per_mw")[y]) * self._factor(site)
                    paid = paid + halls * price
            self.hold(paid, ">=", value)

    def _energy(self) -> None:
        """Add the rules on a year's energy, carbon and water."""
        for _, sites, value in self.rules("green_share_min"):  # grey ≤ (1 − value) × facility energy
            if value == 0.0:
                continue  # it asks for nothing, and batteries may lose grid energy
            grey = self.yearly((f"grey/{site}" for site in self._metered(sites)), lambda _: 1.0)
            self.hold(grey - self._facility(sites) * (1 - value), "<=", 0.0)
        self._clean_hours()
        for _, sites, value in self.rules("pue_max"):  # facility ≤ value × IT energy
            self.hold(self._facility(sites) - self._it(sites, lambda _: 1.0) * value, "<=", 0.0)
        for _, sites, value in self.rules("carbon_cap_t"):
            self.hold(self._carbon(sites, market=False), "<=", value)
        for _, sites, value in self.rules("carbon_cap_market_t"):
            self.hold(self._carbon(sites, market=True), "<=", value)
        for _, sites, value in self.rules("water_cap_m3"):
            litres = lambda site: float(self.given.number("sites", (site,), "water_l_per_kwh")[self.y])  # noqa: E731
            self.hold(self._it(sites, litres), "<=", value)

    def _clean_hours(self) -> None:
        """Add the clean share of every hour and month, and clean charge of the batteries within their scopes."""
        batteries: set[str] = set()
        for _, sites, value in self.rules("clean_share_hourly_min"):
            metered = self._metered(sites)
            if value == 0.0 or not metered:
                continue
            grid = self.hourly(self._kinds(metered, "grey", "green"), lambda name: 1.0 - self._clean(name))
            facility = self.hourly(self._cooling(metered), lambda _: 1.0)
            self.hold(grid - facility * (1 - value), "<=", 0.0)
            batteries |= set(metered)
        month = np.tile(self.given.clock.month, len(self.given.periods))
        for _, sites, value in self.rules("clean_share_monthly_min"):
            metered = self._metered(sites)
            if value == 0.0 or not metered:
                continue
            for one in np.unique(month):
                here = (month == one).astype(float)
                grid = self.yearly(self._kinds(metered, "grey", "green"), lambda name: here * (1.0 - self._clean(name)))  # noqa: B023
                facility = self.yearly(self._cooling(metered), lambda _: here)  # noqa: B023
                self.hold(grid - facility * (1 - value), "<=", 0.0)
            batteries |= set(metered)
        for site in sorted(batteries):
            grid = self.hourly(self._kinds([site], "grey", "green"), self._clean)
            made = self.hourly(self._started("Generator", site, "solar", "wind"), lambda _: 1.0, "Generator")
            made = self.hourly(self._started("Link", site, "timed"), lambda _: 1.0) + made
            self.hold(self.hourly(self._started("Link", site, "charge"), lambda _: 1.0) - grid - made, "<=", 0.0)

    def _kinds(self, sites: Iterable[str], *kinds: str) -> list[str]:
        return [f"{kind}/{site}" for site in sites for kind in kinds]

    def _started(self, component: str, site: str, *kinds: str) -> list[str]:
        """Return what stands of some kinds at a site and what may be added to it."""
        names = self.n.components[component].static.index
        return [name for name in names if name.split("/")[0] in kinds and name.split("/")[1] == site]

    def _clean(self, name: str) -> Any:
        """Return the clean share of the grid in each hour, for the flow `kind/site`."""
        zone = self.given.text("sites", (name.split("/")[1],), "zone")
        return self.given.series("power", (zone,), "clean_share")

    def _metered(self, sites: Iterable[str]) -> list[str]:
        return [site for site in sites if f"meter/{site}" in self.n.buses.index]

    def _cooling(self, sites: Iterable[str]) -> list[str]:
        retrofitted = {site: [asset.name for asset in self.of("retrofitted", site)] for site in sites}
        return [name for site in sites for name in (f"cooled/{site}", *retrofitted[site])]

    def _facility(self, sites: list[str]) -> Sum:
        """Return the energy of the facilities in a year, MWh."""
        return self.yearly(self._cooling(sites), lambda _: 1.0)

    def _it(self, sites: list[str], weight: Callable[[str], float]) -> Sum:
        """Return the IT energy of a year, weighted by site, MWh: facility energy over PUE."""

        def share(name: str) -> Any:
            kind, site = name.split("/")[:2]
            pue = self.given.series("sites", (site,), "pue", 1.0)
            if kind == "retrofitted":
                better = self.given.hourly(self.given.number("halls", (site,), "retrofit_pue", math.inf))
                pue = np.minimum(pue, better)
            return weight(site) / pue

        return self.yearly(self._cooling(sites), share)

    def _carbon(self, sites: list[str], *, market: bool) -> Sum:
        """Return the emissions of a year, t; market-based, green power is credited with the mean factor of its zone."""

        def factor(name: str) -> Any:
            kind, site = name.split("/")[:2]
            zone = self.given.text("sites", (site,), "zone")
            carbon = self.given.series("power", (zone,), "co2_kg_per_kwh")
            span = slice(self.y * self.given.per_period, (self.y + 1) * self.given.per_period)
            mean = float((carbon * self.given.weight)[span].sum() / self.given.weight[span].sum())
            return carbon - mean if market and kind != "grey" else carbon

        drawn = [
            name for site in self._metered(sites) for name in self._started("Link", site, "grey", "green", "timed")
        ]
        return self.yearly(drawn, factor)
