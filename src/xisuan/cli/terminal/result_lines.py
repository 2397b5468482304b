"""Summaries of plans, runs and alternatives as lines for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from xisuan.cli.terminal import output, schedule_lines, text_layout
from xisuan.cli.terminal.result_phrases import SHORT, called, certificate, effort, proven, status_name
from xisuan.report import terms
from xisuan.report.tracking import track_phrases
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.run import Run
from xisuan.results.summaries.unserved_work import NAMED, undone
from xisuan.results.two_stage import TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.scenario import Scenario
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator, in_context
from xisuan.text.translation import message as _
from xisuan.tracking.targets import target_constraints
from xisuan.tracking.targets.target_constraints import Price

GOALS = {
    "cost": _("cost"),
    "carbon": _("emissions"),
    "residents": _("residents outside gigabit cities"),
}

VERDICTS = {
    "robust": _("robust"),
    "interchangeable": in_context("cli", "interchangeable"),
    "none": in_context("cli", "nothing built"),
}

MOST_BUILDS = 8
LEAST_PART = 1e-4
"""Share of a row below which what is built in a year is an interior point's rounding, as in the report."""


def run_lines(run: Run, say: Translator) -> list[str]:
    """Return the summary of a run, the plan first."""
    tried = (
        ((say(_("own hours")), run.schedule), (say(_("other days")), run.others)) if run.scenario.has("demand") else ()
    )
    served = [(name, schedule_lines.service(result, say)) for name, result in tried if result is not None]
    if run.week is not None and run.week.foresight is not None:
        served.append((say(_("not knowing")), schedule_lines.not_knowing(run.week, say)))
    own = target_constraints.price(run.plan, target_constraints.stated(run.scenario))
    return [*_lines(run.plan, [*served, *_refused(run, say)], say), *reach_lines(own, say)]


def _refused(run: Run, say: Translator) -> list[tuple[str, str]]:
    """Return lines on schedules whose certificate does not hold."""
    schedules = (
        (say(_("own hours")), run.schedule),
        (say(_("other days")), run.others),
        (say(_("typical week")), run.week),
    )
    return [
        (say(_("certificate")), f"{name}: {certificate(one, say)}")
        for name, one in schedules
        if one and output.code(one)
    ]


def plan_lines(plan: Plan, say: Translator) -> list[str]:
    """Return title, builds, costs and confidence of a plan."""
    return _lines(plan, [], say)


def tried_lines(tried: TwoStageRun, say: Translator) -> list[str]:
    """Return lines on a two-stage plan, and on work of each member that it cannot serve on the member's own hours."""
    from xisuan.report.pages import two_stage_page as pages  # noqa: PLC0415 (all chapters: 0.2 s, needed by two-stage plans)

    served = [
        (pages.called(tried.found, one.name, say.language), schedule_lines.service(run.schedule, say))
        for one, run in zip(tried.found.members, tried.runs, strict=True)
        if run.schedule is not None and run.scenario.has("demand")
    ]
    return [*two_stage_lines(tried.found, say), "", *text_layout.pairs(served)]


def two_stage_lines(found: TwoStage, say: Translator) -> list[str]:
    """Return lines on a two-stage plan: expected cost, value of information, each member, and the first-stage orders."""
    from xisuan.report.pages import two_stage_page as pages  # noqa: PLC0415 (all chapters: 0.2 s, needed by two-stage plans)

    settings = found.scenario.settings
    title = (settings.title_zh if say.language == "zh" else settings.title) or settings.name
    lines = [*text_layout.paragraph(f"{title} · {status_name(found.status, say)}"), ""]
    lines += [line for text in pages.sentences(found, say.language) for line in text_layout.paragraph(text)]
    money = Figures(say.language).money
    heads = [
        say(key)
        for key in (_("future"), _("probability"), _("cost"), _("if it were known"), _("after orders for the mean"))
    ]
    rows = [
        [
            pages.called(found, one.name, say.language),
            Figures(say.language).given(one.probability),
            money(one.plan.objective),
            money(one.alone.objective),
            money(one.mean_mcny)
            if math.isfinite(one.mean_mcny)
            else say(_("unknown") if math.isnan(one.mean_mcny) else _("no plan left")),
        ]
        for one in found.members
    ]
    lines += ["", *text_layout.table(heads, rows)]
    orders = found.members[0].plan.tables["builds"]
    early = orders[orders["period"] <= found.first]
    lines += ["", *(_largest(found.scenario, early, say) if len(early) else [f"  {say(_('nothing is built'))}"])]
    figures = [
        (say(_("proven")), proven(found, say)),
        (say(_("certificate")), certificate(found, say)),
        *effort(found, say),
    ]
    return [*lines, "", *text_layout.pairs(figures)]


