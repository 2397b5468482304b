"""`china-failures`: its contingencies are the ten gravest of all that were tried, and what was tried can be tried again."""

from __future__ import annotations

import pytest

from tests.library.shipped import loaded
from tools.build_china_failures import COUNT, failures, gravest, on_one_day, try_failures


def test_every_site_and_link_of_the_base_was_tried() -> None:
    """All can be survived, so that none is missing from the order."""
    assert {(kind, name) for kind, name, _cost in gravest()} == set(failures(loaded("china")))


def test_its_contingencies_are_the_ten_that_cost_most() -> None:
    rows = loaded("china-failures")["contingencies"]
    listed = {("site", row["site"]) if row["site"] else ("link", row["link"]) for row in rows.to_dict("records")}
    costs = {(kind, name): cost for kind, name, cost in gravest()}
    assert len(listed) == COUNT
    assert min(costs[one] for one in listed) > max(cost for one, cost in costs.items() if one not in listed)
    assert (rows["share_lost"] == 1).all()


@pytest.mark.long
def test_the_last_that_is_listed_costs_more_than_the_first_that_is_not() -> None:
    """Planned again, both cost what the table of the builder says."""
    kinds = gravest()[COUNT - 1 : COUNT + 1]
    found = list(try_failures(on_one_day(), [(kind, name) for kind, name, _cost in kinds]))
    assert [cost for _kind, _name, cost in found] == pytest.approx([cost for _kind, _name, cost in kinds], abs=1.0)
