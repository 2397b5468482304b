"""Texts about scenarios in the user's language: what checks find, and what tables, columns and options mean."""

from __future__ import annotations

import dataclasses

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import chinese
from xisuan.scenario.schema.column_types import Column
from xisuan.studio.column_headings import HEADINGS
from xisuan.text.translation import Translator


def said(say: Translator, text: str) -> str:
    """Return a text of the schema of scenarios."""
    return chinese.twins()(text) if say.language == "zh" else text


def blank(say: Translator, column: Column) -> str:
    """Return the meaning of a blank cell in a column."""
    return chinese.blank(column, say.language)


def line(say: Translator, problem: Problem) -> str:
    """Return a finding of a check on one line; a column is named by its heading."""
    heading = HEADINGS.get(problem.column)
    column = problem.column if heading is None else say(heading)
    return chinese.line(dataclasses.replace(problem, column=column), say.language)


def words(say: Translator, problem: ScenarioError) -> str:
    """Return an error in a scenario, one problem on a line."""
    return chinese.words(problem, chinese.twins()) if say.language == "zh" else str(problem)
