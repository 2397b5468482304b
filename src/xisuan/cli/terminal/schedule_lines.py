"""Summary of a schedule as lines for a terminal."""

from __future__ import annotations

import math

from gnomon import LEAST_OBJECTIVE
from xisuan.cli.terminal import text_layout
from xisuan.cli.terminal.result_phrases import SHORT, called, certificate, effort, proven, status_name
from xisuan.report import terms
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.hardest_week import hardest
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator, unfilled
from xisuan.text.translation import message as _


def schedule_lines(schedule: Schedule, plan: Plan, say: Translator) -> list[str]:
    """Return service, cost against that of the plan, yearly rules that are exceeded, and the certificate.

    Of a whole year also the hardest week, how far the cost is proven, and the effort.
    """
    money, crumb = Figures(say.language).money, SHORT * abs(schedule.cost_mcny)
    cost = money(schedule.cost_mcny)
    if schedule.penalty_mcny > crumb:
        own = money(schedule.cost_mcny - schedule.penalty_mcny)
        cost = say(
            _(
                "{amount}; plus {penalty} of penalties for unserved work, which are no cash cost",
                amount=own,
                penalty=money(schedule.penalty_mcny),
            )
        )
    rows = [(say(_("served")), service(schedule, say)), (say(_("operating cost")), cost)]
    rows += _beside(schedule, expected_mcny(plan, schedule), say)
    if schedule.foresight is not None:
        rows.append((say(_("not knowing")), not_knowing(schedule, say)))
    for row in schedule.tables["excess"].to_dict("records"):
        if row["mcny"] > crumb:
            rule, scope = (called(plan.scenario, str(row[name]), say) for name in ("rule", "scope"))
            rows.append((say(_("exceeded")), f"{rule} {scope} {row['period']}: {plain(row['amount'])} {row['unit']}"))
    rows.append((say(_("certificate")), certificate(schedule, say)))
    if not math.isnan(schedule.effort.expected_seconds):
        rows += _proof_lines(schedule, say)
    return [f"{schedule.scenario.settings.name} · {status_name(schedule.status, say)}", "", *text_layout.pairs(rows)]


def expected_mcny(plan: Plan, schedule: Schedule) -> float:
    """Return the discounted cost of operation in the periods of `schedule` as the plan has it, without penalties, mCNY."""
    costs = plan.tables["costs"]
    running = ~costs["term"].isin([*CAPEX_TERMS, "unserved"])
    running &= costs["period"].isin(schedule.scenario.settings.periods)
    return float(costs.loc[running, "discounted_mcny"].sum())


def not_knowing(schedule: Schedule, say: Translator) -> str:
    """Return what a rolling horizon costs beside a schedule that knows all hours, penalties apart."""
    foresight, show = schedule.foresight, Figures(say.language)
    assert foresight is not None
    penalty = schedule.not_knowing_penalty_mcny
    more, perfect = schedule.not_knowing_mcny - penalty, foresight.perfect_mcny - foresight.perfect_penalty_mcny
    return say(
        _(
            "{amount} ({share}) and penalties of {penalty} above a schedule that knows all hours: {horizon} hours ahead, "
            "{step} at a time, forecast error {error}",
            amount=show.money(more),
            share=show.share(more / max(LEAST_OBJECTIVE, abs(perfect))),
            penalty=show.money(penalty),
            horizon=foresight.horizon,
            step=foresight.step,
            error=show.given(foresight.error),
        )
    )


def _beside(schedule: Schedule, expected: float, say: Translator) -> list[tuple[str, str]]:
    """Return the cost of operation against that of the plan, both without penalties."""
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


def _proof_lines(schedule: Schedule, say: Translator) -> list[tuple[str, str]]:
    week = hardest(schedule)
    rows = [(say(_("proven")), proven(schedule, say))]
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
    return rows + effort(schedule, say)


def service(schedule: Schedule, say: Translator) -> str:
    """Return whether all is served, else the largest shortfall."""
    short = schedule.tables["shortfall"]
    short = short[short["share"] > SHORT]
    if short.empty:
        return say(_("all is served (hours a period: {hours})", hours=schedule.scenario.timeline.n_hours))
    worst = short.sort_values("share", ascending=False).to_dict("records")[0]
    share = Figures(say.language).share(worst["share"])
    work, region = (called(schedule.scenario, worst[name], say) for name in ("workload", "region"))
    return say(
        _(
            "short: {share} of {workload} from {region} in {period} is the largest shortfall",
            share=share,
            workload=work,
            region=region,
            period=worst["period"],
        )
    )
