"""The planning model once more, written from its statement for small scenarios, with nothing of the package in it.

It reads tables of text as a file holds them, applies the rules on blanks, dates and keys itself, walks all simple paths
where the package runs Dijkstra, and writes one row after the other into HiGHS. It is slow, and meant to be read beside
docs/explanation/model.md. `optimum(settings, frames)` is the least cost (or tonnes), None where there is no plan.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import highspy
import numpy as np
import pandas as pd
from scipy.optimize import brentq

INF = float("inf")
YEAR = 8760
Row = dict[str, str]
Terms = dict[int, float]
Arc = tuple[str, str, str]


class Program:
    """min cost·x over rows and bounds, written one by one."""

    def __init__(self) -> None:
        self.number: dict[tuple[Any, ...], int] = {}
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.cost: list[float] = []
        self.tonnes: list[float] = []
        self.whole: list[bool] = []
        self.constant = 0.0
        self.rows: list[tuple[Terms, float, float]] = []

    def var(self, *key: Any, lower: float = 0.0, upper: float = INF, cost: float = 0.0, whole: bool = False) -> int:
        """The number of a variable ≥ `lower`; asked again, the same one, dearer by `cost`."""
        at = self.number.setdefault(key, len(self.lower))
        if at == len(self.lower):
            self.lower.append(lower)
            self.upper.append(upper)
            self.cost.append(0.0)
            self.tonnes.append(0.0)
            self.whole.append(whole)
        self.cost[at] += cost
        return at

    def row(self, terms: Terms, low: float = -INF, high: float = INF) -> None:
        self.rows.append((dict(terms), low, high))

    def solve(self, cost: list[float]) -> float | None:
        """Least cost, None where nothing satisfies the rows."""
        engine = highspy.Highs()
        for name, value in {
            "output_flag": False,
            "mip_rel_gap": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
            "mip_feasibility_tolerance": 1e-9,
        }.items():
            engine.setOptionValue(name, value)
        for lower, upper in zip(self.lower, self.upper, strict=True):
            engine.addVar(lower, upper)
        engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), np.array(cost))
        for at in np.flatnonzero(self.whole):
            engine.changeColIntegrality(int(at), highspy.HighsVarType.kInteger)
        for terms, low, high in self.rows:
            kept = {at: value for at, value in terms.items() if value}
            if not kept and (low > 0 or high < 0):
                return None
            engine.addRow(low, high, len(kept), np.array(list(kept), dtype=np.int32), np.array(list(kept.values())))
        engine.run()
        status = engine.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        assert status == highspy.HighsModelStatus.kOptimal, status
        return float(engine.getInfo().objective_function_value)


def number(row: Row | None, column: str, blank: float) -> float:
    """A cell as a number, `blank` where it is empty or not there."""
    text = (row or {}).get(column, "")
    return float(text) if text != "" else blank


def plus(terms: Terms, other: Terms, factor: float = 1.0) -> None:
    for at, value in other.items():
        terms[at] = terms.get(at, 0.0) + factor * value


def optimum(
    settings: dict[str, Any], frames: dict[str, pd.DataFrame], chosen: list[tuple[int, int, float]]
) -> float | None:
    """Least cost of the scenario, mCNY; least tonnes where that is its objective.

    chosen: (first hour, hours, weight) of each block; none for a single hour at the mean of everything.
    """
    return Statement(settings, frames, chosen).optimum()


class Statement:
    """A scenario, and the model of it."""

    def __init__(self, settings: dict[str, Any], frames: dict[str, pd.DataFrame], chosen: list[tuple[int, int, float]]):
        self.settings, self.tables = settings, {name: frame.to_dict("records") for name, frame in frames.items()}
        self.periods: list[int] = list(settings["periods"])
        ends = [*self.periods[1:], self.periods[-1] + settings.get("last_period_years", 1)]
        self.years = {y: list(range(y, end)) for y, end in zip(self.periods, ends, strict=True)}
        self.rate, self.base = settings.get("discount_rate", 0.06), settings.get("base_year", 2026)
        self.chosen = chosen
        self.keeps = ":" in str(settings.get("hours", "one")) and "blocks" not in frames
        self.weight = [w for _, n, w in chosen for _ in range(n)] or [float(YEAR)]
        self.hours = range(len(self.weight))
        self.before: list[int] = []
        for _, n, _ in chosen or [(0, 1, 0.0)]:
            start = len(self.before)
            self.before += [start + (i - 1) % n for i in range(n)]
        self.profiles = (
            {name: frames["profiles"][name].astype(float).to_numpy() for name in frames["profiles"]}
            if "profiles" in frames
            else {}
        )
        self.p = Program()
        self.sites = list(dict.fromkeys(row["site"] for row in self.tables.get("sites", [])))
        self.technologies = list(dict.fromkeys(row["technology"] for row in self.tables.get("technologies", [])))
        self.links = list(dict.fromkeys(row["link"] for row in self.tables.get("links", [])))

    # --- reading -----------------------------------------------------------------------------------------------------

    def at(self, table: str, y: int, **key: str) -> Row | None:
        """The row that holds in y: of the rows with this key the last whose period is not after y."""
        rows = [
            row for row in self.tables.get(table, []) if all(row.get(name, "") == value for name, value in key.items())
        ]
        dated = [(float(row.get("period", "") or -INF), row) for row in rows]
        held = [pair for pair in dated if pair[0] <= y]
        return max(held, key=lambda pair: pair[0])[1] if held else None

    def technology(self, g: str, y: int) -> Row:
        """Before its first row, equipment that stands is what that row says."""
        row = self.at("technologies", y, technology=g)
        rows = [row for row in self.tables["technologies"] if row["technology"] == g]
        return row or min(rows, key=lambda row: float(row.get("period", "") or -INF))

    def curve(self, cell: str | None, blank: float) -> np.ndarray:
        """8,760 values of a number or profile."""
        if cell is None or cell == "":
            return np.full(YEAR, blank)
        return self.profiles[cell] if cell in self.profiles else np.full(YEAR, float(cell))

    def sample(self, values: np.ndarray, low: float = 0.0, high: float = INF) -> np.ndarray:
        """A profile between `low` and `high` in the modelled hours, with its yearly mean where these keep it."""
        hours = self.there(values)
        if not self.chosen or not self.keeps or not (hours > low).any():
            return hours
        if hours.min() < low or values.mean() < low:
            return hours + values.mean() - np.average(hours, weights=self.weight)
        return low + self.stretched(hours - low, values.mean() - low, high - low)

    def there(self, values: np.ndarray) -> np.ndarray:
        if not self.chosen:
            return np.array([values.mean()])
        return np.concatenate([values[np.arange(first, first + n) % YEAR] for first, n, _ in self.chosen])

    def stretched(self, hours: np.ndarray, mean: float, high: float) -> np.ndarray:
        """min(k × hours, high) with the k at which its mean is `mean`; as near to it as that comes."""

        def short(k: float) -> float:
            return mean - float(np.average(np.minimum(k * hours, high), weights=self.weight))

        most = 1.0
        while short(most) > 0 and most < 1e12:
            most *= 2
        return np.minimum((brentq(short, 0, most, xtol=1e-15) if short(most) <= 0 < short(0) else most) * hours, high)

    def arising(self, values: np.ndarray) -> np.ndarray:
        """A profile of work or traffic in the modelled hours: with its yearly mean, and its peak where that can stay."""
        hours, mean = self.there(values), float(values.mean())
        if not self.chosen or not self.keeps:
            return hours
        if hours.max() <= 0:
            return np.full(len(hours), mean)
        now, top = float(np.average(hours, weights=self.weight)), float(hours.max())
        if now < mean:
            out = self.stretched(hours, mean, float(values.max()))
        elif top - now > 1e-9 * top:
            out = top - self.stretched(top - hours, top - mean, top)
        else:
            out = hours
        return out if abs(np.average(out, weights=self.weight) - mean) < 1e-9 * mean else hours * mean / now

    def policy(self, rule: str, scopes: list[str], y: int, blank: float) -> float:
        """A rule that is a property of one thing: the narrowest scope holds."""
        for scope in scopes:
            row = self.at("policies", y, rule=rule, scope=scope)
            if row:
                return float(row["value"])
        return blank

    def hub(self, s: str) -> str:
        return next(row.get("hub", "") for row in self.tables["sites"] if row["site"] == s)

    def text(self, s: str, column: str) -> str:
        return next(row.get(column, "") for row in self.tables["sites"] if row["site"] == s)

    def new(self, s: str) -> bool:
        """Whether neither halls nor fleet stand at a site at the start."""
        fleet = any(row["site"] == s and float(row["units"]) > 0 for row in self.tables.get("fleet", []))
        return not fleet and not any(
            row["site"] == s and number(row, "existing_mw", 0) > 0 for row in self.tables.get("halls", [])
        )

    # --- money -------------------------------------------------------------------------------------------------------

    def present(self, year: int) -> float:
        return float((1 + self.rate) ** -(year - self.base))

    def yearly(self, y: int) -> float:
        """What one mCNY in every year of a period weighs."""
        return sum(self.present(year) for year in self.years[y])

    def capital(self, row: Row, y: int) -> float:
        """Discounted cost of one mCNY ordered in y."""
        if self.settings.get("capital", "annuity") == "full":
            return self.present(y)
        lead, life = number(row, "lead_years", 0), number(row, "life_years", INF)
        if life == INF:
            return 0.0
        annuity = 1 / life if self.rate == 0 else self.rate / (1 - (1 + self.rate) ** -life)
        horizon = [year for years in self.years.values() for year in years]
        return annuity * sum(self.present(year) for year in horizon if y + lead <= year < y + lead + life)

    def in_use(self, row: Row, ordered: int, y: int) -> bool:
        start = ordered + number(row, "lead_years", 0)
        return start <= y < start + number(row, "life_years", INF)

    def fixed(self, y: int) -> bool:
        """Whether the year had ended at as_of."""
        return bool(self.settings.get("as_of")) and f"{y}-12-31" <= str(self.settings["as_of"])

    def orders(self, table: str, y: int, **key: str) -> list[tuple[int, Row]]:
        """Orders of a key that are in use in y, as (year of the order, the row that held then)."""
        out = []
        for ordered in self.periods:
            row = self.at(table, ordered, **key)
            if row and not self.fixed(ordered) and self.in_use(row, ordered, y):
                out.append((ordered, row))
        return out

    def useful(self, row: Row, y: int) -> bool:
        return not self.fixed(y) and any(self.in_use(row, y, z) for z in self.periods)

    # --- the model ---------------------------------------------------------------------------------------------------

    def optimum(self) -> float | None:
        self.spent: dict[int, list[tuple[set[str], int, float]]] = defaultdict(list)
        for y in self.periods:
            self.assets(y)
        self.counts()
        for y in self.periods:
            self.work(y)
            self.power(y)
            self.rules(y)
            for scope in dict.fromkeys(row["scope"] for row in self.tables.get("budgets", [])):
                row = self.at("budgets", y, scope=scope)
                limit = number(row, "limit_mcny", INF)
                terms: Terms = {}
                for scopes, at, price in self.spent[y]:
                    if scope in scopes:
                        plus(terms, {at: price})
                if limit < INF:
                    self.p.row(terms, high=limit)
        if self.settings.get("objective", "cost") == "carbon":
            return self.p.solve(self.p.tonnes)
        least = self.p.solve(self.p.cost)
        return None if least is None else least + self.p.constant

    def order(
        self, y: int, scopes: set[str], price: float, weight: float, *key: Any, upper: float = INF, whole: bool = False
    ) -> int:
        """A variable that is ordered in y at `price`, in all these scopes of budgets."""
        at = self.p.var(*key, y, upper=upper, whole=whole, cost=price * weight)
        self.spent[y].append((scopes, at, price))
        return at

    def assets(self, y: int) -> None:
        for s in self.sites:
            self.halls(s, y)
            for g in self.technologies:
                self.equipment(s, g, y)
            self.supply(s, y)
        for link in self.links:
            self.link(link, y)

    def scopes(self, s: str, group: str) -> set[str]:
        return {"all", group, self.hub(s), f"investor:{self.text(s, 'investor')}"} - {"", "investor:"}

    def factor(self, s: str, y: int) -> float:
        return number(self.at("sites", y, site=s), "capex_factor", 1.0)

    def halls(self, s: str, y: int) -> None:
        row = self.at("halls", y, site=s)
        if row is None:
            return
        existing = number(row, "existing_mw", 0)
        hall = self.p.var(
            "hall",
            s,
            y,
            upper=number(row, "limit_mw", INF),
            cost=number(row, "opex_mcny_per_mw_year", 0) * self.yearly(y),
        )
        if self.useful(row, y):
            price = number(row, "capex_mcny_per_mw", 0) * self.factor(s, y)
            built = self.order(y, self.scopes(s, "halls"), price, self.capital(row, y), "build_hall", s)
            if number(row, "phase_mw", 0) > 0:
                self.p.row({built: 1, self.p.var("phases", s, y, whole=True): -number(row, "phase_mw", 0)}, 0, 0)
            cost = number(row, "retrofit_capex_mcny_per_mw", INF)
            if cost < INF and number(row, "retrofit_pue", INF) < INF:
                price = cost * self.factor(s, y)
                self.order(y, self.scopes(s, "halls"), price, self.capital(row, y), "retrofit", s)
        stands = self.p.var("retrofitted", s, y, upper=existing)
        balance, better = {hall: 1.0}, {stands: 1.0}
        for ordered, _ in self.orders("halls", y, site=s):
            plus(balance, {self.p.var("build_hall", s, ordered): -1.0})
            if ("retrofit", s, ordered) in self.p.number:
                plus(better, {self.p.var("retrofit", s, ordered): -1.0})
        self.p.row(balance, existing, existing)
        self.p.row(better, 0, 0)

    def equipment(self, s: str, g: str, y: int) -> None:
        here = self.technology(g, y)
        limit = self.at("limits", y, site=s, technology=g)
        installed = self.p.var(
            "installed",
            s,
            g,
            y,
            upper=number(limit, "max_units", INF),
            cost=number(here, "opex_mcny_per_unit_year", 0) * self.yearly(y),
        )
        least = number(limit, "min_units", 0)
        self.p.row({installed: 1.0}, low=least)
        offer = self.at("technologies", y, technology=g)
        if (
            offer
            and self.useful(offer, y)
            and number(offer, "available_from", -INF) <= y <= number(offer, "available_until", INF)
        ):
            price = number(offer, "capex_mcny_per_unit", 0) * self.factor(s, y)
            built = self.order(
                y,
                self.scopes(s, "compute"),
                price,
                self.capital(offer, y),
                "build",
                s,
                g,
                upper=number(limit, "max_build_units", INF),
            )
            if number(offer, "module_units", 0) > 0:
                self.p.row(
                    {built: 1, self.p.var("modules", s, g, y, whole=True): -number(offer, "module_units", 0)}, 0, 0
                )
        balance, stays = {installed: 1.0}, 0.0
        for i, row in enumerate(self.tables.get("fleet", [])):
            if (
                row["site"] == s
                and row["technology"] == g
                and number(row, "opened", -INF) <= y < number(row, "retires", INF)
            ):
                if row.get("may_retire", "") == "yes":
                    kept = self.p.var("kept", i, y, upper=float(row["units"]))
                    earlier = [z for z in self.periods if z < y and ("kept", i, z) in self.p.number]
                    if earlier:
                        self.p.row({kept: 1.0, self.p.var("kept", i, earlier[-1]): -1.0}, high=0)
                    if self.fixed(y):
                        self.p.row({kept: 1.0}, low=float(row["units"]))
                    plus(balance, {kept: -1.0})
                else:
                    stays += float(row["units"])
        for ordered, _ in self.orders("technologies", y, technology=g):
            if ("build", s, g, ordered) in self.p.number:
                plus(balance, {self.p.var("build", s, g, ordered): -1.0})
        self.p.row(balance, stays, stays)

    def supply(self, s: str, y: int) -> None:
        for source in ("solar", "wind", "battery"):
            row = self.at("supply", y, site=s, source=source)
            if row is None:
                continue
            size = self.p.var(
                "supply",
                s,
                source,
                y,
                upper=number(row, "limit_mw", INF),
                cost=number(row, "opex_mcny_per_mw_year", 0) * self.yearly(y),
            )
            kinds = [("build_supply", size, "existing_mw", "capex_mcny_per_mw")]
            if source == "battery":
                energy = self.p.var("energy", s, y, upper=number(row, "limit_mwh", INF))
                kinds.append(("build_energy", energy, "existing_mwh", "capex_mcny_per_mwh"))
            for name, amount, existing, price in kinds:
                if self.useful(row, y):
                    self.order(y, self.scopes(s, "power"), number(row, price, 0), self.capital(row, y), name, s, source)
                balance = {amount: 1.0}
                for ordered, _ in self.orders("supply", y, site=s, source=source):
                    plus(balance, {self.p.var(name, s, source, ordered): -1.0})
                self.p.row(balance, number(row, existing, 0), number(row, existing, 0))

    def link(self, link: str, y: int) -> None:
        row = self.at("links", y, link=link)
        if row is None:
            return
        capacity = self.p.var(
            "capacity", link, y, lower=number(row, "min_gbps", 0), upper=number(row, "limit_gbps", INF)
        )
        scopes = {"all", "network", f"investor:{row.get('investor', '')}"}
        balance = {capacity: 1.0}
        modules = list(dict.fromkeys(m["module"] for m in self.tables.get("modules", []) if m["link"] == link))
        if self.useful(row, y):
            price = number(row, "capex_mcny_per_gbps", INF)
            if price < INF:
                self.order(y, scopes, price, self.capital(row, y), "build_link", link)
            for m in modules:
                offer = self.at("modules", y, link=link, module=m)
                if offer:
                    self.order(y, scopes, float(offer["mcny"]), self.capital(row, y), "module", link, m, whole=True)
        for ordered, _ in self.orders("links", y, link=link):
            if ("build_link", link, ordered) in self.p.number:
                plus(balance, {self.p.var("build_link", link, ordered): -1.0})
            for m in modules:
                if ("module", link, m, ordered) in self.p.number:
                    size = float(self.at("modules", ordered, link=link, module=m)["gbps"])
                    plus(balance, {self.p.var("module", link, m, ordered): -size})
        existing = number(row, "capacity_gbps", 0)
        self.p.row(balance, existing, existing)

    def counts(self) -> None:
        """At most so many modules over the horizon; opening costs."""
        for link, m in dict.fromkeys((row["link"], row["module"]) for row in self.tables.get("modules", [])):
            terms = {
                self.p.var("module", link, m, y): 1.0 for y in self.periods if ("module", link, m, y) in self.p.number
            }
            self.p.row(terms, high=number(self.at("modules", self.periods[-1], link=link, module=m), "max_count", INF))
        for s in self.sites:
            costs = {y: number(self.at("sites", y, site=s), "fixed_cost_mcny", 0) for y in self.periods}
            if not self.new(s) or not any(costs.values()):
                continue
            opened: Terms = {}
            for y in self.periods:
                at = self.p.var("open", s, y, upper=1.0, whole=True, cost=costs[y] * self.present(y))
                self.spent[y].append((self.scopes(s, "halls"), at, costs[y]))
                opened[at] = 1.0
                for key in [("hall", s, y), *(("installed", s, g, y) for g in self.technologies)]:
                    if key in self.p.number:
                        terms = dict.fromkeys(opened, -100000.0)
                        plus(terms, {self.p.var(*key): 1.0})
                        self.p.row(terms, high=0)
            self.p.row(opened, high=1.0)

    # --- work --------------------------------------------------------------------------------------------------------

    def node(self, region: str) -> str:
        row = next((row for row in self.tables["regions"] if row["region"] == region), {})
        return row.get("node", "") or region

    def home(self, s: str) -> str:
        """Node of the region that has the name of a site."""
        return self.node(s) if any(row["region"] == s for row in self.tables["regions"]) else ""

    def usable(self, y: int, standing: bool) -> dict[str, tuple[str, str, float, tuple[Any, ...]]]:
        """Ends, latency and merits (cost, km, other figures) of the links that stand in y, or that may have been built."""
        out = {}
        for link in self.links:
            row = self.at("links", y, link=link)
            if row is None:
                continue
            stands = number(row, "capacity_gbps", 0) > 0
            built = any(
                ("build_link", link, o) in self.p.number
                or any(key[:2] == ("module", link) and key[3] == o for key in self.p.number)
                for o, _ in self.orders("links", y, link=link)
            )
            if stands or (built and not standing and number(row, "limit_gbps", INF) > 0):
                latency = number(row, "latency_ms", -1)
                km = number(row, "length_km", 0)
                merits = (number(row, "cost_mcny_per_gbps_hour", 0), km, self.figures(link, row, y))
                out[link] = (row["from"], row["to"], latency if latency >= 0 else 0.0049 * km, merits)
        return out

    def figures(self, link: str, row: Row, y: int) -> tuple[Any, ...]:
        """What links of the same latency, cost and length are compared by: the less, the better."""
        offers = [self.at("modules", y, link=link, module=m) for m in self.modules_of(link)]
        prices = sorted((float(one["mcny"]), -float(one["gbps"])) for one in offers if one is not None)
        return (
            -number(row, "capacity_gbps", 0),
            number(row, "capex_mcny_per_gbps", INF),
            -number(row, "limit_gbps", INF),
            number(row, "lead_years", 0),
            tuple(prices),
        )

    def modules_of(self, link: str) -> list[str]:
        return list(dict.fromkeys(row["module"] for row in self.tables.get("modules", []) if row["link"] == link))

    def paths(
        self, links: dict[str, tuple[str, str, float, tuple[Any, ...]]], start: str, end: str
    ) -> tuple[float, list[Arc]] | None:
        """The shortest of all simple paths: by latency, cost, km, number of links, their figures and their names."""
        found: list[tuple[Any, ...]] = []

        def walk(node: str, seen: list[str], arcs: list[Arc]) -> None:
            if node == end:
                ms = sum(links[arc[0]][2] for arc in arcs)
                cost, km = (sum(links[arc[0]][3][i] for arc in arcs) for i in (0, 1))
                figures = [links[arc[0]][3][2] for arc in arcs]
                names = [arc[0] for arc in arcs]
                found.append((round(ms, 9), round(cost, 15), round(km, 9), len(arcs), figures, names, arcs))
                return
            for link, (one, other, *_) in links.items():
                for a, b in ((one, other), (other, one)):
                    if a == node and b not in seen:
                        walk(b, [*seen, b], [*arcs, (link, a, b)])

        walk(start, [start], [])
        best = min(found, default=None)
        return (best[0], best[-1]) if best else None

    def runs(self, w: Row, y: int) -> list[str]:
        """Technologies that a workload's class names."""
        return [g for g in self.technologies if w["class"] in (g, self.technology(g, y)["class"])]

    def work(self, y: int) -> None:
        self.arrive: dict[tuple[str, str, int], Terms] = defaultdict(dict)  # at (site, class or technology, hour)
        self.on: dict[tuple[Arc, int], Terms] = defaultdict(dict)  # on (arc, hour)
        self.other: dict[tuple[Arc, int], float] = defaultdict(float)
        for name in dict.fromkeys(row["workload"] for row in self.tables["workloads"]):
            w = self.at("workloads", y, workload=name)
            if w is not None:
                self.workload(name, w, y)
        self.traffic(y)
        self.load(y)
        self.carry(y)

    def workload(self, name: str, w: Row, y: int) -> None:
        able = self.runs(w, y)
        stock = any(self.technology(g, y).get("kind", "") == "stock" for g in able)
        pairwise = w.get("latency_ms", "") != "" or any(
            row["workload"] == name and float(row.get("period", "") or -INF) <= y
            for row in self.tables.get("serving_cost", [])
        )
        there, back = number(w, "gbps_per_unit", 0), number(w, "return_gbps_per_unit", 0)
        network = bool(self.links) and there + back > 0
        demand: dict[str, np.ndarray] = {}
        for row in self.tables["demand"]:
            if row["workload"] == name and int(row["period"]) == y:
                shape = self.curve(row.get("profile", ""), 1.0)
                values = self.arising(shape / shape.mean()) * float(row["units"])
                demand[row["region"]] = np.full(len(self.hours), float(row["units"])) if stock else values
        steady = [0] if stock else list(self.hours)
        for t in steady:
            inside: dict[str, Terms] = defaultdict(dict)  # free work at each node (or all at one)
            for region, values in demand.items():
                if values.max() <= 0:
                    continue
                left = self.balance(name, w, region, values, t, y, stock)
                if pairwise:
                    self.serve(name, w, region, left, t, y, network, stock)
                else:
                    out = self.p.var("release", region, name, y, t)
                    plus(left, {out: 1.0})
                    plus(inside[self.node(region) if network else ""], {out: 1.0})
                self.p.row(left, float(values[t]), float(values[t]))
            if not pairwise and demand:
                self.spread(name, w, inside, t, y, network, stock)

    def balance(self, name: str, w: Row, region: str, demand: np.ndarray, t: int, y: int, stock: bool) -> Terms:
        """What is dropped and what waits, on the left side of the balance of work."""
        left: Terms = {}
        penalty = number(w, "unserved_mcny_per_unit_hour", INF)
        if penalty < INF and self.settings.get("objective", "cost") == "cost":
            hours = YEAR if stock else self.weight[t]
            left[self.p.var("unserved", region, name, y, t, cost=penalty * hours * self.yearly(y))] = 1.0
        wait = int(number(w, "defer_hours", 0))
        if wait and not stock:
            span = [t]
            while len(span) < wait:
                span.append(self.before[span[-1]])
            plus(left, {self.p.var("backlog", region, name, y, t, upper=float(demand[span].sum())): 1.0})
            earlier, span = self.before[t], [self.before[t]]
            while len(span) < wait:
                span.append(self.before[span[-1]])
            plus(left, {self.p.var("backlog", region, name, y, earlier, upper=float(demand[span].sum())): -1.0})
        return left

    def hours_of(self, t: int, stock: bool) -> list[int]:
        return list(self.hours) if stock else [t]

    def ways(self, w: Row, region: str, s: str, y: int, network: bool) -> list[list[Arc]]:
        """Paths over which a region may be served at a site, within the limit on latency."""
        limit = number(w, "latency_ms", INF)
        listed = number(self.at("latency", y, region=region, site=s), "latency_ms", -1)
        place = next(row.get("node", "") for row in self.tables["sites"] if row["site"] == s)
        found = []
        for standing in (True, False):
            path = self.paths(self.usable(y, standing), self.node(region), place) if self.links and place else None
            if path and path not in found:
                found.append(path)
        if not network:
            near = [ms for ms, _ in found] + ([0.0] if self.node(region) == (place or self.home(s)) else [])
            ms = listed if listed >= 0 else min(near, default=INF)
            return [[]] if ms <= limit + 1e-9 else []
        return [arcs for ms, arcs in found if (listed if listed >= 0 else ms) <= limit + 1e-9]

    def serve(self, name: str, w: Row, region: str, left: Terms, t: int, y: int, network: bool, stock: bool) -> None:
        for s in self.sites:
            fee = number(self.at("serving_cost", y, region=region, site=s, workload=name), "mcny_per_unit_hour", 0)
            for number_of, arcs in enumerate(self.ways(w, region, s, y, network)):
                hours = YEAR if stock else self.weight[t]
                at = self.p.var("serve", region, s, name, number_of, y, t, cost=fee * hours * self.yearly(y))
                left[at] = 1.0
                self.arrives(s, w, at, t, stock)
                if network:
                    for arc in arcs:
                        self.moves(w, at, arc, t, y, stock)

    def arrives(self, s: str, w: Row, at: int, t: int, stock: bool) -> None:
        for hour in self.hours_of(t, stock):
            plus(self.arrive[s, w["class"], hour], {at: 1.0})

    def moves(self, w: Row, at: int, arc: Arc, t: int, y: int, stock: bool) -> None:
        link, a, b = arc
        for hour in self.hours_of(t, stock):
            plus(self.on[(link, a, b), hour], {at: number(w, "gbps_per_unit", 0)})
            plus(self.on[(link, b, a), hour], {at: number(w, "return_gbps_per_unit", 0)})

    def spread(self, name: str, w: Row, inside: dict[str, Terms], t: int, y: int, network: bool, stock: bool) -> None:
        """Free work passes from node to node, or through one pool, and is absorbed at sites."""
        nodes: dict[str, Terms] = defaultdict(dict)
        for node, terms in inside.items():
            plus(nodes[node], terms)
        if network:
            for link, (one, other, *_) in self.usable(y, False).items():
                for a, b in ((one, other), (other, one)):
                    at = self.p.var("flow", name, link, a, b, y, t)
                    plus(nodes[a], {at: -1.0})
                    plus(nodes[b], {at: 1.0})
                    self.moves(w, at, (link, a, b), t, y, stock)
        for s in self.sites:
            place = next(row.get("node", "") for row in self.tables["sites"] if row["site"] == s) if network else ""
            at = self.p.var("absorb", s, name, y, t)
            plus(nodes[place], {at: -1.0})
            self.arrives(s, w, at, t, stock)
        for terms in nodes.values():
            self.p.row(terms, 0, 0)

    def traffic(self, y: int) -> None:
        for a, b in dict.fromkeys((row["from"], row["to"]) for row in self.tables.get("traffic", [])):
            row = self.at("traffic", y, **{"from": a, "to": b})
            if row is None:
                continue
            gbps = self.arising(self.curve(row.get("profile", ""), 1.0)) * float(row["gbps"])
            start, end = self.node(a), self.node(b)
            if start == end:
                continue
            if (row.get("routing", "") or "free") == "shortest":
                path = self.paths(self.usable(y, True), start, end) or self.paths(self.usable(y, False), start, end)
                assert path
                for arc, t in itertools.product(path[1], self.hours):
                    self.other[arc, t] += gbps[t]
                continue
            for t in self.hours:
                nodes: dict[str, Terms] = defaultdict(dict)
                for link, (one, other, *_) in self.usable(y, False).items():
                    for p, q in ((one, other), (other, one)):
                        at = self.p.var("traffic", a, b, link, p, q, y, t)
                        plus(nodes[p], {at: -1.0})
                        plus(nodes[q], {at: 1.0})
                        plus(self.on[(link, p, q), t], {at: 1.0})
                for node in {*nodes, start, end}:
                    net = float(gbps[t]) * ((node == end) - (node == start))
                    self.p.row(nodes[node], net, net)

    def load(self, y: int) -> None:
        """Work at a site is split over the vintages of its class."""
        for s, t in itertools.product(self.sites, self.hours):
            reserve = self.policy("site_reserve_min", [s, self.hub(s), "all"], y, 0.0)
            for name in dict.fromkeys(self.technology(g, y)["class"] for g in self.technologies):
                own = [g for g in self.technologies if self.technology(g, y)["class"] == name]
                total: Terms = {}
                for g in own:
                    row = self.technology(g, y)
                    key = ("load", s, g, y, 0 if row.get("kind", "") == "stock" else t)
                    at = self.p.var(*key)
                    attains = number(row, "attainable_utilisation", 1.0) * (1 - reserve)
                    self.p.row({at: 1.0, self.p.var("installed", s, g, y): -attains}, high=0)
                    total[at] = 1.0
                    bound = {at: 1.0}
                    plus(bound, self.arrive[s, g, t], -1.0)
                    self.p.row(bound, low=0)
                for target in [name, *own]:
                    plus(total, self.arrive[s, target, t], -1.0)
                self.p.row(total, 0, 0)

    def carry(self, y: int) -> None:
        """All traffic within the links, each direction."""
        for link, (one, other, *_) in self.usable(y, False).items():
            row = self.at("links", y, link=link)
            most = self.policy("link_load_max", [link, "all"], y, 1.0)
            toll = number(row, "cost_mcny_per_gbps_hour", 0) * self.yearly(y)
            for arc, t in itertools.product(((link, one, other), (link, other, one)), self.hours):
                terms = dict(self.on[arc, t])
                for at, gbps in terms.items():
                    self.p.cost[at] += gbps * toll * self.weight[t]
                self.p.constant += self.other[arc, t] * toll * self.weight[t]
                plus(terms, {self.p.var("capacity", link, y): -most})
                self.p.row(terms, high=-self.other[arc, t])

    # --- power -------------------------------------------------------------------------------------------------------

    def power(self, y: int) -> None:
        self.it: dict[tuple[str, int], Terms] = {}
        self.facility: dict[tuple[str, int], Terms] = {}
        self.grid: dict[tuple[str, int], int] = {}
        shared: dict[tuple[str, int], Terms] = defaultdict(dict)
        for s in self.sites:
            row = self.at("sites", y, site=s)
            pue = self.sample(self.curve(row.get("pue", ""), 1.0), 1.0)
            hall = self.at("halls", y, site=s)
            fits, inside = {}, {}
            for g in self.technologies:
                mw = number(self.technology(g, y), "mw_per_unit", 0)
                fits[self.p.var("installed", s, g, y)] = mw
            self.p.row(fits, high=number(row, "it_limit_mw", INF))
            if hall is not None:
                inside = dict(fits)
                plus(inside, {self.p.var("hall", s, y): -1.0})
                self.p.row(inside, high=0)
            for t in self.hours:
                it: Terms = {}
                for g in self.technologies:
                    tech = self.technology(g, y)
                    mw, idle = number(tech, "mw_per_unit", 0), number(tech, "idle_share", 0)
                    stock = tech.get("kind", "") == "stock"
                    plus(it, {self.p.var("installed", s, g, y): idle * mw})
                    plus(it, {self.p.var("load", s, g, y, 0 if stock else t): (1 - idle) * mw})
                facility: Terms = {}
                plus(facility, it, pue[t])
                better = number(hall, "retrofit_pue", INF)
                if hall is not None and better < pue[t]:
                    gain = self.p.var("it_retrofitted", s, y, t)
                    self.p.row({gain: 1.0, self.p.var("retrofitted", s, y): -1.0}, high=0)
                    within = {gain: 1.0}
                    plus(within, it, -1.0)
                    self.p.row(within, high=0)
                    plus(facility, {gain: better - pue[t]})
                self.it[s, t], self.facility[s, t] = it, facility
            zone = self.at("power", y, zone=row.get("zone", "")) if row.get("zone", "") else None
            if zone is not None:
                self.meet(s, row["zone"], zone, y, shared)
        for (zone_name, _), terms in shared.items():
            self.p.row(terms, high=number(self.at("power", y, zone=zone_name), "grid_limit_mw", INF))

    def meet(self, s: str, name: str, zone: Row, y: int, shared: dict[tuple[str, int], Terms]) -> None:
        """Grid, sun, wind and battery meet the facility's power."""
        p, money = self.p, self.yearly(y)
        prices = self.curve(zone["price"], 0.0)
        contract = number(zone, "contract_price_cny_per_kwh", INF)
        if self.settings.get("plan", {}).get("power_price", "list") == "contract" and contract < INF:
            prices = prices * contract / prices.mean()
        price, co2 = self.sample(prices), self.sample(self.curve(zone.get("co2_kg_per_kwh", ""), 0.0))
        tax = self.policy("carbon_price_cny_per_t", [s, self.hub(s), "all"], y, 0.0)
        peak = p.var("peak", s, y, cost=number(zone, "demand_charge_cny_per_kw_month", 0) * 12 * 1e3 / 1e6 * money)
        year: Terms = {}
        for t in self.hours:
            hour = self.weight[t]
            grid = p.var("grid", s, y, t, cost=(price[t] * 1e3 + tax * co2[t]) / 1e6 * hour * money)
            p.tonnes[grid] = co2[t] * hour * len(self.years[y])
            self.grid[s, t] = grid
            year[grid] = -hour
            plus(shared[name, t], {grid: 1.0})
            p.row({grid: 1.0, peak: -1.0}, high=0)
            left = {grid: 1.0}
            for source in ("solar", "wind", "battery"):
                row = self.at("supply", y, site=s, source=source)
                if row is not None:
                    self.source(s, source, row, left, t, y)
            plus(left, self.facility[s, t], -1.0)
            p.row(left, 0, 0)
        premium = number(zone, "green_premium_cny_per_kwh", INF)
        if premium < INF:
            year[p.var("contract", s, y, cost=premium / 1e3 * money)] = 1.0
            p.row(year, high=0)

    def source(self, s: str, source: str, row: Row, left: Terms, t: int, y: int) -> None:
        p, wear = self.p, number(row, "cost_mcny_per_mwh", 0) * self.weight[t] * self.yearly(y)
        size = p.var("supply", s, source, y)
        if source != "battery":
            share = self.sample(self.curve(row.get("profile", ""), 1.0), 0.0, 1.0)[t]
            made = p.var("generation", s, source, y, t, cost=wear)
            p.row({made: 1.0, size: -share}, high=0)
            plus(left, {made: 1.0})
            return
        each = number(row, "efficiency", 1.0)
        into, out = p.var("charge", s, y, t), p.var("discharge", s, y, t, cost=wear)
        held, earlier = p.var("stored", s, y, t), p.var("stored", s, y, self.before[t])
        p.row({into: 1.0, size: -1.0}, high=0)
        p.row({out: 1.0, size: -1.0}, high=0)
        p.row({held: 1.0, p.var("energy", s, y): -1.0}, high=0)
        balance = {held: 1.0}
        plus(balance, {earlier: -1.0})
        plus(balance, {into: -each, out: 1 / each})
        p.row(balance, 0, 0)
        plus(left, {out: 1.0, into: -1.0})

    # --- policies ----------------------------------------------------------------------------------------------------

    def rules(self, y: int) -> None:
        for rule, scope in dict.fromkeys(
            (row["rule"], row.get("scope", "")) for row in self.tables.get("policies", [])
        ):
            row = self.at("policies", y, rule=rule, scope=scope)
            if row is not None:
                inside = [s for s in self.sites if scope in (s, self.hub(s), "all", "")]
                if row.get("applies", "") == "new":
                    inside = [s for s in inside if self.new(s)]
                getattr(self, rule, lambda *_: None)(inside, float(row["value"]), y)

    def total(self, sites: list[str], of: dict[tuple[str, int], Terms]) -> Terms:
        out: Terms = {}
        for s, t in itertools.product(sites, self.hours):
            plus(out, of[s, t], self.weight[t])
        return out

    def occupancy_min(self, sites: list[str], v: float, y: int) -> None:
        terms: Terms = {}
        for s in sites:
            if ("hall", s, y) in self.p.number:
                plus(terms, {self.p.var("hall", s, y): -v})
                for g in self.technologies:
                    plus(terms, {self.p.var("installed", s, g, y): number(self.technology(g, y), "mw_per_unit", 0)})
        self.p.row(terms, low=0)

    def utilisation_min(self, sites: list[str], v: float, y: int) -> None:
        for name in dict.fromkeys(self.technology(g, y)["class"] for g in self.technologies):
            terms: Terms = {}
            for s, g in itertools.product(sites, self.technologies):
                row = self.technology(g, y)
                if row["class"] == name and row.get("kind", "") != "stock":
                    plus(terms, {self.p.var("installed", s, g, y): -v * YEAR})
                    for t in self.hours:
                        plus(terms, {self.p.var("load", s, g, y, t): self.weight[t]})
            self.p.row(terms, low=0)

    def fp32(self, g: str, y: int) -> float:
        return number(self.technology(g, y), "fp32_per_unit", 0)

    def hub_share_min(self, sites: list[str], v: float, y: int) -> None:
        terms: Terms = {}
        for s, g in itertools.product(self.sites, self.technologies):
            if ("build", s, g, y) in self.p.number:
                at = self.p.var("build", s, g, y)
                plus(terms, {at: self.fp32(g, y) * ((s in sites and self.hub(s) != "") - v)})
        self.p.row(terms, low=0)

    def intelligent_share_min(self, sites: list[str], v: float, y: int) -> None:
        terms: Terms = {}
        for s, g in itertools.product(sites, self.technologies):
            own = self.technology(g, y)["class"] == "intelligent"
            plus(terms, {self.p.var("installed", s, g, y): self.fp32(g, y) * (own - v)})
        self.p.row(terms, low=0)

    def green_share_min(self, sites: list[str], v: float, y: int) -> None:
        terms = self.total(sites, self.facility)
        terms = {at: -(1 - v) * value for at, value in terms.items()}
        for s in sites:
            for t in self.hours:
                if (s, t) in self.grid:
                    plus(terms, {self.grid[s, t]: self.weight[t]})
            if ("contract", s, y) in self.p.number:
                plus(terms, {self.p.var("contract", s, y): -1.0})
        self.p.row(terms, high=0)

    def pue_max(self, sites: list[str], v: float, y: int) -> None:
        terms = self.total(sites, self.facility)
        plus(terms, self.total(sites, self.it), -v)
        self.p.row(terms, high=0)

    def carbon(self, sites: list[str], y: int, market: bool) -> Terms:
        terms: Terms = {}
        for s in sites:
            zone = self.at("power", y, zone=(self.at("sites", y, site=s) or {}).get("zone", "") or "-")
            if zone is None:
                continue
            co2 = self.sample(self.curve(zone.get("co2_kg_per_kwh", ""), 0.0))
            for t in self.hours:
                plus(terms, {self.grid[s, t]: co2[t] * self.weight[t]})
            if market and ("contract", s, y) in self.p.number:
                mean = float(np.dot(co2, self.weight) / sum(self.weight))
                plus(terms, {self.p.var("contract", s, y): -mean})
        return terms

    def carbon_cap_t(self, sites: list[str], v: float, y: int) -> None:
        self.p.row(self.carbon(sites, y, False), high=v)

    def carbon_cap_market_t(self, sites: list[str], v: float, y: int) -> None:
        self.p.row(self.carbon(sites, y, True), high=v)

    def water_cap_m3(self, sites: list[str], v: float, y: int) -> None:
        terms: Terms = {}
        for s in sites:
            litres = number(self.at("sites", y, site=s), "water_l_per_kwh", 0)
            plus(terms, self.total([s], self.it), litres)
        self.p.row(terms, high=v)
