"""Places, equipment, links and work that the terms of own rules may match, read from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.queries import candidates
from xisuan.scenario.schema.own_rule_tables import FILTERS

Item = Mapping[str, str]
"""What a filter compares, by column of `rule_terms`."""

_HALLS = ("build_hall", "hall_phases", "retrofit", "hall", "retrofitted", "it_retrofitted")
_EQUIPMENT = ("build", "build_modules", "kept", "installed", "load", "stock_load")
_SUPPLY = ("build_supply", "supply", "generation")
_BATTERY = ("build_energy", "energy", "charge", "discharge", "stored")
_LINKS = ("build_link", "link_modules", "capacity")
_DEMAND = ("unserved", "stock_unserved", "backlog")


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
            yield from self._at(row["site"] for row in rows("halls"))
        elif variable in _EQUIPMENT:
            yield from self._equipment()
        elif variable in _SUPPLY:
            for row in rows("supply"):
                if variable != "generation" or row["source"] != "battery":
                    yield from self._at([row["site"]], source=row["source"])
        elif variable in _BATTERY:
            yield from self._at(row["site"] for row in rows("supply") if row["source"] == "battery")
        elif variable in _LINKS:
            yield from ({"link": row["link"], "investor": row["investor"]} for row in rows("links"))
        elif variable in _DEMAND:
            yield from ({"region": row["region"], "workload": row["workload"]} for row in self.at.demand)
        elif variable in ("serve", "hold", "absorb", "stock_absorb"):
            yield from self._work()
        elif variable in ("open", "opened"):
            yield from self._at(opening_sites(self.at))
        elif variable in ("grid", "contract"):
            yield from self._at(site for site, row in self.sites.items() if row["zone"])
        else:
            yield from self._at(self.sites)

    def _at(self, sites: Iterable[str], **more: str) -> Iterator[Item]:
        """Yield the sites with their properties."""
        for site in dict.fromkeys(sites):
            row = self.sites.get(site, {})
            yield {"site": site, **{name: row.get(name, "") for name in ("hub", "zone", "investor")}, **more}

    def _equipment(self) -> Iterator[Item]:
        first = {row["technology"]: row for row in reversed(self.at.rows("technologies"))}
        for site, names in self.at.equipped.items():
            for name in sorted(names & set(first)):
                of = {"technology": name, "class": first[name]["class"], "unit": first[name]["unit"]}
                yield from self._at([site], **of)

    def _work(self) -> Iterator[Item]:
        for name in self.at.workloads:
            able = set(candidates.runs(self.at.scenario, name))
            sites = [site for site, held in self.at.equipped.items() if held & able]
            for region, item in product(sorted(self.at.asked[name]), self._at(sites, workload=name)):
                yield {**item, "region": region}


def opening_sites(at: Inspection) -> list[str]:
    """Return the sites where nothing stands at the start and that cost something to open."""
    stand = candidates.standing_sites(at.scenario)
    return list(
        dict.fromkeys(
            row["site"] for row in at.rows("sites") if row["fixed_cost_mcny"] > 0 and row["site"] not in stand
        )
    )
