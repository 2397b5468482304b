"""A plan, a schedule, alternatives in a few lines of a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from gnomon.solution import LEAST_OBJECTIVE
from xisuan.cli.terminal import output, text_layout
from xisuan.decisions.display_names import called_in_key
from xisuan.report import terms
from xisuan.report.document.entity_names import Names
from xisuan.report.pages import two_stage_page as pages
from xisuan.report.tracking import track_phrases
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.hardest_week import hardest
from xisuan.results.summaries.unserved_work import NAMED, undone
from xisuan.results.two_stage import TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.scenario import Scenario
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator, in_context, unfilled
from xisuan.text.translation import message as _
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
SHORT = 1e-6
"""Share of the whole below which a shortfall or an excess is rounding."""
TOLD_APART = 1e-6
"""Gaps that differ by no more are one, as in the certificate."""
LEAST_PART = 1e-4
"""Share of a row below which what is built in a year is an interior point's rounding, as in the report."""


def status_name(name: str, say: Translator) -> str:
    """Return the status of a plan or schedule; in English the word that the data has."""
    return name if say.language == "en" else say(terms.named(terms.STATUSES, name))


def solver_name(name: str, say: Translator) -> str:
    """Return what solved it: a program by its name, our own method in words."""
    return name if say.language == "en" else say(terms.named(terms.METHODS, name))


def run_lines(run: Run, say: Translator) -> list[str]:
    """All that a run found, the plan first."""
    tried = (
        ((say(_("own hours")), run.schedule), (say(_("other days")), run.others)) if run.scenario.has("demand") else ()
    )
    served = [(name, _service(result, say)) for name, result in tried if result is not None]
    return _lines(run.plan, [*served, *_refused(run, say)], say)


def _refused(run: Run, say: Translator) -> list[tuple[str, str]]:
    """The schedules whose certificate does not hold."""
    schedules = (
        (say(_("own hours")), run.schedule),
        (say(_("other days")), run.others),
        (say(_("typical week")), run.week),
    )
    return [
        (say(_("certificate")), f"{name}: {_certificate(one, say)}")
        for name, one in schedules
        if one and output.code(one)
    ]


def plan_lines(plan: Plan, say: Translator) -> list[str]:
    """Title, what is built, what it costs, how far to trust it."""
    return _lines(plan, [], say)


def tried_lines(tried: TwoStageRun, say: Translator) -> list[str]:
    """A plan for several futures, and what of each member's work it cannot serve on its own hours."""
    served = [
        (pages.called(tried.found, one.name, say.language), _service(run.schedule, say))
        for one, run in zip(tried.found.members, tried.runs, strict=True)
        if run.schedule is not None and run.scenario.has("demand")
    ]
    return [*two_stage_lines(tried.found, say), "", *text_layout.pairs(served)]


def two_stage_lines(found: TwoStage, say: Translator) -> list[str]:
    """What a plan for several futures costs, what knowing would be worth, each future, and what to order now."""
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
        (say(_("proven")), _proven(found, say)),
        (say(_("certificate")), _certificate(found, say)),
        *_effort(found, say),
    ]
    return [*lines, "", *text_layout.pairs(figures)]


