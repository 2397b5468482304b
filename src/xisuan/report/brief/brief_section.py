"""Section of the brief: six tiles, the region year by year, the decisions due."""

from __future__ import annotations

from xisuan.report.access import access_first_screen
from xisuan.report.brief import due_decisions, open_choices, tiles, year_charts
from xisuan.report.brief.finding import finding, finding_of_cities
from xisuan.report.document.blocks import Brief, Section
from xisuan.report.operation import rolling_cost
from xisuan.report.run_context import Context
from xisuan.text.translation import message as _

NAME = "brief"
"""Anchor of the brief."""


def section(context: Context) -> Section:
    """Return the brief of a run; its title is the finding."""
    if access_first_screen.about_cities(context):
        return Section(NAME, finding_of_cities(context), blocks=(Brief(access_first_screen.tiles(context)),))
    charts = year_charts.charts(context)
    title = context.say(_("{place} year by year", place=context.focus_name))
    note = year_charts.note(context, charts) + rolling_cost.brief_sentence(context)
    due, warning = due_decisions.due(context), open_choices.warning(context)
    brief = Brief(tiles.tiles(context), charts, title, note, due, warning)
    return Section(NAME, finding(context), blocks=(brief,))
