"""Linopy constraints of budgets, and of what residual payers take over."""

from __future__ import annotations

import math
from collections.abc import Callable

from xisuan.exchange.pypsa.components import Asset
from xisuan.exchange.pypsa.linopy_sums import Sum, Sums
from xisuan.scenario.schema.policy_tables import INVESTOR

GROUPS = {"installed": "compute", "retrofitted": "halls", "supply": "power", "energy": "power"}
"""Budget scope of the investments of each family."""

Share = Callable[[str, str], float]
"""Share of an investment that counts, by its budget scope and its site or link."""


class Budgets(Sums):
    """Budgets of a network with open capacities. `period`: the present one.

    `built_hall`, `open`: halls ordered and sites opened, by site and number of the period.
    """

    period: int
    built_hall: dict[tuple[str, int], Sum]
    open: dict[tuple[str, int], Sum]

    def _budgets(self) -> None:
        limits = {
            str(scope): float(row["limit_mcny"])
            for (scope,), row in self.given.rows("budgets", self.period).items()
            if not math.isnan(row["limit_mcny"])
        }
        paid: dict[str, Sum] = {scope: self._capital(self._counted(scope)) for scope in limits}
        for (scope, name), row in self.given.rows("payers", self.period).items():
            own, other = f"{INVESTOR}{name}", f"{INVESTOR}{row['residual_payer']}"
            if row["residual_payer"] and own in limits:
                taken = self.m.add_variables(lower=0, name=f"taken-{scope}-{name}-{self.period}")
                self.hold(1.0 * taken - self._capital(self._shared(scope, name)), "<=", 0.0)
                paid[own] = -1.0 * taken + paid[own]
                if other in limits:
                    paid[other] = 1.0 * taken + paid[other]
        for scope, limit in limits.items():
            self.hold(paid[scope], "<=", limit)

    def _capital(self, share: Share) -> Sum:
        """Return the overnight capital of this period's investments, each times its share."""

        def of(asset: Asset) -> float:
            return asset.price * share(GROUPS.get(asset.family, "network"), asset.key[0])

        total = self.total(self.ordered(), of, all_periods=True)
        for (site, y), halls in self.built_hall.items():
            if y == self.y and (part := share("halls", site)) > 0.0:
                price = float(self.given.number("halls", (site,), "capex_mcny_per_mw")[y])
                total = total + halls * (price * self._factor(site) * part)
        for (site, y), opened in self.open.items():
            if y == self.y and (part := share("halls", site)) > 0.0:
                total = total + opened * (part * float(self.given.number("sites", (site,), "fixed_cost_mcny")[y]))
        return total

    def _factor(self, site: str) -> float:
        """Return the factor of the costs of building at a site."""
        return float(self.given.number("sites", (site,), "capex_factor", 1.0)[self.y])

    def _counted(self, scope: str) -> Share:
        """Return the function for the share of an investment that counts against a budget."""

        def share(group: str, place: str) -> float:
            if scope.startswith(INVESTOR):
                held, shares = self._payers(group, place)
                own = self.given.text("links" if group == "network" else "sites", (place,), "investor")
                return shares.get(scope, 0.0) if held else float(scope == f"{INVESTOR}{own}")
            hub = "" if group == "network" else self.given.text("sites", (place,), "hub")
            return float(scope in ("all", group) or (scope == hub and scope != ""))

        return share

    def _shared(self, scope: str, name: str) -> Share:
        """Return the function for the share that an investor pays as a payer of `scope`."""

        def share(group: str, place: str) -> float:
            held, shares = self._payers(group, place)
            return shares.get(f"{INVESTOR}{name}", 0.0) if held == scope else 0.0

        return share

    def _payers(self, group: str, place: str) -> tuple[str, dict[str, float]]:
        """Return the narrowest scope of `payers` that an investment is in, and its shares by scope of the budget."""
        scopes: tuple[str, ...] = ("network", "all")
        if group != "network":
            scopes = (place, self.given.text("sites", (place,), "hub"), "all")
        for narrow in scopes:
            rows = [row for row in self.given.rows("payers", self.period).values() if row["scope"] == narrow]
            if rows:
                return narrow, {f"{INVESTOR}{row['investor']}": float(row["share"]) for row in rows}
        return "", {}
