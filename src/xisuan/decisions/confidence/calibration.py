"""Comparison of the model with published figures: tables `calibration` and `actual_beside_planned`.

The last year that had ended on the scenario's date is modelled as it was: existing capacity serves that year's demand,
nothing is ordered, and no rule or budget applies. It is compared with the figures published for that year or last
before it. `demand` needs rows of that year. A scenario with more than a week of hours is reduced to four days.

Amounts that grow fast are not compared across several years: one published for a year before the last is shown without
a difference. Work that existing capacity cannot serve within its limits is left unserved, and the note states how much.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.decisions.confidence.statistical_counts import COMPARABLE, Measured
from xisuan.decisions.confidence.stress_cases import with_unserved_allowed
from xisuan.decisions.display_names import title_of
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import plan as find
from xisuan.results.decision_tables import FLOWS, ROUGHLY, frame, in_both
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.text.translation import Bilingual, Message, Series, in_context
from xisuan.text.translation import message as _

LEAST_SHARE = 1e-6
"""Share of demand below which an amount is rounding error of the solver."""
MOST = 3
"""Most regions named among those with unserved work."""
NOT_OF_THAT_YEAR = (
    *("policies", "rules", "rule_terms", "budgets"),
    *("cities", "city_state", "measures", "standard", "city_targets"),
)
"""Tables left out for a past year: rules and budgets of the future, and gigabit access."""
FEW = Hours("days", 4)
"""Hours of a past year if the scenario's own are more than a week: enough for yearly values compared to a fifth."""
RATES = ("occupancy", "pue")
"""Quantities that stay comparable over years; all others are amounts."""
OTHER_SCOPE = ("storage_eb", "investment_infrastructure_mcny")
"""Quantities whose published scope is wider than the model's."""


def calibration(scenario: Scenario) -> tuple[pd.DataFrame, Message | None]:
    """Return the table `calibration`, and a note if it is empty or work was left unserved.

    The plan of future years is not needed.
    """
    year, nothing = scenario.settings.actual_year, frame("calibration", [])
    if not len(scenario["actuals"]):
        return nothing, _("nothing published is given (table actuals)")
    if year is None:
        return nothing, _("no year had ended on the scenario's date")
    if not (scenario["demand"]["period"] == year).any():
        return nothing, _("no demand of {year} is given", year=year)
    then = past_scenario(scenario, year)
    try:
        return compare_with_record(find(then), year), None
    except InfeasibleError:
        pass
    try:
        past = find(with_unserved_allowed(then))
    except InfeasibleError as problem:
        why = _(
            "what stood in {year} cannot serve the work given for {year}: {problem}", year=year, problem=str(problem)
        )
        return nothing, why
    return compare_with_record(past, year), _unserved_note(past, year)


def _unserved_note(past: Plan, year: int) -> Message | None:
    """Return the unserved work of `year` in words: by workload, largest share first, with the regions."""
    rows = past.tables["service"]
    units = rows["units"].groupby(rows["workload"]).sum()
    left = rows[rows["site"] == ""]
    shares = (
        (left["units"].groupby(left["workload"]).sum() / units).dropna().sort_values(ascending=False, kind="stable")
    )
    parts = []
    for workload, share in shares[shares > LEAST_SHARE].items():
        here = (
            left[left["workload"] == workload].sort_values("units", ascending=False, kind="stable")["region"].head(MOST)
        )
        places = Series(tuple(title_of(past.scenario, str(region), "regions") for region in here), short=True)
        name = title_of(past.scenario, str(workload), "workloads")
        text = _("{percent:.2g} % of {name} (most of it in {places})", percent=100 * share, name=name, places=places)
        parts.append(text)
    if not parts:
        return None
    return _(
        "What stood in {year} cannot serve all work within its limits of latency; left unserved: {parts}.",
        year=year,
        parts=Series(tuple(parts)),
    )


def compare_with_record(past: Plan, year: int) -> pd.DataFrame:
    """Return the published record up to `year` with the model's values of that year, `past`."""
    was = Measured(past, year)
    rows = [compare_with_figure(was, row) for row in _latest(past.scenario, year)]
    return frame("calibration", [row for row in rows if row is not None])


def compare_actuals(plan: Plan) -> pd.DataFrame:
    """Return the table `actual_beside_planned`: planned values of past years with what was published of them.

    Empty unless the scenario's date lies before these years.
    """
    scenario = plan.scenario
    actuals = scenario["actuals"]
    happened = actuals[actuals["kind"] == "actual"]
    rows: list[dict[str, Any]] = []
    for period in scenario.settings.periods:
        planned = Measured(plan, period)
        for row in _records(happened[happened["period"] == period]):
            line = compare_with_figure(planned, row)
            if line is None:
                continue
            aims = actuals[
                (actuals["kind"] == "target")
                & (actuals[["quantity", "place", "period"]] == [row["quantity"], row["place"], period]).all(axis=1)
            ]
            aimed = float(aims["value"].iloc[-1]) if len(aims) else float("nan")
            why = _expected(scenario, str(row["quantity"]), line)
            rows.append({**line, **why, "planned": line["model"], "happened": line["published"], "aimed": aimed})
    return frame("actual_beside_planned", rows)


