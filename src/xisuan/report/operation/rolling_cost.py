"""Cost of a rolling operation beside one that knows all hours."""

from __future__ import annotations

from gnomon import LEAST_OBJECTIVE, relative_gap
from xisuan.report.run_context import LEAST_SHARE, Context
from xisuan.results.schedule import Schedule
from xisuan.scenario.checks.rolling_horizon import longer_waits
from xisuan.text.translation import message as _


def sentence(context: Context, schedule: Schedule) -> str:
    """Return how a rolling operation was decided, its cost of not knowing, and the work that may wait beyond its horizon."""
    show, foresight, more = context.show, schedule.foresight, schedule.not_knowing_mcny
    assert foresight is not None
    said = context.say(
        _(
            "It was decided {step} hours at a time, with forecasts {horizon} hours ahead whose error grows to {error}. Not "
            "knowing the hours ahead costs {more} ({share}), penalties included, beside {perfect} with all hours known.",
            step=foresight.step,
            horizon=foresight.horizon,
            error=show.given(foresight.error),
            more=show.money(more),
            share=show.share(share_of_cost(schedule)),
            perfect=show.money(foresight.perfect_mcny),
        )
    )
    waits = longer_waits(schedule.scenario, foresight.horizon, foresight.step)
    if waits:
        names = context.show.listed([context.workload(str(problem.row)) for problem in waits])
        said += context.say(
            _(
                " It looks ahead less far than {workloads} may wait: each window plans to finish that work in its hours.",
                workloads=names,
            )
        )
    return said


def brief_sentence(context: Context) -> str:
    """Return the cost of not knowing in the typical week, or why it is unknown; blank where it was not asked for."""
    week, why = context.run.week, context.run.notes.get("rolling", "")
    if why:
        return context.say(_(" The rolling operation of the typical week has no result ({why}).", why=why))
    if week is None or week.foresight is None:
        return ""
    foresight, more = week.foresight, share_of_cost(week)
    given = {"step": foresight.step, "horizon": foresight.horizon, "year": context.last}
    if more <= relative_gap(foresight.perfect_mcny, week.lower_bound):
        return context.say(
            _(
                " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of "
                "{year} costs no more than with all hours known, within the gap of its proof.",
                **given,
            )
        )
    said = context.say(
        _(
            " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of {year} "
            "costs {share} more than with all hours known, penalties included.",
            **given,
            share=context.show.share(more),
        )
    )
    penalties = week.penalty_mcny / max(LEAST_OBJECTIVE, abs(week.cost_mcny))
    if penalties > LEAST_SHARE:
        said += context.say(
            _(
                " Penalties for what is not served are {share} of its cost: a longer horizon, or spare, avoids them.",
                share=context.show.share(penalties),
            )
        )
    return said


def share_of_cost(schedule: Schedule) -> float:
    """Return the cost of not knowing as a share of the cost with all hours known."""
    assert schedule.foresight is not None
    return schedule.not_knowing_mcny / max(LEAST_OBJECTIVE, abs(schedule.foresight.perfect_mcny))
