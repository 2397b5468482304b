"""Stress test of the first-period decisions under changed conditions: table `stress`.

First-period orders are decided before the case is known, so every case has the plan's orders of that period. Later
decisions know the case and are planned again. That plan is then operated under the case; the row reports the operation
and whether its certificate holds. *Regret* is the extra cost over the plan that knew the case from the start. If the
two do not serve the same work, their costs are not comparable; the work that only the latter serves is reported
instead.

All work may be left unserved here at the price of a shortfall, so that every case has a solution. *Idle capital* is the
part of the first period's orders that the fullest hour of a year does not need, as a mean over the years. For equipment
of a class it is at most what all sites together leave unused, because work moves to new equipment and older equipment
stands idle. For halls it is at most the empty room at the site. Where latency keeps work from unused capacity it is an
upper bound. On few hours even the base case shows some idle capital and regret, because these hours differ from the
plan's own.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from gnomon import Options, SolvedModel
from xisuan import units
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.decisions.confidence.shortfall_reasons import shortfall_reasons
from xisuan.decisions.confidence.stress_cases import Case, cases, with_unserved_allowed
from xisuan.decisions.repeated_solve import Question, hours_of
from xisuan.decisions.reported_place import Focus
from xisuan.decisions.typical_day import orders_in_steps
from xisuan.dispatch.economic_dispatch import operate
from xisuan.errors import InfeasibleError
from xisuan.parallel.thread_map import side_by_side
from xisuan.planning.replanning import replan
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import FAILS, HOLDS, frame, in_both
from xisuan.results.labelled_values import Found
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.unserved_work import undone
from xisuan.results.summaries.work_origins import Origin, largest_from_afar, share_here
from xisuan.scenario.queries.candidates import row_at
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import Timeline
from xisuan.text.translation import message as _

SINGLE_THREAD = Options(threads=1)
"""Options of one case: cases are solved in parallel, one thread each."""
LEAST_SHARE = 1e-6
"""Share of demand below which shortfall is rounding error of the solver."""


@dataclass(frozen=True)
class Outcome:
    """Result of one case: the plan with the first period's orders, its operation, and the plan with perfect
    information.

    None where nothing satisfies the rules in the case.
    """

    case: Case
    scenario: Scenario
    plan: Plan | None
    schedule: Schedule | None
    foresight: Plan | None


def stress(plan: Plan, question: Question, focus: Focus, progress: Report | None = None) -> pd.DataFrame:
    """Return the table `stress`.

    `question`: the plan's scenario on few hours.
    """
    found = outcomes(plan, question, focus, progress)
    base = next(one for one in found if one.case.name == "base")
    afar = largest_from_afar(plan, focus.sites)
    rows = [_row(one, focus, hours_of(plan.scenario, question)) | _work(one, focus, afar) for one in found]
    first = next(row for row in rows if row["case"] == base.case.name)
    for row in rows:
        row["cost_change"] = row["cost_mcny"] / first["cost_mcny"] - 1.0 if first["cost_mcny"] else math.nan
        row["build_change"] = row["build_mw"] / first["build_mw"] - 1.0 if first["build_mw"] > 0 else math.nan
    return frame("stress", rows)


def outcomes(plan: Plan, question: Question, focus: Focus, progress: Report | None = None) -> list[Outcome]:
    """Return the outcome of every case for which the scenario of `question` has data."""
    scenario = question.scenario
    asked = [(case, changed) for case in cases(scenario, focus) if (changed := case.change(scenario)) is not None]
    tell(progress, "stress", _("{count} cases, each planned twice and operated", count=len(asked)))
    made = orders_in_steps(plan, scenario)
    differ = [(case, of) for case, of in asked if case.name != "base" and (case.late or of is not scenario)]
    known = question.solved_model
    base, follows = _outcome(made, asked[0][0], scenario, focus, known, known)
    found = side_by_side(lambda one: _outcome(made, *one, focus, known, follows or known)[0], differ)
    by_name = {one.case.name: one for one in (base, *found)}
    return [by_name.get(case.name) or replace(base, case=case) for case, _ in asked]


def _outcome(
    made: Mapping[str, Found], case: Case, changed: Scenario, focus: Focus, known: SolvedModel, follows: SolvedModel
) -> tuple[Outcome, SolvedModel | None]:
    """Return the outcome of one case, and the vertex of its plan with fixed orders.

    Warm starts: `known` of a plan with free orders, `follows` of one with the first period's orders fixed.
    """
    may_fall_short = with_unserved_allowed(changed)
    late = focus.sites if case.late else ()
    try:
        adapted, vertex = replan(may_fall_short, made, late, SINGLE_THREAD, follows)
        foresight, _ = replan(may_fall_short, None, late, SINGLE_THREAD, known)
    except InfeasibleError:
        return Outcome(case, changed, None, None, None), None
    found = operate(changed, adapted, SINGLE_THREAD, check=lambda one: certify_schedule(one.scenario, adapted, one))
    return Outcome(case, changed, adapted, found, foresight), vertex


def _row(one: Outcome, focus: Focus, hours: str) -> dict[str, Any]:
    """Return the figures of a case; cost and shortfall are those of the schedule plus the plan's capital."""
    row: dict[str, Any] = {
        "case": one.case.name, **in_both("label", one.case.label), "hours": hours,
        "cost_mcny": math.nan, "build_mw": math.nan, "halls_mw": math.nan, "capital_mcny": math.nan,
        "status": "no plan", "certificate": "", **in_both("shortfall_why", ""),
    }  # fmt: skip
    if one.plan is None or one.schedule is None or one.foresight is None:
        return row
    short = one.schedule.tables["shortfall"]
    short = short[short["share"] > LEAST_SHARE]
    years = _years(one.scenario)
    lost = (short["unit_hours"] * short["period"].map(years)).groupby(short["workload"]).sum()
    left = _still_unserved(one.scenario, one.foresight)
    share, workload = _largest_share(one.schedule)
    why = shortfall_reasons(one.plan) if share > 0.0 else ""
    certificate = one.schedule.certificate
    assert certificate is not None
    # Capital plus operation, without penalties.
    cost = _invested(one.plan) + one.schedule.cost_mcny - one.schedule.penalty_mcny
    foresight = one.foresight.cost_mcny - _penalty(one.foresight)
    # Cases have no failures: what orders hold in reserve for failures would count as idle, and as regretted.
    reserves = bool(contingencies(one.scenario))
    comparable = _same_work(one.scenario, lost, left) and not reserves
    return row | {
        "status": one.schedule.status, "cost_mcny": cost, "penalty_mcny": one.schedule.penalty_mcny,
        "shortfall_unit_hours": float(lost.sum()),
        "shortfall_share": share, "shortfall_workload": workload, **in_both("shortfall_why", why),
        "idle_mcny": math.nan if reserves else idle(one.scenario, one.plan, one.schedule),
        "foresight_mcny": foresight,
        "regret_mcny": cost - foresight if comparable else math.nan,
        "regret_unit_hours": max(0.0, float(lost.sum() - left.sum())),
        "build_mw": _new_mw(one.plan, focus), "halls_mw": _halls_mw(one.plan, focus),
        "capital_mcny": _ordered(one.plan, focus),
        "certificate": HOLDS if certificate.ok else FAILS, "max_violation": certificate.max_violation,
    }  # fmt: skip


