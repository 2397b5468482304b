"""A result is read only where its hours are read as when it was made: chosen days did not always keep the year's means."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xisuan
from tests.results import made
from xisuan.errors import StoreError
from xisuan.results.plan import TABLES
from xisuan.results.storage import run_store, sealed_folders
from xisuan.results.storage.hour_signature import KEY
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario

STARTER = Path(xisuan.__file__).parent / "library" / "starter"


def seasonal(folder: Path) -> Scenario:
    """`starter` on two days, with power that is dearer in summer at the coast: the days do not have the mean of the year."""
    shutil.copytree(STARTER, folder)
    with (folder / "profile_rules.csv").open("a") as rules:
        rules.write("tariff-coast,6-8,,,1.5,illustration,estimate\n")
    return load(folder)


def saved(scenario: Scenario, folder: Path, prices: Callable[[Scenario, str], Any]) -> Path:
    """A run of the scenario whose table of power has these prices, in a folder that does not say how hours were read."""
    zones = scenario["sites"].set_index("site")["zone"]
    cells = scenario["power"].set_index("zone")["price"]
    rows = [
        pd.DataFrame(
            {"period": period, "hour": range(48), "site": site, "price_cny_per_kwh": prices(scenario, cells[zone])}
        )
        for period in scenario.settings.periods
        for site, zone in zones.items()
    ]
    plan = made.plan(scenario)
    plan.tables["power"] = pd.concat(rows, ignore_index=True).reindex(columns=list(TABLES["power"]))  # type: ignore[index]
    run_store.save(plan, folder)
    return changed(folder, lambda head: head.pop(KEY))


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The folder with another plan.json, sealed as if it had always been so."""
    path = folder / run_store.PLAN
    head = json.loads(path.read_text())
    change(head)
    path.write_text(json.dumps(head))
    sealed_folders.seal(folder)
    return folder


def kept(scenario: Scenario, cell: str) -> Any:
    """Prices with the mean of the year."""
    return scenario.hourly("power", "price", cell)


def bare(scenario: Scenario, cell: str) -> Any:
    """Prices of the days as they are, as all were once."""
    return scenario.timeline.sample(scenario.curve(cell))


def test_a_run_from_before_days_kept_the_means_is_refused(tmp_path: Path) -> None:
    """By the file that tells, and with what to do; one made since is read though it does not say so."""
    scenario = seasonal(tmp_path / "seasonal")
    assert kept(scenario, "tariff-coast").mean() > 1.1 * bare(scenario, "tariff-coast").mean()
    since = run_store.load_run(saved(scenario, tmp_path / "since", kept))
    assert since.plan.status == "optimal"
    with pytest.raises(StoreError, match=r"before/power.parquet has other grid prices.*make the run again"):
        run_store.load_run(saved(scenario, tmp_path / "before", bare))


def test_a_run_that_cannot_tell_is_refused(tmp_path: Path) -> None:
    """Days that move, and no site whose prices do: nothing says on which hours it was made."""
    scenario = seasonal(tmp_path / "seasonal")
    folder = saved(scenario, tmp_path / "silent", kept)
    power = pd.read_parquet(folder / "power.parquet")
    power.assign(site="nowhere").to_parquet(folder / "power.parquet")
    sealed_folders.seal(folder)
    with pytest.raises(StoreError, match=r"silent/power.parquet does not tell.*make the run again"):
        run_store.load_run(folder)


def test_days_that_move_nothing_are_read_from_any_folder(tmp_path: Path) -> None:
    """Prices that are the same every day have their mean as they are."""
    scenario = load(STARTER)
    assert scenario.timeline.keeps_means
    assert run_store.load_run(saved(scenario, tmp_path / "run", bare)).plan.status == "optimal"


@pytest.mark.parametrize(
    "change",
    [
        lambda read: read.update({"power.price": 1.001 * read["power.price"]}),
        lambda read: read["blocks"][0].__setitem__(0, 48),
        lambda read: read["blocks"][0].__setitem__(3, False),
        lambda read: read["blocks"].pop(),
        lambda read: read.pop("power.price"),
    ],
)
def test_hours_that_are_read_otherwise_than_they_were_are_refused(
    change: Callable[[dict[str, Any]], object], tmp_path: Path
) -> None:
    """Whatever a later version reads otherwise: which days, their weight, what is moved."""
    run_store.save(made.plan(seasonal(tmp_path / "seasonal")), tmp_path / "run")
    assert run_store.load_run(tmp_path / "run").plan.status == "optimal"
    with pytest.raises(StoreError, match=r"run/plan.json is of hours .*make the run again"):
        run_store.load_run(changed(tmp_path / "run", lambda head: change(head[KEY])))


def test_another_order_of_adding_is_no_other_reading(tmp_path: Path) -> None:
    """A run comes back from another machine, whose sums differ in the last digits."""
    run_store.save(made.plan(seasonal(tmp_path / "seasonal")), tmp_path / "run")
    again = changed(
        tmp_path / "run", lambda head: head[KEY].update({"power.price": head[KEY]["power.price"] * (1 + 1e-13)})
    )
    assert run_store.load_run(again).plan.status == "optimal"


def test_a_schedule_says_its_hours_too(tmp_path: Path) -> None:
    """Alone in its folder."""
    run_store.save(made.schedule(seasonal(tmp_path / "seasonal")), tmp_path / "days")
    path = tmp_path / "days" / run_store.SCHEDULE
    path.write_text(path.read_text().replace('"power.price": ', '"power.price": 1'))
    sealed_folders.seal(tmp_path / "days")
    for read in (run_store.load_schedule, run_store.open_schedule):
        with pytest.raises(StoreError, match=r"schedule.json is of hours"):
            read(tmp_path / "days")
