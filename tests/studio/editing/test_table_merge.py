"""Merging a table that two people changed: nothing of either is lost, and every clash is named."""

from __future__ import annotations

import random

import pytest

from xisuan.studio.editing.table_merge import Conflict, decided, merge
from xisuan.studio.http_errors import RefusedError

BASE = [
    {"region": "a", "workload": "w", "period": "2026", "units": "1", "note": "x"},
    {"region": "b", "workload": "w", "period": "2026", "units": "2", "note": ""},
]


def row(at: int, **values: str) -> dict[str, str]:
    return {**BASE[at], **values}


def test_changes_of_different_cells_and_rows_are_both_kept() -> None:
    mine = [row(0, units="5"), row(1), {"region": "c", "workload": "w", "period": "2026", "units": "7"}]
    theirs = [row(0, note="y"), row(1, units="3")]
    found = merge("demand", BASE, mine, theirs)
    assert found.conflicts == []
    assert [(one["region"], one["units"], one.get("note", "")) for one in found.rows] == [
        ("a", "5", "y"),
        ("b", "3", ""),
        ("c", "7", ""),
    ]


def test_a_cell_that_both_changed_is_a_conflict_that_is_decided() -> None:
    mine, theirs = [row(0, units="5"), row(1)], [row(0, units="6"), row(1)]
    found = merge("demand", BASE, mine, theirs)
    assert found.conflicts == [Conflict(("a", "w", "2026"), "units", "1", "5", "6")]
    assert [one["units"] for one in decided("demand", found, mine, [False])] == ["6", "2"]
    assert [one["units"] for one in decided("demand", found, mine, [True])] == ["5", "2"]


@pytest.mark.parametrize("mine_deletes", [True, False])
def test_a_row_deleted_here_and_changed_there_is_a_conflict(mine_deletes: bool) -> None:
    changed, gone = [row(0, units="9"), row(1)], [row(1)]
    mine, theirs = (gone, changed) if mine_deletes else (changed, gone)
    found = merge("demand", BASE, mine, theirs)
    (one,) = found.conflicts
    assert (one.key, one.column) == (("a", "w", "2026"), "")
    for chosen in (True, False):
        kept = {each["region"] for each in decided("demand", found, mine, [chosen])}
        assert ("a" in kept) == (chosen != mine_deletes)


def test_a_row_deleted_by_one_alone_is_gone() -> None:
    for mine, theirs in (([row(1)], BASE), (BASE, [row(1)])):
        found = merge("demand", BASE, mine, theirs)
        assert (found.conflicts, [one["region"] for one in found.rows]) == ([], ["b"])


def test_rows_with_one_key_are_not_merged() -> None:
    with pytest.raises(RefusedError, match="same key"):
        merge("demand", BASE, [row(0), row(0)], BASE)


def test_a_change_of_one_side_alone_is_always_taken() -> None:
    draw = random.Random(7)
    for _ in range(200):
        changed = [
            {**one, "units": str(draw.randint(1, 4)), "note": draw.choice(["", "x", "z"])}
            for one in BASE
            if draw.random() > 0.2
        ]
        blank = [{name: value for name, value in one.items() if value} for one in changed]
        for mine, theirs in ((changed, BASE), (BASE, changed), (changed, changed)):
            found = merge("demand", BASE, mine, theirs)
            assert found.conflicts == []
            assert sorted(map(str, map(sorted, (one.items() for one in found.rows)))) == sorted(
                map(str, map(sorted, (one.items() for one in blank)))
            )


def test_rows_of_one_place_in_two_periods_are_two_rows() -> None:
    base = [{"site": "a", "technology": "t", "period": year, "max_units": "1"} for year in ("", "2028")]
    mine = [base[0] | {"max_units": "2"}, base[1]]
    theirs = [base[0], base[1] | {"max_units": "3"}]
    assert [one["max_units"] for one in merge("limits", base, mine, theirs).rows] == ["2", "3"]


def test_of_rows_without_a_key_one_version_is_taken() -> None:
    """Their order matters, so that two changed versions cannot be mixed."""
    base = [{"profile": "p", "value": "1"}, {"profile": "p", "hours": "8-20", "value": "2"}]
    other = [base[0], base[1] | {"value": "3"}]
    for mine, theirs in ((base, other), (other, base), (other, other)):
        found = merge("profile_rules", base, mine, theirs)
        assert (found.rows, found.conflicts) == (other, [])
        assert decided("profile_rules", found, mine, []) == other
    with pytest.raises(RefusedError):
        merge("profile_rules", base, [base[0] | {"value": "9"}, base[1]], other)
