"""Texts about scenarios in the user's language: what checks find, and what tables, columns and options mean."""

from __future__ import annotations

import re

from xisuan.errors import Problem, ScenarioError, lines
from xisuan.scenario.schema.column_types import Column, described
from xisuan.studio.column_headings import HEADINGS
from xisuan.text.translation import Translator, translate
from xisuan.text.translation import message as _


def said(say: Translator, text: str) -> str:
    """Return a text of the schema of scenarios."""
    return translate(described(text), say.language) if text else ""


def blank(say: Translator, column: Column) -> str:
    """Return the meaning of a blank cell in a column."""
    return said(say, column.blank)


def column_heading(say: Translator, column: Column | None, name: str) -> str:
    """Return the heading of a column, with its unit."""
    unit = said(say, column.unit) if column and column.unit else ""
    return say(HEADINGS.get(name, name)) + (say(_(" ({unit})", unit=unit)) if unit else "")


def line_number(problem: Problem) -> int | None:
    """Return the line of the file that a finding is about; None if it is about none."""
    found = re.match(r"row (\d+)", problem.row)
    return int(found[1]) if found else None


def line(say: Translator, problem: Problem) -> str:
    """Return a finding of a check on one line; a column is named by its heading."""
    heading = HEADINGS.get(problem.column)
    return problem.under(problem.column if heading is None else say(heading), say.language)


def words(say: Translator, problem: ScenarioError) -> str:
    """Return an error in a scenario, one problem on a line."""
    first, *rest = lines(problem, say.language)
    return "\n".join([first, *(f"  {one}" for one in rest)])
