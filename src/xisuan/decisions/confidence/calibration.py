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
from xisuan.results.decision_tables import FLOWS, ROUGHLY, frame
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours

LEAST_SHARE = 1e-6
"""Share of demand below which an amount is rounding error of the solver."""
MOST = 3
"""Most regions named among those with unserved work."""
NOT_OF_THAT_YEAR = ("policies", "budgets", "cities", "city_state", "measures", "standard", "city_targets")
"""Tables left out for a past year: rules and budgets of the future, and gigabit access."""
FEW = Hours("days", 4)
"""Hours of a past year if the scenario's own are more than a week: enough for yearly values compared to a fifth."""
RATES = ("occupancy", "pue")
"""Quantities that stay comparable over years; all others are amounts."""
OTHER_SCOPE = ("storage_eb", "investment_infrastructure_mcny")
"""Quantities whose published scope is wider than the model's."""


def calibration(scenario: Scenario) -> tuple[pd.DataFrame, str, str]:
    """Return the table `calibration`, and a note in English and Chinese: why it is empty, or which work was left
    unserved.

    The plan of future years is not needed.
    """
    year = scenario.settings.actual_year
    if not len(scenario["actuals"]):
        return frame("calibration", []), "nothing published is given (table actuals)", "未给出已公布数据（actuals 表）"
    if year is None or not (scenario["demand"]["period"] == year).any():
        what = "no year had ended on the scenario's date" if year is None else f"no demand of {year} is given"
        what_zh = "情景日期前没有已结束的年份" if year is None else f"未给出 {year} 年的需求"
        return frame("calibration", []), what, what_zh
    then = past_scenario(scenario, year)
    try:
        return compare_with_record(find(then), year), "", ""
    except InfeasibleError:
        pass
    try:
        past = find(with_unserved_allowed(then))
    except InfeasibleError as problem:
        en = f"what stood in {year} cannot serve the work given for {year}: {problem}"
        return frame("calibration", []), en, f"{year} 年已有能力无法承接所给的 {year} 年需求：{problem}"
    return compare_with_record(past, year), *_unserved_note(past, year)


def _unserved_note(past: Plan, year: int) -> tuple[str, str]:
    """Return the unserved work of `year` in words: by workload, largest share first, with the regions."""
    rows = past.tables["service"]
    units = rows["units"].groupby(rows["workload"]).sum()
    left = rows[rows["site"] == ""]
    shares = (
        (left["units"].groupby(left["workload"]).sum() / units).dropna().sort_values(ascending=False, kind="stable")
    )
    en, zh = [], []
    for workload, share in shares[shares > LEAST_SHARE].items():
        here = (
            left[left["workload"] == workload].sort_values("units", ascending=False, kind="stable")["region"].head(MOST)
        )
        places = [title_of(past.scenario, str(region), "regions") for region in here]
        name, name_zh = title_of(past.scenario, str(workload), "workloads")
        en.append(f"{100 * share:.2g} % of {name} (most of it in {', '.join(title for title, _ in places)})")
        zh.append(f"{name_zh}的 {100 * share:.2g}%（主要在{'、'.join(title for _, title in places)}）")
    if not en:
        return "", ""
    return (
        f"What stood in {year} cannot serve all work within its limits of latency; left unserved: {'; '.join(en)}.",
        f"{year} 年已有能力在时延限值内无法承接全部业务，未承接：{'；'.join(zh)}。",
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
        return {"why_en": line["why_en"], "why_zh": line["why_zh"]} if line["miss"] else {"why_en": "", "why_zh": ""}
    date = scenario.settings.as_of
    more, more_zh = ("less", "偏低") if line["difference"] < 0 else ("more", "偏高")
    return {
        "why_en": f"{more} was expected than came, on what was published by {date}",
        "why_zh": f"截至 {date} 公开信息下的预期{more_zh}",
    }


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
        "title_en": TITLES[str(row["quantity"])][0],
        "title_zh": TITLES[str(row["quantity"])][1],
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
    "compute_eflops": ("Computing power as the place states it", "算力规模（地方口径，按 FP16 比较）"),
    "compute_fp32_eflops": ("All computing power (FP32)", "算力总规模（FP32）"),
    "compute_fp16_eflops": ("Intelligent computing (FP16)", "智能算力规模（FP16）"),
    "racks": ("Standard racks", "标准机架"),
    "occupancy": ("Occupancy", "上架率"),
    "pue": ("PUE", "PUE（年均）"),
    "electricity_twh": ("Electricity of data centres", "数据中心用电量"),
    "storage_eb": ("Storage", "存力规模"),
    "egress_gbps": ("Interprovincial egress", "省际出口带宽"),
    "investment_infrastructure_mcny": ("Investment in information infrastructure", "信息基础设施投资"),
    "investment_compute_mcny": ("Investment in computing facilities", "算力设施固定资产投资"),
}
"""Titles of the comparable quantities in English and Chinese."""
