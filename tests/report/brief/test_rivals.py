"""Rivals by name: who takes what leaves, on the first screen, and each site of a place of several beside its rival."""

from __future__ import annotations

import dataclasses

import pytest

from tests.report import decided, fake
from xisuan.report.brief import tiles
from xisuan.report.chapters import customers_chapter
from xisuan.report.run_context import Context
from xisuan.results.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    found = fake.run()
    return dataclasses.replace(found, decisions=decided.for_run(found))


@pytest.mark.parametrize(("direction", "found", "is_named"), [
    ("loses at", True, True),
    ("loses at", False, False),
    ("gains at", True, False),
])  # fmt: skip
def test_who_takes_what_leaves_is_named_on_the_first_screen(
    run: Run, direction: str, found: bool, is_named: bool
) -> None:
    table = run.decisions["break_even"].assign(direction=direction, found=found)
    context = Context(dataclasses.replace(run, decisions={**run.decisions, "break_even": table}), "en")
    rival = context.site(str(table["rival"].iloc[0]))
    (tile,) = (one for one in tiles.tiles(context) if one.question == "What turns the plan?")
    assert tile.label.endswith(f"mostly to {rival}") == is_named


@pytest.mark.parametrize("focus", [("GAN",), ("GAN", "HLG")])
def test_costs_here_are_told_apart_by_site_where_the_place_has_several(run: Run, focus: tuple[str, ...]) -> None:
    context = Context(run, "en")
    context.__dict__["focus"] = focus
    table = customers_chapter._costs(context)
    assert table is not None
    titles = [column.title for column in table.columns]
    assert ("Where" in titles) == (len(focus) > 1)
    assert all(len(row.cells) == len(titles) for row in table.rows)
    if len(focus) > 1:
        assert {row.cells[1].text for row in table.rows} == {context.site(site) for site in focus}
