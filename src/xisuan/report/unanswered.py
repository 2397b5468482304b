"""Section 18: what this plan does not answer, said before anyone asks."""

from __future__ import annotations

from xisuan.report.context import Context
from xisuan.report.specs import Section, Text

QUESTIONS = ("jobs", "tax", "chips", "subsidies", "software", "market", "jobs_of_work", "chance")
OF_CITIES = ("inside", "parts", "reported", "subscribers", "tax", "odds")


def section(context: Context) -> Section:
    """Questions that the model cannot answer, and why not."""
    return _section(context, QUESTIONS)


def of_cities(context: Context) -> Section:
    """The same of a plan of gigabit cities alone."""
    return _section(context, OF_CITIES)


def _section(context: Context, names: tuple[str, ...]) -> Section:
    say = context.say
    items = tuple(say(f"unanswered.{name}") for name in names)
    return Section("unanswered", say("unanswered.title"), say("unanswered.lead"), (Text(items=items),))