def _work(one: Outcome, focus: Focus, afar: Origin | None) -> dict[str, Any]:
    """Return the share of the plan's largest work from afar that runs at the focus in the last period of a case."""
    if afar is None or one.schedule is None:
        return {"work_region": "", "work": "", "work_share": math.nan}
    last = one.scenario.settings.periods[-1]
    share = share_here(one.schedule.tables["service"], last, afar, focus.sites)
    return {"work_region": afar.region, "work": afar.workload, "work_share": share}


def _years(scenario: Scenario) -> dict[int, int]:
    """Return the number of calendar years of each period."""
    return dict(zip(scenario.settings.periods, map(len, scenario.timeline.years), strict=True))


def _same_work(scenario: Scenario, lost: pd.Series, left: pd.Series) -> bool:
    """Return True if the same work is left unserved, in unit-hours by workload over the horizon."""
    demand = scenario["demand"]
    asked = (demand["units"] * demand["period"].map(_years(scenario)).fillna(0.0)).groupby(demand["workload"]).sum()
    apart = lost.sub(left, fill_value=0.0).abs()
    return bool((apart <= LEAST_SHARE * units.HOURS_PER_YEAR * asked.reindex(apart.index).fillna(0.0)).all())


def _largest_share(schedule: Schedule) -> tuple[float, str]:
    """Return the largest unserved share of a workload's demand in a period, and the workload; 0 if all is served."""
    worst = undone(schedule.tables["service"])
    worst = worst[worst["share"] > LEAST_SHARE]
    return (float(worst["share"].iloc[0]), str(worst["workload"].iloc[0])) if len(worst) else (0.0, "")


