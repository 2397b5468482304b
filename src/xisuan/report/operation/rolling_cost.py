"""Cost of a rolling operation beside one that knows all hours."""

from __future__ import annotations

from gnomon import LEAST_OBJECTIVE
from xisuan.report.run_context import Context
from xisuan.results.schedule import Schedule
from xisuan.text.translation import message as _


def sentence(context: Context, schedule: Schedule) -> str:
    """Return how a rolling operation was decided, and its cost of not knowing."""
    show, foresight, more = context.show, schedule.foresight, schedule.not_knowing_mcny
    assert foresight is not None
    return context.say(
        _(
            "It was decided {step} hours at a time, with forecasts {horizon} hours ahead whose error grows to {error}. Not "
            "knowing the hours ahead costs {more} ({share}), penalties included, beside {perfect} with all hours known.",
            step=foresight.step,
            horizon=foresight.horizon,
            error=show.given(foresight.error),
            more=show.money(more),
            share=show.share(more / max(LEAST_OBJECTIVE, abs(foresight.perfect_mcny))),
            perfect=show.money(foresight.perfect_mcny),
        )
    )


def brief_sentence(context: Context) -> str:
    """Return the cost of not knowing in the typical week, or why it is unknown; blank where it was not asked for."""
    week, why = context.run.week, context.run.notes.get("rolling", "")
    if why:
        return context.say(_(" The rolling operation of the typical week has no result ({why}).", why=why))
    if week is None or week.foresight is None:
        return ""
    foresight, more = week.foresight, week.not_knowing_mcny
    return context.say(
        _(
            " Decided {step} hours at a time, with forecasts {horizon} hours ahead, operation in the typical week of {year} "
            "costs {share} more than with all hours known.",
            step=foresight.step,
            horizon=foresight.horizon,
            year=context.last,
            share=context.show.share(more / max(LEAST_OBJECTIVE, abs(foresight.perfect_mcny))),
        )
    )