def reach_lines(prices: Sequence[Price], say: Translator) -> list[str]:
    """What each target costs at the margin."""
    lines: list[str] = []
    for one in prices:
        asked = one.asked
        target, level = (track_phrases.amount(value, asked.unit, say.language) for value in (asked.value, one.reached))
        said = say(
            _(
                "Target {indicator}: {target} by the end of {year}; the plan has {level}.",
                indicator=asked.indicator,
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
    """A target with what it costs at the margin, as data."""
    asked = one.asked
    return {
        "indicator": asked.indicator, "rule": asked.rule, "scope": asked.scope, "period": asked.period,
        "target": asked.value, "unit": asked.unit, "reached": one.reached, "margin_mcny_per_unit": one.margin_mcny,
    }  # fmt: skip


def _lines(plan: Plan, more: list[tuple[str, str]], say: Translator) -> list[str]:
    settings = plan.scenario.settings
    title = (settings.title_zh if say.language == "zh" else settings.title) or settings.name
    figures = text_layout.pairs([*_figures(plan, say), *more, *_effort(plan, say)])
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
        (say(_("proven")), _proven(plan, say)),
        (say(_("certificate")), _certificate(plan, say)),
    ]
    if plan.scenario.has("demand"):
        rows.append((say(_("served")), "; ".join(_unserved(plan, say)) or say(_("all work in every period"))))
    return rows


def _cities(plan: Plan, say: Translator) -> list[tuple[str, str]]:
    """How many cities are gigabit cities in the last period, and the capital for it; nothing without cities."""
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


def _effort(plan: Plan | TwoStage | Schedule, say: Translator) -> list[tuple[str, str]]:
    """What the solve took, beside what was expected; and plainly, where the method chosen first gave no proof."""
    effort = plan.effort
    solved = say(
        _(
            "{rows} rows, {columns} columns, {nonzeros} non-zeros; built in {build} s, solved in {seconds} s "
            "by {solver}",
            rows=f"{effort.rows:,}",
            columns=f"{effort.columns:,}",
            nonzeros=f"{effort.nonzeros:,}",
            build=_brief(effort.build_seconds),
            seconds=_brief(effort.seconds),
            solver=solver_name(effort.solver, say),
        )
    )
    if not math.isnan(effort.expected_seconds):
        foretold = {"seconds": _brief(effort.expected_seconds), "memory": plain(effort.expected_mb, 2)}
        known = not math.isnan(effort.peak_mb)
        solved += (
            say(
                _(
                    " (expected: {seconds} s and {memory} MB of memory; taken: {peak} MB)",
                    **foretold,
                    peak=plain(effort.peak_mb, 2),
                )
            )
            if known
            else say(_(" (expected: {seconds} s and {memory} MB of memory)", **foretold))
        )
    rows = [(say(_("effort")), solved)]
    if effort.gave_up:
        rows.append(
            (
                say(_("Warning")),
                say(
                    _(
                        "the structured method has no proof, or none that is confirmed ({why}); the plan and its proof "
                        "are those of HiGHS ({solver})",
                        why=effort.gave_up,
                        solver=solver_name(effort.solver, say),
                    )
                ),
            )
        )
    return rows


def _brief(seconds: float) -> str:
    """Seconds with two digits; what nobody could notice is said to be below a hundredth."""
    return "<0.01" if 0.0 < seconds < 0.01 else plain(seconds, 2)


def _proven(one: Plan | TwoStage | Schedule, say: Translator) -> str:
    """How far from the least it is by its certificate; of branch and bound, which proves more, that this is its word."""
    objective = one.cost_mcny if isinstance(one, Schedule) else one.objective
    gap = math.inf if one.certificate is None else max(one.certificate.gap(objective), 0.0)
    said = (
        say(_("within {gap} of the least possible", gap=Figures(say.language).most(gap)))
        if math.isfinite(gap)
        else say(_("no lower bound could be proven"))
    )
    if one.effort.integers and max(one.gap, 0.0) < gap - TOLD_APART:
        said += say(
            _(
                "; by the word of branch and bound, which nothing checks, {gap}",
                gap=Figures(say.language).tiny(max(one.gap, 0.0)),
            )
        )
    return said


def _certificate(one: Plan | TwoStage | Schedule, say: Translator) -> str:
    found = one.certificate
    if found is None:
        return say(in_context("cli", "not made"))
    if not found.ok:
        return say(
            _("DOES NOT HOLD: {findings}", findings="; ".join(found.findings[:3]) or f"{found.max_violation:.1e}")
        )
    said = say(
        _(
            "holds: {families} families of constraints, largest violation {violation}, cost recomputed",
            families=len(found.families),
            violation=f"{found.max_violation:.1e}",
        )
    )
    return said if math.isfinite(found.lower_bound) else said + say(_("; it proves NO lower bound"))


def _unserved(plan: Plan, say: Translator) -> list[str]:
    """What is not served, a phrase for each period and workload, the largest share first."""
    worst = undone(plan.tables["service"]).head(NAMED)
    return [
        say(
            _(
                "{share} of {workload} is not served in {period}",
                share=Figures(say.language).share(row["share"]),
                workload=_called(plan.scenario, row["workload"], say),
                period=row["period"],
            )
        )
        for row in worst.to_dict("records")
    ]


def _built(plan: Plan, say: Translator) -> list[str]:
    """Halls, equipment, links and money a period, then the largest builds."""
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


def _called(scenario: Scenario, key: str, say: Translator) -> str:
    """What people call it, as in the report: a rule, a thing by its title, a link by its ends; else its key."""
    names = Names(scenario, say.language)
    if key in names.ends:
        return names.link(key)
    return called_in_key(scenario, key)[say.language == "zh"] if key else key


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
            _called(scenario, row["where"], say),
            _called(scenario, row["technology"], say),
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


def schedule_lines(schedule: Schedule, plan: Plan, say: Translator) -> list[str]:
    """Whether all is served, what it costs beside what the plan expected, which yearly rules are exceeded; of a whole year
    the hardest week; how far the cost is proven, and what finding it took."""
    money, crumb = Figures(say.language).money, SHORT * abs(schedule.cost_mcny)
    cost = money(schedule.cost_mcny)
    if schedule.penalty_mcny > crumb:
        own = money(schedule.cost_mcny - schedule.penalty_mcny)
        cost = say(
            _(
                "{amount}; besides it {penalty} of penalties, which weigh what is not done and are paid to nobody",
                amount=own,
                penalty=money(schedule.penalty_mcny),
            )
        )
    rows = [(say(_("served")), _service(schedule, say)), (say(_("operating cost")), cost)]
    rows += _beside(schedule, expected_mcny(plan, schedule), say)
    for row in schedule.tables["excess"].to_dict("records"):
        if row["mcny"] > crumb:
            rule, scope = (_called(plan.scenario, str(row[name]), say) for name in ("rule", "scope"))
            rows.append((say(_("exceeded")), f"{rule} {scope} {row['period']}: {plain(row['amount'])} {row['unit']}"))
    rows.append((say(_("certificate")), _certificate(schedule, say)))
    if not math.isnan(schedule.effort.expected_seconds):
        rows += _found(schedule, say)
    return [f"{schedule.scenario.settings.name} · {status_name(schedule.status, say)}", "", *text_layout.pairs(rows)]


def expected_mcny(plan: Plan, schedule: Schedule) -> float:
    """Discounted cost of operation in the periods of `schedule` as the plan has it, without penalties, mCNY."""
    costs = plan.tables["costs"]
    running = ~costs["term"].isin([*CAPEX_TERMS, "unserved"])
    running &= costs["period"].isin(schedule.scenario.settings.periods)
    return float(costs.loc[running, "discounted_mcny"].sum())


def _beside(schedule: Schedule, expected: float, say: Translator) -> list[tuple[str, str]]:
    """The cost of operation beside what the plan expected, where it is another: both without penalties, and said to be
    where there are some."""
    more = schedule.cost_mcny - schedule.penalty_mcny - expected
    left_open = (schedule.gap if math.isfinite(schedule.gap) else 0.0) * abs(schedule.cost_mcny)
    if abs(more) <= max(1e-3 * abs(expected), left_open):
        said = say(_("{amount}, as the plan expected", amount=Figures(say.language).money(expected)))
    else:
        share = Figures(say.language).share(abs(more) / max(LEAST_OBJECTIVE, abs(expected)))
        key = (
            unfilled("{share} more than the {amount} that the plan expected")
            if more > 0
            else unfilled("{share} less than the {amount} that the plan expected")
        )
        said = say(_(key, amount=Figures(say.language).money(expected), share=share))
    penalised = schedule.penalty_mcny > SHORT * abs(schedule.cost_mcny)
    return [(say(_("beside plan")), said + (say(_(", penalties left out of both")) if penalised else ""))]


def _found(schedule: Schedule, say: Translator) -> list[tuple[str, str]]:
    week = hardest(schedule)
    rows = [(say(_("proven")), _proven(schedule, say))]
    if week is not None and week.unserved > 0.0:
        amount = plain(week.unserved)
        rows.append(
            (
                say(_("hardest week")),
                say(
                    _(
                        "week {number} of {period}: {amount} unit-hours are not served in time",
                        number=week.number,
                        period=week.period,
                        amount=amount,
                    )
                ),
            )
        )
    elif week is not None and not math.isnan(week.share):
        share = Figures(say.language).share(week.share)
        full = say(
            _(
                "week {number} of {period}: {share} of {of} at work in its fullest hour; nothing is late",
                number=week.number,
                period=week.period,
                share=share,
                of=say(terms.named(terms.PLAIN_CLASSES, week.of)),
            )
        )
        rows.append((say(_("hardest week")), full))
    return rows + _effort(schedule, say)


def _service(schedule: Schedule, say: Translator) -> str:
    short = schedule.tables["shortfall"]
    short = short[short["share"] > SHORT]
    if short.empty:
        return say(_("all is served (hours a period: {hours})", hours=schedule.scenario.timeline.n_hours))
    worst = short.sort_values("share", ascending=False).to_dict("records")[0]
    share = Figures(say.language).share(worst["share"])
    work, region = (_called(schedule.scenario, worst[name], say) for name in ("workload", "region"))
    return say(
        _(
            "short: {share} of {workload} from {region} in {period} is the largest shortfall",
            share=share,
            workload=work,
            region=region,
            period=worst["period"],
        )
    )


def alternative_lines(found: pd.DataFrame, plan: Plan, within: float, say: Translator) -> list[str]:
    """The least and the most of each capacity near the optimum."""
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
            *(_called(plan.scenario, row[name], say) for name in ("where", "technology")),
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
        [*lines, "", *text_layout.pairs([(say(_("certificate")), _certificate(plan, say))])]
        if output.code(plan)
        else lines
    )
