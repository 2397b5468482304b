"""Context of every section: the run, the language, names, and the place that the report is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.document.blocks import RowKind
from xisuan.report.document.entity_names import Names
from xisuan.report.run_amounts import RunAmounts
from xisuan.results.track import Track
from xisuan.scenario.queries import bilingual_text
from xisuan.scenario.queries.levers import DIVIDE
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import Indicator
from xisuan.text.numbers import GAP, Figures, exact, places
from xisuan.text.translation import Translator, unfilled
from xisuan.text.translation import message as _
from xisuan.tracking.targets import target_list
from xisuan.tracking.track import track

SHADES = {"general": 3, "intelligent": 4, "supercomputing": 2, "storage": 2}
OTHER_SHADES = 6


def inside(text: str) -> str:
    """Return a name as it is written within a sentence: without its capital, unless it is an abbreviation or Chinese."""
    return text if text[1:2].isupper() or not text.isascii() else text[:1].lower() + text[1:]


def spanned(years: Sequence[int]) -> str:
    """Consecutive years, such as 2026–2030."""
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


@dataclass(frozen=True)
class Context(RunAmounts):
    """One run told in one language."""

    @property
    def say(self) -> Translator:
        """Translator to the language of the report."""
        return Translator(self.language)

    @property
    def show(self) -> Figures:
        """Quantities with units."""
        return Figures(self.language)

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        return self.run.scenario

    @property
    def last(self) -> int:
        """The last period."""
        return self.periods[-1]

    @property
    def periods(self) -> tuple[int, ...]:
        """All periods."""
        return self.scenario.settings.periods

    @property
    def span(self) -> str:
        """The years of the horizon, such as 2026–2030."""
        return spanned(self.scenario.timeline.horizon)

    def years_of(self, *periods: int) -> str:
        """Return the years that consecutive periods stand for."""
        years = dict(zip(self.periods, self.scenario.timeline.years, strict=True))
        return spanned([year for period in periods for year in years[period]])

    @cached_property
    def weights(self) -> dict[int, float]:
        """Sum of the discount factors of each period's years: the weight of its yearly cost in the total."""
        return dict(zip(self.periods, self.scenario.timeline.period_discount.tolist(), strict=True))

    def decided(self, name: str) -> pd.DataFrame | None:
        """Return a decision table of the run, or None if it was not made or is empty."""
        found = self.run.decisions.get(name)
        return found if found is not None and len(found) else None

    def why_not(self, name: str) -> str:
        """Return the reason why a decision table is missing, in a sentence."""
        why = self.note(name) or self.run.notes.get(name, "") or self.say(_("The command xisuan run finds it."))
        stop = "" if why.endswith((".", "。")) else "。" if self.language == "zh" else "."
        return why[:1].upper() + why[1:] + stop

    def note(self, name: str) -> str:
        """Return the note on a decision table, such as the hours it was made on; blank: none."""
        notes = self.run.decisions.get("decision_notes")
        if notes is None:
            return ""
        return " ".join(str(text) for text in notes.loc[notes["table"] == name, f"note_{self.language}"])

    @cached_property
    def payers(self) -> list[str]:
        """Return the payers of the place's capital, in the order of the table; empty: not known."""
        found = self.decided("investors")
        if found is None:
            return []
        rows = found[(found["scope"] != "all") & (found["term"] == "capital") & (found["mcny"] > 0)]
        return [str(name) for name in dict.fromkeys(rows["investor"]) if name]

    @cached_property
    def track(self) -> Track | None:
        """Targets and where they stand; None where the scenario has none."""
        return track(self.scenario, plan=self.run.plan) if target_list.targets(self.scenario) else None

    # names

    @cached_property
    def names(self) -> Names:
        """Return the names of sites, regions, links and the like."""
        return Names(self.scenario, self.language)

    def name(self, table: str, key: str) -> str:
        """Return the name of a row of `table` in the report's language."""
        return self.names.of(table, key)

    def both(self, table: str, key: str) -> str:
        """Return the name followed by the Chinese one, for its first use in English."""
        return self.names.both(table, key)

    def site(self, key: str) -> str:
        """Return the name of a site."""
        return self.names.of("sites", key)

    def node(self, key: str) -> str:
        """Return the name of a backbone node or of the region that is one."""
        return self.names.node(key)

    @property
    def ends(self) -> Mapping[str, tuple[str, str]]:
        """Link → the nodes it joins."""
        return self.names.ends

    def link(self, key: str) -> str:
        """Return the name of a link: the names of its ends."""
        return self.names.link(key)

    def hub(self, key: str) -> str:
        """Return the name of a national hub node."""
        return self.say(terms.named(terms.HUBS, key))

    def scope(self, key: str) -> str:
        """Return the name of a scope of a rule or budget: a site, a hub, an investor, or a word of the format."""
        if self.names.known("sites", key):
            return self.site(key)
        if key.startswith("investor:"):
            return self.investor(key.removeprefix("investor:"))
        known = self.say(terms.named(terms.SCOPES, key))
        return known if known != key else self.hub(key)

    def only_site(self, hub: str) -> str:
        """Return the site of a hub that has only one; otherwise blank."""
        sites = self.scenario["sites"]
        members = set(sites.loc[sites["hub"] == hub, "site"]) if hub else set()
        return str(members.pop()) if len(members) == 1 else ""

    def spot(self, key: str) -> str:
        """Return the name of a site, or of a hub. A hub with one site has the name of that site."""
        return self.scope(self.only_site(key) or key)

    def investor(self, key: str) -> str:
        """Return the name of an investor."""
        return self.say(terms.named(terms.INVESTORS, key)) if key else self.say(_("nobody named"))

    @cached_property
    def _sources(self) -> dict[str, str]:
        rows = self.scenario["sources"]
        return {
            str(key): self.said(str(title or key)) for key, title in zip(rows["source"], rows["title"], strict=True)
        }

    @cached_property
    def _twins(self) -> dict[str, str]:
        return bilingual_text.chinese(self.scenario) if self.language == "zh" else {}

    def said(self, sentence: str) -> str:
        """Return a sentence of the scenario's tables in the language of the report, if there is a translation."""
        return self._twins.get(sentence, sentence)

    def when(self, date: str) -> str:
        """Return a date of the record (`2024`, `2024-05` or `2024-05-31`) in words."""
        year, month, day = [*date.split("-"), "", ""][:3]
        if not month:
            return year
        name = self.say(terms.named(terms.MONTHS, str(int(month))))
        key = unfilled("{day} {month} {year}") if day else unfilled("{month} {year}")
        return self.say(_(key, year=year, month=name, day=day.lstrip("0")))

    def source(self, keys: str) -> str:
        """Return the titles of the sources of a figure, one after the other."""
        return ("；" if self.language == "zh" else "; ").join(
            self._sources.get(key, key) for key in str(keys).split(";") if key
        )

    def place(self, key: str) -> str:
        """Return the name of a site, hub or link."""
        return self.link(key) if key in self.ends else self.scope(key)

    # numbers that several sections ask for

    @cached_property
    def places(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude by name."""
        return run_measures.places(self.scenario)

    @cached_property
    def it_mw(self) -> pd.DataFrame:
        """IT power by site in the last period."""
        return run_measures.it_mw(self.run, self.last)

    @cached_property
    def hall_mw(self) -> pd.Series:
        """Halls by site in the last period."""
        return run_measures.hall_mw(self.run, self.last)

    @cached_property
    def occupancies(self) -> dict[tuple[int, str], float]:
        """Occupancy by period and site."""
        return run_measures.occupancies(self.run)

    @cached_property
    def equipment(self) -> pd.DataFrame:
        """Equipment in use by period and site, with class, precision and EFLOPS."""
        return run_measures.equipment(self.run, self.run.plan.capacity)

    @cached_property
    def served(self) -> pd.DataFrame:
        """Return the service by region and site in the last period."""
        return run_measures.served(self.run, self.last)

    @cached_property
    def energy(self) -> pd.DataFrame:
        """Energy by period and site."""
        return run_measures.energy(self.run)

    @cached_property
    def peak_loads(self) -> dict[int, pd.DataFrame]:
        """Peak loads of links by period."""
        return {period: run_measures.peak_loads(self.run, period) for period in self.periods}

    # peaks

    @cached_property
    def peak_decimals(self) -> int:
        """Decimals of the place's peaks from the grid, MW: a small place draws a few."""
        return places(max(run_measures.peak_grid_mw(self.run, period, self.focus) for period in self.periods))

    def peak(self, mw: float) -> str:
        """Return a peak from the grid for a sentence, with the digits of its column."""
        return f"{exact(mw, self.peak_decimals)}{GAP}MW"

    # what the report is about

    @cached_property
    def focus(self) -> tuple[str, ...]:
        """Sites that the report is about: the site or the hub asked for, otherwise the site with the largest build."""
        sites = self.scenario["sites"]
        asked = self.scenario.settings.report.region
        names = sites["site"].drop_duplicates()
        if asked:
            found = sites.loc[(sites["site"] == asked) | (sites["hub"] == asked), "site"].drop_duplicates()
            if len(found):
                return tuple(found)
        return self._largest(set(names)) or tuple(names[:1])

    def _largest(self, names: set[str]) -> tuple[str, ...]:
        for table in (self.run.plan.tables.get("builds"), self.run.plan.tables.get("capacity")):
            if table is not None and len(table):
                rows = table[table["where"].isin(names) & table["mw"].notna()]
                if len(rows):
                    return (str(rows.groupby("where", sort=False)["mw"].sum().idxmax()),)
        return ()

    @cached_property
    def focus_name(self) -> str:
        """Name of the focus: the site, or the hub if it has several sites."""
        if not self.focus:
            return self.say(_("no site"))
        if len(self.focus) == 1:
            return self.site(self.focus[0])
        hubs = self.scenario["sites"].set_index("site").loc[list(self.focus), "hub"].unique()
        return self.hub(str(hubs[0])) if len(hubs) == 1 else self.show.listed([self.site(site) for site in self.focus])

    @property
    def focus_key(self) -> str:
        """Key of the focus in the table `alternatives`: its site, or its hub if it has several sites."""
        return self.focus[0] if len(self.focus) == 1 else self.focus_hub

    @cached_property
    def focus_hub(self) -> str:
        """Hub of the focus; blank if it has none or several."""
        sites = self.scenario["sites"]
        hubs = sites.loc[sites["site"].isin(list(self.focus)), "hub"].unique()
        return str(hubs[0]) if len(hubs) == 1 else ""

    @cached_property
    def senders(self) -> tuple[tuple[str, ...], str]:
        """Regions whose work might move to the focus, and a name for them.

        They are the eastern ones if the focus lies in the west; otherwise all that enter the backbone elsewhere.
        """
        regions, sites = self.scenario["regions"], self.scenario["sites"]
        focus = sites[sites["site"].isin(list(self.focus))]
        east = regions.loc[regions["lon"] >= DIVIDE, "region"]
        if len(focus) and len(east) and bool((focus["lon"] < DIVIDE).all()):
            return tuple(east.drop_duplicates()), self.say(_("the eastern regions"))
        elsewhere = regions.loc[~regions["node"].isin(focus["node"]), "region"]
        return tuple(elsewhere.drop_duplicates()), self.say(_("the other regions"))

    # colours: names of the palette

    @cached_property
    def colours(self) -> dict[str, str]:
        """Technology → colour: one hue a class, one shade a vintage, darkest first."""
        rows = self.scenario["technologies"].drop_duplicates("technology")
        out: dict[str, str] = {}
        others = 0
        for kind, group in rows.groupby("class", sort=False):
            shades = SHADES.get(str(kind), 0)
            for at, name in enumerate(group["technology"]):
                out[str(name)] = (
                    f"{kind}-{min(at + 1, shades)}" if shades else f"other-{(others + at) % OTHER_SHADES + 1}"
                )
            others += 0 if shades else len(group)
        return out

    def row_kind(self, site: str) -> RowKind:
        """Return the kind of a site's row: the focus is marked."""
        return "marked" if site in self.focus else "plain"

    def technology(self, key: str) -> str:
        """Return the name of a technology."""
        return self.name("technologies", key)

    def workload(self, key: str) -> str:
        """Return the name of a workload."""
        return self.name("workloads", key)

    def unit(self, name: str) -> str:
        """Return the name of a unit of an amount, such as that of a technology."""
        return self.say(terms.named(unit_names.AMOUNTS, name))

    def one(self, name: str) -> str:
        """Return a unit in the singular, as in `per rack`; `unit` returns the plural."""
        return self.unit(name) if self.language == "zh" else name

    def unit_of(self, workload: str) -> str:
        """Unit of a workload's class (or technology)."""
        return self._units.get(workload, "")

    @cached_property
    def _units(self) -> dict[str, str]:
        given = self.scenario["technologies"].iloc[::-1]  # of several that a workload may run on, the first counts
        of_kind: dict[str, str] = {}
        for kind, technology, unit in zip(given["class"], given["technology"], given["unit"], strict=True):
            of_kind |= {str(kind): str(unit), str(technology): str(unit)}
        rows = self.scenario["workloads"].drop_duplicates("workload")
        pairs = zip(rows["workload"], rows["class"], strict=True)
        return {str(workload): of_kind.get(str(kind), "") for workload, kind in pairs}

    def unit_of_technology(self, technology: str) -> str:
        """Unit of a technology."""
        return self._units_of_technologies.get(technology, "")

    @cached_property
    def _units_of_technologies(self) -> dict[str, str]:
        rows = self.scenario["technologies"].drop_duplicates("technology")
        return dict(zip(rows["technology"].astype(str), rows["unit"].astype(str), strict=True))


def title(context: Context, one: Indicator) -> str:
    """Return the name of an indicator."""
    return context.say(one.title)


LEAST_SHARE = 1e-6
"""Less of a demand than this is the tolerance of the solver, not shortfall."""


def workload_name(context: Context, name: str) -> str:
    """Return the name of a workload or of other traffic."""
    return context.say(_("other traffic")) if name == "traffic" else context.workload(name)


def region_name(context: Context, name: str) -> str:
    """Return the name of a region, or of the two ends of other traffic."""
    return " – ".join(context.node(part) for part in name.split("/")) if "/" in name else context.name("regions", name)
