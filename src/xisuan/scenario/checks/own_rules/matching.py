"""Places, equipment, links and work that the terms of own rules may match, read from the tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.queries import candidates
from xisuan.scenario.schema.own_rule_tables import FILTERS

Item = Mapping[str, str]
"""What a filter compares, by column of `rule_terms`."""


def _any(row: Row) -> bool:
    return True


def _phased(row: Row) -> bool:
    return bool(row["phase_mw"] > 0)


def _retrofits(row: Row) -> bool:
    return not math.isnan(row["retrofit_capex_mcny_per_mw"] + row["retrofit_pue"])


_HALLS: dict[str, Callable[[Row], bool]] = {
    **dict.fromkeys(("build_hall", "hall"), _any),
    "hall_phases": _phased,
    **dict.fromkeys(("retrofit", "retrofitted", "it_retrofitted"), _retrofits),
}
"""Variables of halls, with the rows of `halls` that have them."""
_EQUIPMENT = ("build", "build_modules", "kept", "installed", "load", "stock_load")
_SUPPLY = ("build_supply", "supply", "generation")
_BATTERY = ("build_energy", "energy", "charge", "discharge", "stored")
_LINKS = ("build_link", "link_modules", "capacity")
_WORK = {"serve": (False, True), "hold": (True, True), "absorb": (False, False), "stock_absorb": (True, False)}
"""Work at a site: True for stock, and True for pairwise work."""


class Items:
    """Items of each variable, each found once."""

    def __init__(self, at: Inspection) -> None:
        self.at = at
        self.sites = {str(row["site"]): row for row in reversed(at.rows("sites"))}
        self._known: dict[str, list[Item]] = {}

    def matched(self, term: Row) -> list[Item]:
        """Return the items of the term's variable that match all its filters."""
        asked = {column: term[column] for column in FILTERS if term[column]}
        return [item for item in self._of(str(term["variable"])) if all(item.get(c) == it for c, it in asked.items())]

    def _of(self, variable: str) -> list[Item]:
        if variable not in self._known:
            self._known[variable] = list(self._found(variable))
        return self._known[variable]

    def _found(self, variable: str) -> Iterator[Item]:
        rows = self.at.rows
        if variable in _HALLS:
            yield from self._at(row["site"] for row in rows("halls") if _HALLS[variable](row))
        elif variable in _EQUIPMENT:
            yield from self._equipment(variable)
        elif variable in _SUPPLY:
            for row in rows("supply"):
                if variable != "generation" or row["source"] != "battery":
                    yield from self._at([row["site"]], source=row["source"])
        elif variable in _BATTERY:
            yield from self._at(row["site"] for row in rows("supply") if row["source"] == "battery")
        elif variable in _LINKS:
            yield from self._links(variable)
        elif variable in _WORK:
            yield from self._work(*_WORK[variable])
        elif variable in ("unserved", "stock_unserved", "backlog"):
            yield from self._left(variable)
        elif variable in ("open", "opened"):
            yield from self._at(opening_sites(self.at))
        elif variable in ("grid", "contract"):
            yield from self._at(self._zoned(contract=variable == "contract"))
        else:
            yield from self._at(self.at.equipped)

    def _at(self, sites: Iterable[str], **more: str) -> Iterator[Item]:
        """Yield the sites with their properties."""
        for site in dict.fromkeys(sites):
            row = self.sites.get(site, {})
            yield {"site": site, **{name: row.get(name, "") for name in ("hub", "zone", "investor")}, **more}

    def _zoned(self, *, contract: bool) -> list[str]:
        """Return the sites with a grid zone, or with one that offers green contracts."""
        offered = {row["zone"] for row in self.at.rows("power") if not math.isnan(row["green_premium_cny_per_kwh"])}
        return [site for site, row in self.sites.items() if row["zone"] and (not contract or row["zone"] in offered)]

    def _equipment(self, variable: str) -> Iterator[Item]:
        """Yield site and technology of what can stand, be ordered, or run."""
        first = {row["technology"]: row for row in reversed(self.at.rows("technologies"))}
        stands = set(zip(*(self.at.scenario["fleet"][name] for name in ("site", "technology")), strict=True))
        has: dict[str, Callable[[str, str], bool]] = {
            "build": lambda site, name: bool(candidates.order_window(self.at.scenario, name)),
            "build_modules": lambda site, name: first[name]["module_units"] > 0,
            "kept": lambda site, name: (site, name) in stands,
            "load": lambda site, name: first[name]["kind"] != "stock",
            "stock_load": lambda site, name: first[name]["kind"] == "stock",
        }
        for site, names in self.at.equipped.items():
            for name in sorted(names & set(first)):
                if variable not in has or has[variable](site, name):
                    of = {"technology": name, "class": first[name]["class"], "unit": first[name]["unit"]}
                    yield from self._at([site], **of)

    def _links(self, variable: str) -> Iterator[Item]:
        """Yield the links, those that can be expanded in any amount, or those with modules."""
        modules = {row["link"] for row in self.at.rows("modules")}
        for row in self.at.rows("links"):
            grows = not math.isnan(row["capex_mcny_per_gbps"])
            if {"build_link": grows, "link_modules": row["link"] in modules}.get(variable, True):
                yield {"link": row["link"], "investor": row["investor"]}

    def _work(self, stock: bool, pairwise: bool) -> Iterator[Item]:
        """Yield work and sites that can run or hold it: with its regions where it is pairwise."""
        scenario = self.at.scenario
        is_kind = candidates.is_pairwise if pairwise else candidates.is_free
        for name in self.at.workloads:
            if candidates.is_stock(scenario, name) != stock or not is_kind(scenario, name):
                continue
            able = set(candidates.runs(scenario, name))
            sites = [site for site, held in self.at.equipped.items() if held & able]
            for item in self._at(sites, workload=name, unit=self._unit(name)):
                yield from ({**item, "region": region} for region in self.at.asked[name])

    def _left(self, variable: str) -> Iterator[Item]:
        """Yield work of regions that is hourly, that is stock, or that may wait."""
        for name, rows in self.at.workloads.items():
            waits = any(row["defer_hours"] >= 1 for row in rows)
            stock = candidates.is_stock(self.at.scenario, name)
            if stock == (variable == "stock_unserved") and (waits or variable != "backlog"):
                unit = self._unit(name)
                yield from ({"region": region, "workload": name, "unit": unit} for region in self.at.asked[name])

    def _unit(self, workload: str) -> str:
        """Return the unit of the equipment that runs a workload: all of a class have the same."""
        able = set(candidates.runs(self.at.scenario, workload))
        return next((str(row["unit"]) for row in self.at.rows("technologies") if row["technology"] in able), "")


def opening_sites(at: Inspection) -> list[str]:
    """Return the sites where nothing stands at the start and that cost something to open."""
    stand = candidates.standing_sites(at.scenario)
    return list(
        dict.fromkeys(
            row["site"] for row in at.rows("sites") if row["fixed_cost_mcny"] > 0 and row["site"] not in stand
        )
    )
