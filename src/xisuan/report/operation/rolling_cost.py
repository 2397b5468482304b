"""Cost of a rolling operation beside one that knows all hours, with penalties apart."""

from __future__ import annotations

from gnomon import LEAST_OBJECTIVE
from xisuan.report.run_context import LEAST_SHARE, Context
from xisuan.results.schedule import Schedule
from xisuan.scenario.checks.rolling_horizon import longer_waits
from xisuan.text.translation import message as _


def sentence(context: Context, schedule: Schedule) -> str:
    """Return how a rolling operation was decided, its cost of not knowing, and the work that may wait beyond its horizon."""
    show, foresight = context.show, schedule.foresight
    assert foresight is not None
    more, perfect = cost_without_penalties(schedule)
    said = context.say(
        _(
            "It was decided {step} hours at a time, with forecasts {horizon} hours ahead whose error grows to {error}. "
            "Operation costs {amount}, without penalties; with all hours known {perfect}, a difference of {more} ({share}).",
            step=foresight.step,
            horizon=foresight.horizon,
            error=show.given(foresight.error),
            amount=show.money(perfect + more),
            perfect=show.money(perfect),
            more=show.money(more),
            share=show.share(more / max(LEAST_OBJECTIVE, abs(perfect))),
        )
    )
    said += _penalties(context, schedule)
    waits = longer_waits(schedule.scenario, foresight.horizon, foresight.step)
    if waits:
        names = context.show.listed([context.workload(str(problem.row)) for problem in waits])
        said += context.say(
            _(
                " It looks ahead less far than {workloads} may wait: no window sees all hours in which that work may run.",
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
    foresight = week.foresight
    given: dict[str, object] = {"step": foresight.step, "horizon": foresight.horizon, "year": context.last}
    if week.not_knowing_mcny <= foresight.perfect_mcny - week.lower_bound:
        return context.say(
            _(
                " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of "
                "{year} costs no more than with all hours known, within the gap of its proof.",
                **given,
            )
        )
    more, perfect = cost_without_penalties(week)
    given |= {
        "more": context.show.money(abs(more)),
        "share": context.show.share(abs(more) / max(LEAST_OBJECTIVE, abs(perfect))),
    }
    if more >= 0.0:
        said = context.say(
            _(
                " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of "
                "{year} costs {more} ({share}) more than with all hours known.",
                **given,
            )
        )
    else:
        said = context.say(
            _(
                " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of "
                "{year} costs {more} ({share}) less than with all hours known, because it serves less.",
                **given,
            )
        )
    return said + _penalties(context, week)


def _penalties(context: Context, schedule: Schedule) -> str:
    """Return the penalties beside those with all hours known; blank where they are the same."""
    foresight, more = schedule.foresight, schedule.not_knowing_penalty_mcny
    assert foresight is not None
    if more <= LEAST_SHARE * abs(schedule.cost_mcny):
        return ""
    return context.say(
        _(
            " Penalties for what is not served are {penalty}, with all hours known {known}: a longer horizon, or spare, "
            "avoids the difference.",
            penalty=context.show.money(schedule.penalty_mcny),
            known=context.show.money(foresight.perfect_penalty_mcny),
        )
    )


def cost_without_penalties(schedule: Schedule) -> tuple[float, float]:
    """Return the cost of not knowing, and the cost with all hours known, both without penalties, mCNY."""
    assert schedule.foresight is not None
    perfect = schedule.foresight.perfect_mcny - schedule.foresight.perfect_penalty_mcny
    return schedule.not_knowing_mcny - schedule.not_knowing_penalty_mcny, perfect
