"""Index sets of possible assets (halls, equipment, links, supply) and the investor of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Label, Mask
from xisuan.equations.index_sets import Given
from xisuan.equations.notation import VARIABLE
from xisuan.equations.table_arrays import chosen
from xisuan.scenario.schema.compute_tables import is_fp16


def hall_sites(given: Given) -> list[Label]:
    """Return the sites with a halls row in some period."""
    with_row = {str(site) for period in given.scenario.settings.periods for site in given.at("halls", period)["site"]}
    return [(site,) for site in given.sites if site in with_row]


def fp16(given: Given, labels: Sequence[Label]) -> Array:
    """EFLOPS at FP16 of one unit of intelligent computing, 0 for other classes. Shape (periods, labels)."""
    technologies = technology_of(labels)
    amount = given.numbers("technologies", technologies, "eflops_per_unit")
    precision = given.cells("technologies", technologies, "precision")
    counts = [
        [is_fp16(given.class_of[name], cell) for (name,), cell in zip(technologies, row, strict=True)]
        for row in precision
    ]
    return np.where(np.array(counts, dtype=bool).reshape(amount.shape), amount, 0.0)


def needs_halls(given: Given, sites: Sequence[Label]) -> Array:
    """1 in periods in which a halls row of the site holds; without one the site needs none. Shape (periods, sites)."""
    return given.holds("halls", sites)


def retrofit_sites(given: Given) -> list[Label]:
    """Return the sites with a retrofit on offer and existing halls, in some period."""
    sites = hall_sites(given)
    stand = given.numbers("halls", sites, "existing_mw").max(axis=0, initial=0.0) > 0
    offered = retrofit_offered(given, sites).any(axis=0)
    return chosen(sites, offered & stand)


def retrofit_offered(given: Given, sites: Sequence[Label]) -> Mask:
    """Return True in periods in which a retrofit has a cost and a PUE. Shape (periods, sites)."""
    cost, better = (
        np.isfinite(given.numbers("halls", sites, column, np.nan))
        for column in ("retrofit_capex_mcny_per_mw", "retrofit_pue")
    )
    return cost & better


def supply_sources(given: Given) -> list[Label]:
    """Return each (site, source) with a supply row."""
    frame = given.scenario["supply"]
    return list(dict.fromkeys(zip(frame["site"].tolist(), frame["source"].tolist(), strict=True)))


def batteries(given: Given) -> list[Label]:
    """Return the sites with a battery row."""
    return [(site,) for site, source in supply_sources(given) if source == "battery"]


def battery_rows(sites: Sequence[Label]) -> list[Label]:
    """Return the keys in `supply` of the batteries of `sites`."""
    return [(site, "battery") for (site,) in sites]


def opening_sites(given: Given) -> list[Label]:
    """Return the sites with an opening cost and nothing built yet; a site with assets is open already."""
    sites = [(site,) for site in given.sites]
    costly = given.numbers("sites", sites, "fixed_cost_mcny").max(axis=0, initial=0.0) > 0
    return [site for site in chosen(sites, costly) if site[0] in given.new_sites]


def vintages(given: Given) -> list[Label]:
    """Return each (site, technology, opened) of the existing fleet."""
    frame = given.scenario["fleet"]
    opened = map(_year, frame["opened"].tolist())
    return list(zip(frame["site"].tolist(), frame["technology"].tolist(), opened, strict=True))


def _year(value: float) -> str:
    """Return a year as text, blank for NaN."""
    return "" if np.isnan(value) else str(int(value))


def link_modules(given: Given) -> list[Label]:
    """Return each (link, module) on offer."""
    usable = {link for link, _, _ in given.links}
    frame = given.scenario["modules"]
    return list(dict.fromkeys((str(row.link), str(row.module)) for row in frame.itertuples() if row.link in usable))


def technology_of(labels: Sequence[Label]) -> list[Label]:
    """Return the keys in `technologies` of equipment (site, technology)."""
    return [(label[1],) for label in labels]


def it_mw(given: Given, labels: Sequence[Label]) -> Array:
    """IT power of one unit of equipment (site, technology), MW. Shape (periods, labels)."""
    return given.numbers("technologies", technology_of(labels), "mw_per_unit")


def fp32(given: Given, labels: Sequence[Label]) -> Array:
    """Computing power of one unit at FP32, EFLOPS; shares are formed at this one precision. Shape (periods, labels)."""
    return given.numbers("technologies", technology_of(labels), "fp32_per_unit")


def investor(given: Given, variable: str, label: Label) -> str:
    """Return the investor of an order: that of its site, city or link."""
    if "site" in VARIABLE[variable].dims:
        return given.site_text[label[0]]["investor"]
    if "city" in VARIABLE[variable].dims:
        return given.city_text["investor"][label[0]]
    return given.link_investor[label[0]]


def payers(given: Given, variable: str, label: Label) -> list[dict[str, float]]:
    """Return who pays for an order, with shares, in each period: the narrowest scope of `payers`, else the investor."""
    alone = {investor(given, variable, label): 1.0}
    scopes = payers_scopes(given, variable, label)
    return [held.get(scope, alone) for scope, held in zip(scopes, given.payer_shares, strict=True)]


def payers_scopes(given: Given, variable: str, label: Label) -> list[str]:
    """Return the narrowest scope of `payers` that an order is in, in each period; blank: its investor pays alone."""
    if "site" in VARIABLE[variable].dims:
        scopes = [label[0], given.site_text[label[0]]["hub"], "all"]
    else:
        scopes = ["access" if "city" in VARIABLE[variable].dims else "network", "all"]
    return [next((scope for scope in scopes if scope in held), "") for held in given.payer_shares]