def _expected(scenario: Scenario, quantity: str, line: dict[str, Any]) -> dict[str, str]:
    """Return the reason why a past plan differs: its scope, or what could be expected on its date."""
    if not line["miss"] or quantity in OTHER_SCOPE:
        return in_both("why", Bilingual(line["why_en"], line["why_zh"]) if line["miss"] else "")
    date = scenario.settings.as_of
    if line["difference"] < 0:
        return in_both("why", _("less was expected than came, on what was published by {date}", date=date))
    return in_both("why", _("more was expected than came, on what was published by {date}", date=date))


def past_scenario(scenario: Scenario, year: int) -> Scenario:
    """Return the scenario in a past year: its equipment and demand, without rules and budgets, on few hours."""
    bare = {name: scenario[name].iloc[:0] for name in NOT_OF_THAT_YEAR}
    then = dataclasses.replace(scenario, tables={**scenario.tables, **bare})
    then = then.with_settings(periods=(year,), base_year=year, last_period_years=1, objective="cost")
    if scenario.timeline.n_hours <= units.HOURS_PER_WEEK:
        return then
    return then.with_tables(blocks=scenario["blocks"].iloc[:0]).with_settings(hours=FEW)


def _latest(scenario: Scenario, year: int) -> Iterator[dict[str, Any]]:
    """Yield the last actual of each quantity and place up to the end of `year`, and targets and forecasts for it."""
    rows = scenario["actuals"]
    rows = rows[(rows["period"] <= year) & rows["quantity"].isin(COMPARABLE)]
    ends = rows["date"].where(rows["date"] != "", rows["period"].astype(int).astype(str) + "-12")
    rows = rows.assign(_end=ends)
    happened = rows[rows["kind"] == "actual"].sort_values("_end", kind="stable")
    yield from _records(happened.drop_duplicates(["quantity", "place"], keep="last").drop(columns="_end"))
    yield from _records(rows[(rows["kind"] != "actual") & (rows["period"] == year)].drop(columns="_end"))


def compare_with_figure(model: Measured, row: dict[str, Any]) -> dict[str, Any] | None:
    """Return a published figure with the model's value; None where the model has none."""
    value = model.value(str(row["quantity"]), str(row["place"]))
    if value is None:
        return None
    if str(row["quantity"]) in FLOWS:
        value *= _part_of_year(str(row["date"]))
    published = float(row["value"])
    old = str(row["quantity"]) not in RATES and int(row["period"]) < model.period - 1
    difference = value / published - 1 if published and not old else float("nan")
    kind, bound = str(row["kind"]), str(row["bound"])
    return {
        **{name: row[name] for name in ("quantity", "place", "date", "unit", "bound", "kind", "scope", "source")},
        "quality": row["quality"],
        **in_both("title", TITLES[str(row["quantity"])]),
        "period": model.period,
        "model": value,
        "published": published,
        "published_period": int(row["period"]),
        "difference": difference,
        "miss": kind == "actual" and _misses(difference, bound),
        "why_en": row["why"],
        "why_zh": row["why_zh"],
    }


def _part_of_year(date: str) -> float:
    """Return the share of the year gone by at the end of month YYYY-MM; 1 where blank."""
    return int(date[5:7]) / units.MONTHS_PER_YEAR if date else 1.0


def _misses(difference: float, bound: str) -> bool:
    """Return True if the model differs by more than a fifth, on the wrong side of a bound."""
    if bound == "at least":
        return difference < -ROUGHLY
    return difference > ROUGHLY if bound == "at most" else abs(difference) > ROUGHLY


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


TITLES = {
    "compute_eflops": in_context("published quantity", "Computing power as the place states it"),
    "compute_fp32_eflops": in_context("published quantity", "All computing power (FP32)"),
    "compute_fp16_eflops": in_context("published quantity", "Intelligent computing (FP16)"),
    "racks": in_context("published quantity", "Standard racks"),
    "occupancy": in_context("published quantity", "Occupancy"),
    "pue": in_context("published quantity", "PUE"),
    "electricity_twh": in_context("published quantity", "Electricity of data centres"),
    "storage_eb": in_context("published quantity", "Storage"),
    "egress_gbps": in_context("published quantity", "Interprovincial egress"),
    "investment_infrastructure_mcny": in_context("published quantity", "Investment in information infrastructure"),
    "investment_compute_mcny": in_context("published quantity", "Investment in computing facilities"),
}
"""Titles of the comparable quantities."""
