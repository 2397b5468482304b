"""Ranges of estimates that are widened to contain a value."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.editing import range_mends
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services

ROWS = [
    {"table": "demand", "key": "hills/web/2028", "column": "units", "low": "20", "high": "30"},
    {"table": "demand", "key": "city/web/2026", "column": "units", "low": "100", "high": "140"},
]


def test_what_the_check_finds_is_mended_by_one_end(studio: tuple[Services, TestClient]) -> None:
    services, client = studio
    scenario, person = served.made(client, name="ranges"), services.local_person()
    services.save_table(person, scenario, "estimates", ROWS, 1)
    demand = services.table(person, scenario, "demand").rows
    for row in demand:
        if (row["region"], row["workload"], row["period"]) == ("hills", "web", "2028"):
            row["units"] = "35.25"
    found = services.try_table(person, scenario, "demand", demand)
    mends = [mend for one in found if (mend := range_mends.mend(one))]
    assert mends == [(2, "high", 35.25)], found
    line, end, value = mends[0]
    estimates = services.table(person, scenario, "estimates")
    one = range_mends.widened(estimates.rows, estimates.lines.index(line), end, value)
    moved = range_mends.applied(estimates.rows, [one])
    assert [(row["low"], row["high"]) for row in moved] == [("20", 35.25), ("100", "140")]
    assert services.try_tables(person, scenario, {"demand": demand, "estimates": moved}) == []


def test_a_row_that_is_gone_is_refused() -> None:
    for at, end in ((2, "low"), (-1, "low"), (0, "how")):
        with pytest.raises(RefusedError):
            range_mends.widened(ROWS, at, end, 1.0)