def reach_lines(prices: Sequence[Price], say: Translator) -> list[str]:
    """Return the marginal cost of each target."""
    lines: list[str] = []
    for one in prices:
        asked = one.asked
        target, level = (track_phrases.amount(value, asked.unit, say.language) for value in (asked.value, one.reached))
        said = say(
            _(
                "Target {indicator}: {target} by the end of {year}; the plan has {level}.",
                indicator=asked.indicator if asked.indicator != asked.rule else f"{asked.rule} {asked.scope}",
                target=target,
                year=asked.period,
                level=level,
            )
        )
        if math.isnan(one.margin_mcny):
            said += " " + say(
                _("Cities come whole and have no margin: compare the cost with that of a plan with one city less.")
            )
        elif one.margin_mcny > SHORT:
            unit = {"1": say(_("one")), "mCNY": say(_("one million CNY"))}.get(asked.unit, f"1 {asked.unit}")
            said += " " + say(
                _(
                    "At the margin {unit} more costs {money}, discounted.",
                    unit=unit,
                    money=_small_money(one.margin_mcny, say),
                )
            )
        else:
            said += " " + say(_("It costs nothing: the plan of least cost reaches it."))
        lines += text_layout.paragraph(said, 2, 4)
    return ["", *lines] if lines else []


def _small_money(mcny: float, say: Translator) -> str:
    return Figures(say.language).money(mcny) if mcny >= 0.1 else say(_("{amount} CNY", amount=plain(mcny * 1e6)))


def reach_document(one: Price) -> dict[str, object]:
    """Return a target and its marginal cost as data."""
    asked = one.asked
    return {
        "indicator": asked.indicator, "rule": asked.rule, "scope": asked.scope, "period": asked.period,
        "target": asked.value, "unit": asked.unit, "reached": one.reached, "margin_mcny_per_unit": one.margin_mcny,
    }  # fmt: skip


def _lines(plan: Plan, more: list[tuple[str, str]], say: Translator) -> list[str]:
    settings = plan.scenario.settings
    title = (settings.title_zh if say.language == "zh" else settings.title) or settings.name
    figures = text_layout.pairs([*_figures(plan, say), *more, *effort(plan, say)])
    return [*text_layout.paragraph(f"{title} · {status_name(plan.status, say)}"), "", *_built(plan, say), "", *figures]


def _figures(plan: Plan, say: Translator) -> list[tuple[str, str]]:
    settings, figures = plan.scenario.settings, Figures(say.language)
    cost = say(_("{amount}, discounted to {year}", amount=figures.money(plan.cost_mcny), year=settings.base_year))
    invests = plan.tables["costs"]["term"].isin(CAPEX_TERMS).any()
    rows = [
        (
            say(_("cost")),
            cost
            + (
                say(_("; of the capital only its annuities within the horizon"))
                if invests and settings.capital == "annuity"
                else ""
            ),
        )
    ]
    if settings.objective == "carbon":
        rows.append(
            (
                say(_("emissions")),
                say(_("{amount} over the horizon, location-based", amount=figures.carbon(plan.objective))),
            )
        )
    if settings.objective == "residents":
        rows.append(
            (
                say(_("residents outside gigabit cities")),
                say(_("{amount} resident-years over the horizon", amount=plain(plan.objective))),
            )
        )
    rows += _cities(plan, say)
    rows += [
        (say(_("proven")), proven(plan, say)),
        (say(_("certificate")), certificate(plan, say)),
    ]
    if plan.scenario.has("demand"):
        rows.append((say(_("served")), "; ".join(_unserved(plan, say)) or say(_("all work in every period"))))
    return rows


def _cities(plan: Plan, say: Translator) -> list[tuple[str, str]]:
    """Return a line with the number of gigabit cities in the last period and the capital for them; empty without
    cities.
    """
    if "gigabit" not in plan.tables:
        return []
    last = plan.tables["gigabit"].query("period == period.max()")
    money = Figures(say.language).money(float(plan.tables["access_totals"]["capex_mcny"].sum()))
    count, period = int(last["gigabit"].sum()), plan.scenario.settings.periods[-1]
    return [
        (
            say(_("gigabit cities")),
            say(
                _("{count} of {all} in {period}, for {amount}", count=count, all=len(last), period=period, amount=money)
            ),
        )
    ]


