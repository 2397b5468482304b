"""Section 18: what this plan does not answer, said before anyone asks."""

from __future__ import annotations

from xisuan.report.document.blocks import Section, Text
from xisuan.report.run_context import Context

QUESTIONS = ("jobs", "tax", "chips", "subsidies", "software", "market", "jobs_of_work", "chance")
OF_CITIES = ("inside", "parts", "reported", "subscribers", "tax", "odds")


EDGE = "edge"
"""Kind of a site that is all that stands outside clusters in its part of the country."""


def section(context: Context) -> Section:
    """Questions that the model cannot answer, and why not."""
    return _section(context, QUESTIONS, _metros(context))


def of_cities(context: Context) -> Section:
    """The same of a plan of gigabit cities alone."""
    return _section(context, OF_CITIES)


def _metros(context: Context) -> str:
    """What sites that stand for a part of the country are, and how much of all halls they hold; blank where none is."""
    sites = context.scenario["sites"].drop_duplicates("site")
    edges = set(sites.loc[sites["kind"] == EDGE, "site"])
    halls = context.hall_mw
    mine = float(halls[halls.index.isin(edges)].sum())
    if not mine > 0:
        return ""
    share, mw = context.show.share(mine / float(halls.sum())), context.show.mw(mine)
    return context.say("unanswered.metros", n=len(edges), mw=mw, share=share, year=context.last)


def _section(context: Context, names: tuple[str, ...], *more: str) -> Section:
    say = context.say
    items = (*(say(f"unanswered.{name}") for name in names), *(text for text in more if text))
    return Section("unanswered", say("unanswered.title"), say("unanswered.lead"), (Text(items=items),))
