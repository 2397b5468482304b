"""The sentence on rivals: whom it names, and by how much the place is cheaper, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report.costs.by_hand import TWO, context, hub_costs
from tests.report.costs.test_site_comparison import search
from xisuan.report.costs import rival_sites
from xisuan.report.document import number_cells
from xisuan.text.translation import Language


def said(decisions: dict[str, pd.DataFrame], language: Language = "en") -> str:
    """The sentence without marks and with plain blanks."""
    text = rival_sites.wins(context(TWO, decisions, language))
    return text.replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "For w, Ridge is 20.0 % cheaper than its best rival among the hubs, Hill."), ("zh", "20.0%")],
)
def test_the_place_is_compared_by_its_unit_costs(language: Language, text: str) -> None:
    """8 against 10: a fifth less."""
    assert text in said({"hub_costs": hub_costs()}, language)


def test_the_work_with_the_most_money_at_stake_is_named_first() -> None:
    """w: 8 units at 8 CNY; v: 3 units at 40 CNY, more money. v is a tenth dearer here, so it may be asked why it comes."""
    costs = hub_costs()
    other = costs.assign(workload="v", total_cny=[44.0, 40.0], served_units=[3.0, 0.0], against_rival=[0.1, -0.09])
    both = pd.concat([costs, other.assign(why=["", "pace"])], ignore_index=True)
    row = rival_sites.weighed(context(TWO, {"hub_costs": both}))
    assert row is not None
    assert (row["workload"], row["served_units"] * row["total_cny"]) == ("v", 132.0)
    text = said({"hub_costs": both})
    assert "For v, Ridge is 10.0 % dearer than its best rival among the hubs, Hill." in text
    assert "At Hill as much is ordered as may be in a year, so work comes all the same." in text
    assert "Of other work: w 20.0 % cheaper than at Hill." in text


@pytest.mark.parametrize(
    ("after", "text"),
    [(2.0, ", and goes mainly to Hill"), (1.5, ", of which 0 of 2 MW go to Hill"), (1.9, ", of which 1 of 2 MW")],
)
def test_what_is_lost_goes_mainly_to_whom_takes_half_of_it(after: float, text: str) -> None:
    """2 MW are lost: 1 MW or more to Hill is most of it."""
    decisions = {"hub_costs": hub_costs(), **search(rival_after_mw=after)}
    assert f"half or less of the new equipment is built at 0.900 CNY/kWh{text}" in said(decisions)
    assert "(list 0.500)" in said(decisions)


def test_without_unit_costs_or_rivals_the_sentence_says_so() -> None:
    assert said({}).startswith("What a new unit costs here and at rivals was not compared.")
    alone = hub_costs(best_rival="", against_rival=float("nan"))
    assert "Ridge has no rival" in said({"hub_costs": alone})