def _unserved(plan: Plan, say: Translator) -> list[str]:
    """Return a phrase for each period and workload that is not fully served, the largest share first."""
    worst = undone(plan.tables["service"]).head(NAMED)
    return [
        say(
            _(
                "{share} of {workload} is not served in {period}",
                share=Figures(say.language).share(row["share"]),
                workload=called(plan.scenario, row["workload"], say),
                period=row["period"],
            )
        )
        for row in worst.to_dict("records")
    ]


def _built(plan: Plan, say: Translator) -> list[str]:
    """Return halls, equipment, links and capital of each period, then the largest builds."""
    builds = plan.tables["builds"]
    periods = plan.scenario.settings.periods
    access = plan.tables["access_totals"] if "access_totals" in plan.tables else builds.iloc[:0]
    if builds.empty and not access["capex_mcny"].sum() > 0:
        return [f"  {say(_('nothing is built'))}"]
    rows = [
        _by_period(f"{say(_('halls'))}, MW", builds[builds["asset"] == "hall"], "amount", periods),
        _by_period(f"{say(_('equipment'))}, MW", builds[builds["asset"] == "compute"], "mw", periods),
        _by_period(f"{say(_('links'))}, Gbps", builds[builds["asset"] == "link"], "amount", periods),
        _by_period(say(_("capital, million CNY")), builds, "capex_mcny", periods),
        _by_period(f"{say(_('gigabit access'))}, {say(_('million CNY'))}", access, "capex_mcny", periods),
    ]
    head = [say(_("Built")), *(str(period) for period in periods), say(_("total"))]
    found = text_layout.table(head, [row for row in rows if row[-1] != "0"])
    return found if builds.empty else [*found, "", *_largest(plan.scenario, builds, say)]


def _by_period(label: str, builds: pd.DataFrame, column: str, periods: tuple[int, ...]) -> list[str]:
    sums = builds.groupby("period")[column].sum()
    values = [float(sums.get(period, 0.0)) for period in periods]
    values = [value if value > LEAST_PART * sum(values) else 0.0 for value in values]
    return [label, *(plain(value) for value in values), plain(sum(values))]


def _largest(scenario: Scenario, builds: pd.DataFrame, say: Translator) -> list[str]:
    order = builds.sort_values("capex_mcny", ascending=False, kind="stable").head(MOST_BUILDS)
    head = [
        say(key)
        for key in (
            _("Largest builds"),
            _("where"),
            _("technology"),
            _("unit"),
            _("year"),
            _("amount"),
            _("million CNY"),
        )
    ]
    rows = [
        [
            say(terms.named(terms.ASSETS, row["asset"])),
            called(scenario, row["where"], say),
            called(scenario, row["technology"], say),
            row["unit"],
            str(row["period"]),
            plain(row["amount"]),
            plain(row["capex_mcny"]),
        ]
        for row in order.to_dict("records")
    ]
    more = len(builds) - len(order)
    return [
        *text_layout.table(head, rows, text=4),
        *([f"  {say(_('{count} more in {place}', count=more, place='builds.parquet'))}"] if more else []),
    ]


def alternative_lines(found: pd.DataFrame, plan: Plan, within: float, say: Translator) -> list[str]:
    """Return the smallest and largest size of each capacity near the optimum."""
    goal = plan.scenario.settings.objective
    period = plan.scenario.settings.periods[-1]
    head = [
        say(key)
        for key in (
            _("asset"),
            _("where"),
            _("technology"),
            _("verdict"),
            _("unit"),
            _("planned"),
            _("least"),
            _("most"),
        )
    ]
    rows = [
        [
            say(terms.named(terms.ASSETS, row["asset"])),
            *(called(plan.scenario, row[name], say) for name in ("where", "technology")),
        ]
        + [say(VERDICTS[row["verdict"]]), row["unit"]]
        + [plain(value) for value in (row["planned"], row["least"], row["most"])]
        for row in found.to_dict("records")
    ]
    lead = say(
        _(
            "What stands in {period} at up to {share} more than the least {objective}:",
            period=period,
            share=Figures(say.language).given(within),
            objective=say(GOALS[goal]),
        )
    )
    lines = [*text_layout.paragraph(lead), "", *text_layout.table(head, rows, text=5)]
    return (
        [*lines, "", *text_layout.pairs([(say(_("certificate")), certificate(plan, say))])]
        if output.code(plan)
        else lines
    )
