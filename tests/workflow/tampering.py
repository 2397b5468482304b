"""Ways to spoil a run folder, each of which must be found: with the old checksums, and with checksums made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xisuan.results.labelled_values import Found
from xisuan.results.storage import parquet_files

Tamper = Callable[[Path], None]


def cell(table: str, column: str, change: Callable[[Any], Any], row: int = 0) -> Tamper:
    """Change one cell of a table: that of the row with the largest absolute value where it is a number."""

    def tamper(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        frame = parquet_files.read_table(path)
        at = row
        if frame[column].dtype.kind in "iuf":
            at = int(np.nanargmax(np.abs(frame[column].to_numpy(dtype=float))))
        frame[column] = (
            frame[column].astype(object) if isinstance(change(frame[column].iloc[at]), str) else frame[column]
        )
        frame.loc[frame.index[at], column] = change(frame[column].iloc[at])
        parquet_files.write_table(frame, path)

    return tamper


def rows(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Tamper:
    """Change a table as a whole."""

    def tamper(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        parquet_files.write_table(change(parquet_files.read_table(path)).reset_index(drop=True), path)

    return tamper


def figure(name: str, change: Callable[[dict[str, Any]], object]) -> Tamper:
    """Change a document in place."""

    def tamper(folder: Path) -> None:
        path = folder / name
        head = json.loads(path.read_text())
        change(head)
        path.write_text(json.dumps(head))

    return tamper


def family(kind: str, name: str, change: Callable[[np.ndarray], None]) -> Tamper:
    """Change the values of a family in place, in the form (periods, ..., items)."""

    def tamper(folder: Path) -> None:
        path = folder / kind / f"{name}.parquet"
        found = parquet_files.read_found(path)
        values = found.values.copy()
        change(values)
        parquet_files.write_found(Found(found.name, found.dims, found.labels, found.hourly, values), _years(path), path)

    return tamper


def _years(path: Path) -> tuple[int, ...]:
    from pyarrow import parquet

    return tuple(int(name) for name in parquet.read_schema(path).names if name.isdigit())


def more(values: np.ndarray) -> None:
    flat = values.reshape(-1)
    flat[int(np.argmax(np.abs(flat)))] *= 1.01


def scaled(values: np.ndarray) -> None:
    values *= 1000.0


def negated(values: np.ndarray) -> None:
    values *= -1.0


def swapped(values: np.ndarray) -> None:
    flat = values.reshape(-1)
    big, small = int(np.argmax(flat)), int(np.argmin(flat))
    flat[big], flat[small] = flat[small], flat[big]


def csv(table: str, old: str, new: str) -> Tamper:
    """Change a text in a table of the scenario."""

    def tamper(folder: Path) -> None:
        path = folder / "scenario" / f"{table}.csv"
        text = path.read_text()
        assert old in text, (table, old)
        path.write_text(text.replace(old, new, 1))

    return tamper


def setting(name: str, value: str) -> Tamper:
    """Change a setting of the scenario."""

    def tamper(folder: Path) -> None:
        path = folder / "scenario" / "scenario.toml"
        lines = path.read_text().splitlines()
        assert any(line.startswith(f"{name} ") for line in lines), lines
        path.write_text(
            "\n".join(f"{name} = {value}" if line.startswith(f"{name} ") else line for line in lines) + "\n"
        )

    return tamper


def swap_cells(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[column].to_numpy().copy()
        big, small = int(np.argmax(values)), int(np.argmin(values))
        values[big], values[small] = values[small], values[big]
        return frame.assign(**{column: values})

    return change


def price_made_up(name: str, value: float) -> Tamper:
    """Give a constraint that binds nowhere a dual of the wrong sign, and the price that follows from it."""

    def tamper(folder: Path) -> None:
        path = folder / "duals" / f"{name}.parquet"
        found = parquet_files.read_found(path)
        values, years = found.values.copy(), _years(path)
        p, i = (int(at[0]) for at in np.nonzero(values == 0.0))
        values[p, i] = value
        parquet_files.write_found(Found(found.name, found.dims, found.labels, found.hourly, values), years, path)
        row = {"period": years[p], "constraint": name, "item": "/".join(found.labels[i]), "value": value}
        _append(folder, row)

    return tamper


def duals_made_up(folder: Path) -> None:
    """Add a family of duals that no constraint has, with its price."""
    path = folder / "duals" / "budget.parquet"
    found = parquet_files.read_found(path)
    values, years = np.zeros_like(found.values), _years(path)
    values[0, 0] = 7.0
    made = Found("bonus", found.dims, found.labels, found.hourly, values)
    parquet_files.write_found(made, years, path.with_name("bonus.parquet"))
    _append(folder, {"period": years[0], "constraint": "bonus", "item": "/".join(found.labels[0]), "value": 7.0})


def _append(folder: Path, row: dict[str, object]) -> None:
    path = folder / "prices.parquet"
    frame = parquet_files.read_table(path)
    same = frame[frame["constraint"] == "budget"]["unit"]
    unit = same.iloc[0] if len(same) else "mCNY"
    parquet_files.write_table(pd.concat([frame, pd.DataFrame([{**row, "unit": unit}])], ignore_index=True), path)


def table_made_up(folder: Path) -> None:
    shutil.copy(folder / "costs.parquet", folder / "savings.parquet")


def truncated(name: str) -> Tamper:
    def tamper(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return tamper


def removed(name: str) -> Tamper:
    def tamper(folder: Path) -> None:
        (folder / name).unlink()

    return tamper


def added_family(folder: Path) -> None:
    shutil.copy(folder / "variables" / "build.parquet", folder / "variables" / "bonus.parquet")


def both(*tampers: Tamper) -> Tamper:
    """Several at once, as one who knows how the files hang together would do it."""

    def tamper(folder: Path) -> None:
        for one in tampers:
            one(folder)

    return tamper


def up(value: float) -> float:
    return value * 1.01 + 0.01


TAMPERS: dict[str, Tamper] = {
    # tables: every table, and every column of numbers
    **{
        f"{table}, {column}": cell(table, column, up)
        for table, names in {
            "builds": ("amount", "mw", "capex_mcny"),
            "capacity": ("amount", "existing", "mw"),
            "service": ("units", "share"),
            "load": ("units",),
            "backlog": ("units",),
            "flows": ("gbps", "capacity_gbps"),
            "power": ("it_mw", "facility_mw", "grid_mw", "solar_mw", "stored_mwh", "price_cny_per_kwh"),
            "costs": ("mcny", "discounted_mcny"),
            "prices": ("value",),
            "emissions": ("grid_mwh", "contract_mwh", "location_t", "market_t", "embodied_t"),
        }.items()
        for column in names
    },
    "builds, a year later in use": cell("builds", "in_use_from", lambda year: year + 1),
    "builds, another investor": cell("builds", "investor", lambda _: "somebody"),
    "builds, another unit": cell("builds", "unit", lambda _: "GW"),
    "builds, another site": cell("builds", "where", lambda _: "elsewhere"),
    "costs, another term": cell("costs", "term", lambda _: "serving"),
    "costs, a sign": cell("costs", "discounted_mcny", lambda value: -value),
    "emissions in kilograms": rows("emissions", lambda frame: frame.assign(location_t=frame["location_t"] * 1000.0)),
    "prices, a sign": rows("prices", lambda frame: frame.assign(value=-frame["value"])),
    "service, a row dropped": rows("service", lambda frame: frame.iloc[1:]),
    "costs, a row twice": rows("costs", lambda frame: pd.concat([frame, frame.iloc[[0]]])),
    "builds, a row made up": rows("builds", lambda frame: pd.concat([frame, frame.iloc[[0]].assign(period=2030)])),
    "builds, no rows": rows("builds", lambda frame: frame.iloc[:0]),
    "emissions, rows swapped": rows("emissions", swap_cells("location_t")),
    "service, amounts swapped": rows("service", swap_cells("units")),
    "costs, no column of money": rows("costs", lambda frame: frame.drop(columns="mcny")),
    "emissions as texts": rows("emissions", lambda frame: frame.astype({"location_t": str})),
    "emissions, a missing number": cell("emissions", "location_t", lambda _: np.nan),
    "power, an infinite number": cell("power", "grid_mw", lambda _: np.inf),
    "no table of costs": removed("costs.parquet"),
    "a table cut short": truncated("costs.parquet"),
    # values and duals
    "a build": family("variables", "build", more),
    "builds in thousands": family("variables", "build", scaled),
    "work swapped": family("variables", "serve", swapped),
    "capacity negated": family("variables", "capacity", negated),
    "grid power": family("variables", "grid", more),
    "a value not a number": family("variables", "grid", lambda values: values.fill(np.nan)),
    "a family more": added_family,
    "a family less": removed("variables/installed.parquet"),
    "a dual": family("duals", "work_balance", more),
    "duals negated": family("duals", "installed_balance", negated),
    "duals in thousands": family("duals", "hall_balance", scaled),
    "no duals of work": removed("duals/work_balance.parquet"),
    # figures
    "objective": figure("plan.json", lambda head: head.update(objective=head["objective"] * 0.99)),
    "cost": figure("plan.json", lambda head: head.update(cost_mcny=head["cost_mcny"] * 0.99)),
    "bound raised": figure("plan.json", lambda head: head.update(lower_bound=head["lower_bound"] * 1.001)),
    "bound lowered": figure("plan.json", lambda head: head.update(lower_bound=head["lower_bound"] * 0.9)),
    "no bound": figure("plan.json", lambda head: head.update(lower_bound=None)),
    "gap": figure("plan.json", lambda head: head.update(gap=0.5)),
    "status": figure("plan.json", lambda head: head.update(status="feasible")),
    "an unknown status": figure("plan.json", lambda head: head.update(status="wonderful")),
    "objective of another kind": figure("plan.json", lambda head: head.update(objective_kind="carbon")),
    "unit": figure("plan.json", lambda head: head.update(objective_unit="bn CNY")),
    "another hash": figure("plan.json", lambda head: head.update(scenario_hash="0" * 64)),
    "another name": figure("plan.json", lambda head: head.update(scenario="another")),
    "no certificate": figure("plan.json", lambda head: head.update(certificate=None)),
    "certificate, its bound": figure("plan.json", lambda head: head["certificate"].update(lower_bound=1e9)),
    "certificate, not ok": figure("plan.json", lambda head: head["certificate"].update(ok=False)),
    "certificate, a family less": figure("plan.json", lambda head: head["certificate"]["families"].popitem()),
    "certificate, findings": figure("plan.json", lambda head: head["certificate"].update(findings=["all is well"])),
    "hours": figure("plan.json", lambda head: head["hours_read"]["blocks"][0].__setitem__(2, 9.0)),
    "a bound and its gap": figure(
        "plan.json", lambda head: head.update(lower_bound=head["lower_bound"] * 0.5, gap=0.5, status="feasible")
    ),
    "a key made up": figure("plan.json", lambda head: head.update(approved_by="the bureau")),
    "a table made up": table_made_up,
    "a price of a budget made up": price_made_up("budget", 5.0),
    "duals made up, and their price": duals_made_up,
    "operated, a key made up": figure("schedule/schedule.json", lambda head: head.update(approved_by="the bureau")),
    # the scenario
    "demand": csv("demand", ",60,", ",30,"),
    "a price of equipment": csv("technologies", "8", "7"),
    "a setting": setting("last_period_years", "3"),
    "a table of the scenario less": removed("scenario/policies.csv"),
    # the operation
    "operated, cost": figure("schedule/schedule.json", lambda head: head.update(cost_mcny=head["cost_mcny"] * 0.99)),
    "operated, status": figure("schedule/schedule.json", lambda head: head.update(status="short")),
    "operated, bound": figure("schedule/schedule.json", lambda head: head.update(lower_bound=head["cost_mcny"] * 1.1)),
    "operated, gap": figure("schedule/schedule.json", lambda head: head.update(gap=0.25)),
    "operated, penalty": figure("schedule/schedule.json", lambda head: head.update(penalty_mcny=1.0)),
    "operated, costs": cell("schedule/costs", "discounted_mcny", up),
    "operated, emissions": cell("schedule/emissions", "location_t", up),
    "operated, prices": cell("schedule/prices", "value", up),
    "operated, service": cell("schedule/service", "units", up),
    "operated, values": family("schedule/variables", "grid", more),
    "operated, capacity": family("schedule/variables", "installed", more),
    "operated, duals": family("schedule/duals", "power_balance", negated),
    # several files that agree with one another
    "a dual and its price": both(family("duals", "budget", scaled), rows("prices", lambda frame: frame.assign(
        value=frame["value"].where(frame["constraint"] != "budget", frame["value"] * 1000.0)))),
    "all money halved": both(
        rows("costs", lambda frame: frame.assign(mcny=frame["mcny"] / 2, discounted_mcny=frame["discounted_mcny"] / 2)),
        figure("plan.json", lambda head: head.update(
            objective=head["objective"] / 2, lower_bound=head["lower_bound"] / 2, cost_mcny=head["cost_mcny"] / 2)),
    ),
}  # fmt: skip
