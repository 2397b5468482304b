"""Section 18: what this plan does not answer, said before anyone asks."""

from __future__ import annotations

from xisuan.report.context import Context
from xisuan.report.specs import Section, Text

QUESTIONS = ("jobs", "tax", "chips", "subsidies", "software", "market", "jobs_of_work", "chance")


def section(context: Context) -> Section:
    """Questions that the model cannot answer, and why not."""
    say = context.say
    items = tuple(say(f"unanswered.{name}") for name in QUESTIONS)
    return Section("unanswered", say("unanswered.title"), say("unanswered.lead"), (Text(items=items),))
