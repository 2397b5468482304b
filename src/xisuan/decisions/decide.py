"""Compute all decision tables of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from gnomon import Vertex
from xisuan.decisions.confidence.calibration import calibration, compare_actuals
from xisuan.decisions.confidence.estimate_sensitivity import estimates, solve_estimates
from xisuan.decisions.confidence.outlooks import outlooks
from xisuan.decisions.confidence.price_quality import orders_by_quality
from xisuan.decisions.confidence.stress_test import SINGLE_THREAD, stress
from xisuan.decisions.costs import levelised_cost
from xisuan.decisions.costs.break_even import break_even
from xisuan.decisions.costs.cost_sharing import investors
from xisuan.decisions.costs.flexibility_value import flexibility, is_asked
from xisuan.decisions.costs.published_prices import price_support, published_prices
from xisuan.decisions.costs.resilience_cost import resilience
from xisuan.decisions.costs.unit_costs import unit_costs
from xisuan.decisions.decide_early import EarlyResults
from xisuan.decisions.repeated_solve import Question, hours_of
from xisuan.decisions.reported_place import Focus, focus
from xisuan.decisions.typical_day import on_few_hours
from xisuan.errors import XisuanError
from xisuan.planning.alternatives import alternatives, largest
from xisuan.planning.replanning import replan
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import IT_POWER, frame, in_both
from xisuan.results.plan import Plan
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.scenario.scenario import Scenario
from xisuan.text.numbers import plain
from xisuan.text.translation import Bilingual, Message
from xisuan.text.translation import message as _

Tables = dict[str, pd.DataFrame]
ASKED = ("alternatives", "break_even", "stress", "estimates")
"""Tables for which the model is solved again."""
RESILIENCE, STRESS, FLEXIBILITY = "resilience", "stress", "flexibility"
"""Tables of ASKED: the first only with contingencies, the second only without, the third only with a clean share by the
hour or by the month."""
NO_STRESS = _("with contingencies, later orders of a case would lack what the plan keeps for failures")
"""Note on the table `stress` of a scenario with contingencies."""
LEFT_OUT = _("left out of a quick run; a whole one has it")
"""Note on tables that a quick run lacks."""


def decide(
    plan: Plan,
    *,
    ask: bool = True,
    why_not: Message = LEFT_OUT,
    found: Callable[[], EarlyResults] | None = None,
    stressed: Callable[[], pd.DataFrame] | None = None,
    vertex: Vertex | None = None,
    progress: Report | None = None,
) -> Mapping[str, pd.DataFrame]:
    """Return the decision tables of results.decisions.TABLES by name.

    `decision_notes` states the hours on which each table was made, or why it is missing. `ask`: solve the model again
    for the tables of `tables_asked`, and for the last past year for `calibration`. Tables of ASKED need the cost
    objective and are left out otherwise. `why_not`: reason noted without `ask`. `found`: returns results that
    need no plan, computed elsewhere; `stressed`: returns the table `stress`, computed elsewhere (`stress_of`).
    `vertex`: optimal vertex of the plan on the hours on which the tables of ASKED are solved.
    """
    tell(progress, "decisions", _("unit costs and payers"))
    about = focus(plan)
    costs = levelised_cost.hub_costs(plan)
    levelised = levelised_cost.levelised(plan, costs, about.name, about.sites)
    tables: Tables = {
        "hub_costs": costs,
        "levelised": levelised,
        "unit_costs": unit_costs(plan, costs, levelised, about),
        "investors": investors(plan, about),
        "decided": orders_by_quality(plan),
    }
    settings = plan.scenario.settings
    asked = tables_asked(plan.scenario)
    notes: list[dict[str, object]] = []
    if STRESS not in asked:
        notes.append({"table": STRESS, **in_both("note", NO_STRESS)})
    tables |= {name: table for name, table in _comparisons(plan).items() if len(table)}
    if not ask or settings.objective != "cost":
        why = why_not if not ask else _("this is found only for a plan of least cost")
        notes += [{"table": name, **in_both("note", why)} for name in asked]
    else:
        question = Question(on_few_hours(plan.scenario), vertex)
        try:
            hours = _hours_note(plan, question)
        except XisuanError as problem:
            notes += [{"table": name, **in_both("note", _failure(problem))} for name in asked]
        else:
            for name in asked:
                try:
                    tables[name] = _solve_table(name, plan, question, found, stressed, progress)
                    notes.append({"table": name, **in_both("note", hours)})
                except XisuanError as problem:
                    notes.append({"table": name, **in_both("note", _failure(problem))})
    published, note = _last_year(plan, found) if ask else (frame("calibration", []), why_not)
    if len(published):
        tables["calibration"] = published
    if note:
        notes.append({"table": "calibration", **in_both("note", note)})
    return {**tables, "decision_notes": frame("decision_notes", notes)}


def tables_asked(scenario: Scenario) -> tuple[str, ...]:
    """Return the tables for which the model of a scenario is solved again."""
    fails, clean = bool(contingencies(scenario)), is_asked(scenario)
    more = {RESILIENCE: fails, FLEXIBILITY: clean}
    return (*(name for name in ASKED if name != STRESS or not fails), *(name for name, held in more.items() if held))


def _last_year(plan: Plan, found: Callable[[], EarlyResults] | None) -> tuple[pd.DataFrame, Message | None]:
    """Return the table `calibration` of the last past year, and the note on it."""
    return found().calibration if found else calibration(plan.scenario)


def _failure(problem: XisuanError) -> Message:
    """Return the note on a table that could not be computed."""
    return _("not found: {problem}", problem=str(problem).splitlines()[0])


def _comparisons(plan: Plan) -> Tables:
    """Return the tables that compare the plan with actuals, forecasts and published prices."""
    return {
        "actual_beside_planned": compare_actuals(plan),
        "outlooks": outlooks(plan),
        "published_prices": published_prices(plan.scenario),
        "price_support": price_support(plan),
    }


def stress_of(plan: Plan, vertex: Vertex | None) -> pd.DataFrame:
    """Return the table `stress` of a plan, to be computed in parallel with the others; `vertex` as for `decide`."""
    return stress(plan, Question(on_few_hours(plan.scenario), vertex), focus(plan))


def _solve_table(
    name: str,
    plan: Plan,
    question: Question,
    found: Callable[[], EarlyResults] | None,
    stressed: Callable[[], pd.DataFrame] | None,
    progress: Report | None,
) -> pd.DataFrame:
    """Return one table for which the model is solved again."""
    about = focus(plan)
    if name == "alternatives":
        few = question.scenario
        again = plan if few is plan.scenario else replan(few, options=SINGLE_THREAD, known=question.solved_model)[0]
        of = _in_doubt(plan, again, about)
        return alternatives(again, of=of, options=SINGLE_THREAD, start=question.vertex, progress=progress)
    if name == "break_even":
        return break_even(plan, question, about, progress)
    if name == RESILIENCE:
        return resilience(question, progress)
    if name == FLEXIBILITY:
        return flexibility(question, progress)
    if name == STRESS:
        if stressed is None:
            return stress(plan, question, about, progress)
        tell(progress, "stress", _("testing the plan under other conditions"))
        return stressed()
    tell(progress, "estimates", _("testing the most important estimates at both ends"))
    tried = found().trial if found else solve_estimates(plan.scenario, question, progress)
    if isinstance(tried, XisuanError):
        raise tried
    return estimates(plan, tried, about)


HERE = 3
"""Number of the largest builds of the reported place that are added to the largest of all."""


def _in_doubt(plan: Plan, again: Plan, focus: Focus) -> list[tuple[str, str, str]]:
    """Return what to vary: the largest builds of the plan and of the reported place, and IT power and halls of the place,
    and IT power of each site of its hub, which may take its builds.

    A place of several sites is asked as a whole, under the name of its hub. If it has no builds, the largest equipment
    bought elsewhere that could be bought there in `again` stands for them.
    """
    asked = largest(plan)
    sites = plan.scenario["sites"]
    hubs = set(sites.loc[sites["site"].isin(focus.sites), "hub"]) - {""}
    beside = sites.loc[sites["site"].isin(focus.sites) | sites["hub"].isin(hubs), "site"].drop_duplicates()
    possible = set(again.variables["installed"].labels) if "installed" in again.variables else set()
    place = focus.name if len(focus.sites) > 1 else focus.sites[0] if focus.sites else ""
    equipped = {site for site, _technology in possible}
    power = [(IT_POWER, site, "") for site in beside if site in equipped]
    power = [(IT_POWER, place, ""), *power] if equipped & set(focus.sites) else power
    with_halls = {label[0] for label in again.variables["hall"].labels} if "hall" in again.variables else set()
    halls = [("hall", place, "")] if with_halls & set(focus.sites) else []
    here = largest(plan, HERE, focus.sites, place)
    if not here:
        bought = dict.fromkeys(technology for asset, _, technology in asked if asset == "compute")
        here = [
            ("compute", place, technology)
            for technology in bought
            if any((site, technology) in possible for site in focus.sites)
        ][:HERE]
    return list(dict.fromkeys([*asked, *power, *halls, *here]))


def _hours_note(plan: Plan, question: Question) -> Message:
    """Return the note on the hours on which the model is solved again."""
    if hours_of(plan.scenario, question) != "typical day":
        return _("On the plan's own hours.")
    own, few = plan.cost_mcny, question.base.cost
    return _(
        "On a typical day in steps of four hours, with the demand of the fullest day modelled; the plan itself costs"
        " {own} on its own hours and {few} on these.",
        own=Bilingual(f"{plain(own / 1e3)} bn CNY", f"{plain(own / 100)} 亿元"),
        few=Bilingual(plain(few / 1e3), f"{plain(few / 100)} 亿元"),
    )
