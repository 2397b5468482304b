"""One section of a page made alone: all of them take more than a second, and most tests ask about one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from xisuan.report.document.blocks import Section
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.translation import Language

NUMBERS = {
    "headline": 1, "targets": 2, "map": 3, "orders": 4, "money": 5, "service": 6, "why": 7, "levelised": 8, "usage": 9,
    "electricity": 10, "network": 11, "gigabit": 12, "rules": 13, "stress": 14, "estimates": 15, "calibration": 16,
    "hours": 17, "unanswered": 18, "proof": 19,
}  # fmt: skip
"""Section → its number on the page."""


def section(run: Run, name: str, language: Language = "en") -> Section:
    """The section of that name, as the page has it."""
    (found,) = chosen(run, (name,), language)
    assert found.name == name
    return found


def chosen(run: Run, names: Iterable[str], language: Language) -> list[Section]:
    """Those of the sections that this page has."""
    context = Context(run, language)
    made = ((NUMBERS[name], single_future_page.SECTIONS[NUMBERS[name]](context)) for name in names)
    return [dataclasses.replace(found, number=number) for number, found in made if found is not None]
