"""Headline facts of a run, each as one number: what a comparison sets side by side."""

from __future__ import annotations

import math

from xisuan.report import run_measures
from xisuan.report.access.access_first_screen import about_cities
from xisuan.report.facts import build_facts, city_facts, customer_facts, target_facts
from xisuan.report.facts.fact import Fact
from xisuan.report.run_context import Context


def ordered_computing(context: Context, of: tuple[str, str]) -> Fact:
    """Return the computing of a class and precision that is ordered at the place over the horizon."""
    sums, _decimals = build_facts.ordered_by_year(context, of)
    return Fact("eflops", sum(sums.values()), f"EFLOPS {of[1]}", source="builds")


def headlines(context: Context) -> dict[str, Fact]:
    """Return the headline facts by name. A fact that the scenario is not about is left out."""
    found = [Fact("cost", context.run.plan.cost_mcny, "mCNY", source="costs")]
    if not about_cities(context):
        found += [build_facts.capital(context), *_computing(context), *_place(context)]
    found += _achieved(context)
    return {fact.name: fact for fact in found}


def _computing(context: Context) -> list[Fact]:
    """Return computing ordered in the leading class, the first year of new halls, and racks at the end."""
    leading = build_facts.leading_class(context)
    found = [ordered_computing(context, leading)] if leading[1] else []
    year = build_facts.first_hall_year(context)
    found.append(Fact("hall_year", math.nan if year is None else float(year), "year", source="builds"))
    path = build_facts.racks_path(context)
    if path is not None:
        found.append(
            Fact("racks", path.values[-1], "racks", context.last, path.low[-1], path.high[-1], ("alternatives",),
                 path.confidence, "capacity")
        )  # fmt: skip
    return found


def _place(context: Context) -> list[Fact]:
    """Return work of other regions at the place, and its electricity, in the last period."""
    afar = sum(one.mw for one in customer_facts.origins(context) if not one.is_own)
    rows = context.energy
    rows = rows[(rows["period"] == context.last) & rows["site"].isin(list(context.focus))]
    return [
        Fact("afar", afar, "MW", context.last, source="service"),
        Fact("electricity", float(rows["facility_mwh"].sum()), "MWh", context.last, source="power"),
        Fact("peak", run_measures.peak_grid_mw(context.run, context.last, context.focus), "MW", context.last,
             source="power"),
    ]  # fmt: skip


def _achieved(context: Context) -> list[Fact]:
    """Return the number of targets reached or on track, and of gigabit cities at the end."""
    found, count, cities = [], target_facts.count(context), city_facts.cities(context)
    if count is not None and count.total:
        found.append(Fact("targets", float(count.good), "targets", source="targets"))
    if cities is not None:
        found.append(Fact("cities", float(cities.by_year[max(cities.by_year)]), "cities", source="gigabit"))
    return found
