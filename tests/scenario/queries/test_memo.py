"""What is kept of a scenario is found again for the same tables, and only for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import xisuan as xs
from tests.scenarios import pair
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.memo import remembered


def counting(*names: str) -> tuple[list[str], Callable[[xs.Scenario, str], list[str]]]:
    """A remembered function that reads the sites, and a list with an entry for every time it works."""
    worked: list[str] = []

    @remembered(*names)
    def sites(scenario: xs.Scenario, prefix: str) -> list[str]:
        worked.append(prefix)
        return [prefix + str(name) for name in scenario["sites"]["site"]]

    return worked, sites


def test_another_scenario_with_the_same_table_is_not_asked_again() -> None:
    worked, sites = counting("sites")
    one = pair()
    other = one.with_tables(demand=one["demand"].assign(units=1.0))
    assert sites(one, "a ") == sites(other, "a ")
    assert worked == ["a "]


def test_a_changed_table_a_changed_setting_and_another_argument_are() -> None:
    worked, sites = counting("sites")
    one = pair()
    renamed = one.with_tables(sites=one["sites"].assign(site=["x", "y"]))
    assert sites(one, "a ") == ["a east-1", "a west-1"]
    assert sites(renamed, "a ") == ["a x", "a y"]
    assert sites(one, "b ") == ["b east-1", "b west-1"]
    sites(one.with_settings(periods=(2026,)), "a ")
    assert worked == ["a ", "a ", "b ", "a "]


def test_a_table_that_was_not_named_is_not_there() -> None:
    _, sites = counting("regions")
    with pytest.raises(KeyError):
        sites(pair(), "a ")


def test_links_follow_their_table() -> None:
    one = pair()
    gone = one.with_tables(links=one["links"].assign(capacity_gbps=0.0, capex_mcny_per_gbps=float("nan")))
    assert [link for link, *_ in candidates.usable_links(one, 2026, existing=True)] == ["east-west"]
    assert candidates.usable_links(gone, 2026, existing=True) == ()