def _invested(plan: Plan) -> float:
    """Return the discounted capital of a plan, million CNY."""
    costs = plan.tables["costs"]
    return float(costs.loc[costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum())


def _penalty(plan: Plan) -> float:
    """Return the discounted penalties of a plan, million CNY."""
    costs = plan.tables["costs"]
    return float(costs.loc[costs["term"] == "unserved", "discounted_mcny"].sum())


def _still_unserved(scenario: Scenario, foresight: Plan) -> pd.Series:
    """Return the unit-hours over the horizon unserved even with perfect information, by workload."""
    rows = foresight.tables["service"]
    rows = rows[rows["site"] == ""]
    hours = rows["units"] * rows["period"].map(_years(scenario)) * units.HOURS_PER_YEAR
    return hours.groupby(rows["workload"]).sum()


def _new_mw(plan: Plan, focus: Focus) -> float:
    """Return the new IT power of a plan at the focus in the last period, MW."""
    rows = plan.tables["capacity"]
    last = plan.scenario.settings.periods[-1]
    rows = rows[(rows["asset"] == "compute") & (rows["period"] == last) & rows["where"].isin(list(focus.sites))]
    stood = rows["mw"] * (rows["existing"] / rows["amount"].where(rows["amount"] > 0)).clip(upper=1.0).fillna(0.0)
    return float((rows["mw"] - stood).sum())


def _halls_mw(plan: Plan, focus: Focus) -> float:
    """Return the halls of a plan at the focus in the last period, MW."""
    rows = plan.tables["capacity"]
    last = plan.scenario.settings.periods[-1]
    here = (rows["asset"] == "hall") & (rows["period"] == last) & rows["where"].isin(list(focus.sites))
    return float(rows.loc[here, "amount"].sum())


def _ordered(plan: Plan, focus: Focus) -> float:
    """Return the overnight capital ordered at the focus over the horizon, million CNY."""
    rows = plan.tables["builds"]
    return float(rows.loc[rows["where"].isin(list(focus.sites)), "capex_mcny"].sum())


def idle(scenario: Scenario, plan: Plan, schedule: Schedule) -> float:
    """Return the capital of first-period orders not needed in the fullest hour, mean over the years, million CNY.

    Equipment that a rule, such as `site_reserve_min`, keeps free counts as not needed.
    """
    first = scenario.settings.periods[0]
    made = plan.tables["builds"]
    made = made[(made["period"] == first) & made["asset"].isin(["compute", "hall"])]
    years, kinds, attained = _years(scenario), _of_technologies(scenario, "class"), _attained(scenario)
    total = 0.0
    for period, count in years.items():
        spare = _spare(scenario, plan, schedule, period)
        for row in made.to_dict("records"):
            if not _is_in_use(scenario, row, period):
                continue
            kind = kinds.get(row["technology"], "")
            size = row["amount"] * (attained[row["technology"]] if kind else 1.0)
            pool = kind or f"hall/{row['where']}"
            # Spare capacity of a pool is assigned to its orders once.
            left = min(size, max(0.0, spare.get(pool, 0.0)))
            spare[pool] = spare.get(pool, 0.0) - left
            total += count * row["capex_mcny"] * (left / size if size > 0 else 0.0)
    return total / sum(years.values())


def _is_in_use(scenario: Scenario, order: Mapping[Hashable, Any], period: int) -> bool:
    """Return True if an order of equipment or of a hall, a row of `builds`, is in use in a period."""
    table, key = ("technologies", order["technology"]) if order["asset"] == "compute" else ("halls", order["where"])
    given = row_at(scenario, table, order["period"], key)
    return given is not None and Timeline.usable(order["period"], period, given["lead_years"], given["life_years"])


def _spare(scenario: Scenario, plan: Plan, schedule: Schedule, period: int) -> dict[str, float]:
    """Return the unused capacity in the fullest hour of a period.

    By class: units of work at all sites. By `hall/site`: MW of halls.
    """
    rows = plan.tables["capacity"]
    rows = rows[rows["period"] == period]
    load = schedule.tables["load"]
    load = load[load["period"] == period]
    kinds, attained = _of_technologies(scenario, "class"), _attained(scenario)
    fullest = load["units"].groupby([load["technology"].map(kinds), load["hour"]]).sum().groupby(level=0).max()
    spare = {str(kind): -float(used) for kind, used in fullest.items()}
    for row in rows[rows["asset"] == "compute"].to_dict("records"):
        kind, hall = kinds[row["technology"]], f"hall/{row['where']}"
        spare[kind] = spare.get(kind, 0.0) + row["amount"] * attained[row["technology"]]
        spare[hall] = spare.get(hall, 0.0) - row["mw"]
    for row in rows[rows["asset"] == "hall"].to_dict("records"):
        hall = f"hall/{row['where']}"
        spare[hall] = spare.get(hall, 0.0) + row["amount"]
    return spare


def _of_technologies(scenario: Scenario, column: str) -> dict[str, Any]:
    """Return a column of the first row of each technology."""
    rows = scenario["technologies"].drop_duplicates("technology")
    return dict(zip(rows["technology"], rows[column], strict=True))


def _attained(scenario: Scenario) -> dict[str, float]:
    """Return the attainable utilisation of each technology."""
    return {name: float(value) for name, value in _of_technologies(scenario, "attainable_utilisation").items()}
