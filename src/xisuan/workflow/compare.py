"""Two plans side by side: what differs in what is built, what it costs, where work runs and what it emits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xisuan.results.plan import Plan

Figure = Callable[[Plan], float]

SAME = 1e-4
"""Share of what stands (or is spent, served, emitted) below which a difference is none."""
SLACK = 30.0
"""How much farther than its gap in cost a solution may be from the optimum in anything else: an observation, so that
two loose solves of the same thing are not told apart."""


@dataclass(frozen=True)
class Comparison:
    """Differences of plan `b` from plan `a`. Every frame has columns `a`, `b` and `change` = b − a.

    `figures` has the main figures, whether they differ or not, and `size`, against which a difference is measured;
    the other frames have the rows that differ, largest change first. `tolerance` is the share of the size up to which
    plans count as the same.
    """

    names: tuple[str, str]
    tolerance: float
    figures: pd.DataFrame
    builds: pd.DataFrame
    capacity: pd.DataFrame
    costs: pd.DataFrame
    service: pd.DataFrame
    emissions: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return all(getattr(self, name).empty for name in FRAMES if name != "figures")


FRAMES = ("figures", "builds", "capacity", "costs", "service", "emissions")


def compare(a: Plan, b: Plan, names: tuple[str, str] = ("a", "b")) -> Comparison:
    """What plan `b` does otherwise than plan `a`; they may be of different scenarios, periods and hours."""
    gaps = [plan.gap for plan in (a, b) if math.isfinite(plan.gap)]
    tolerance = max(SAME, SLACK * sum(gaps))
    things = ["period", "asset", "where", "technology", "unit"]
    stands = _merged(a.tables["capacity"], b.tables["capacity"], things, "amount")
    built = _merged(a.tables["builds"], b.tables["builds"], things, "amount")
    costs = _merged(a.tables["costs"], b.tables["costs"], ["term"], "discounted_mcny")
    service = _merged(_shares(a), _shares(b), ["period", "workload", "site"], "share")
    emissions = _merged(_emissions(a), _emissions(b), ["period", "measure"], "value")
    whole = stands.groupby(["asset", "technology"])[["a", "b"]].max().max(axis=1).rename("size").reset_index()
    return Comparison(
        names,
        tolerance,
        _figures(a, b),
        builds=_changed(built, _size(built, whole), tolerance),
        capacity=_changed(stands, _size(stands, whole), tolerance),
        costs=_changed(costs, pd.Series(_largest(costs), costs.index), tolerance),
        service=_changed(service, pd.Series(1.0, service.index), tolerance),
        emissions=_changed(emissions, emissions.groupby("measure")[["a", "b"]].transform("max").max(axis=1), tolerance),
    )


def _merged(a: pd.DataFrame, b: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """`value` summed by `keys` in both, nothing where one has none, and the change."""
    each = [frame.groupby(keys, sort=False)[value].sum() for frame in (a, b)]
    both = pd.concat(each, axis=1, keys=["a", "b"]).fillna(0.0)
    both.index = both.index.set_names(keys)
    return both.assign(change=both["b"] - both["a"]).reset_index()


def _largest(frame: pd.DataFrame) -> float:
    return float(frame[["a", "b"]].abs().to_numpy().max(initial=0.0))


def _size(frame: pd.DataFrame, whole: pd.DataFrame) -> pd.Series[float]:
    """For each row, the most that stands anywhere of its asset and technology; its own size where nothing does."""
    found = frame.merge(whole, on=["asset", "technology"], how="left")["size"]
    found.index = frame.index
    own = frame[["a", "b"]].abs().max(axis=1)
    return found.fillna(0.0).clip(lower=own)


def _changed(frame: pd.DataFrame, size: pd.Series[float], tolerance: float) -> pd.DataFrame:
    """Rows that differ by more than the tolerance, largest change first."""
    kept = frame[frame["change"].abs() > tolerance * size.clip(lower=1e-9)]
    order = kept["change"].abs().sort_values(ascending=False, kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def _shares(plan: Plan) -> pd.DataFrame:
    """Share of each workload's demand that runs at each site; a blank site is what is not served."""
    service = plan.tables["service"]
    units = service.groupby(["period", "workload", "site"], sort=False)["units"].sum().reset_index()
    whole = units.groupby(["period", "workload"])["units"].transform("sum")
    return units.assign(share=units["units"] / whole.where(whole > 0.0, 1.0))


def _emissions(plan: Plan) -> pd.DataFrame:
    measures = ["grid_mwh", "contract_mwh", "location_t", "market_t", "embodied_t"]
    yearly = plan.tables["emissions"].groupby("period", sort=False)[measures].sum().reset_index()
    return yearly.melt("period", var_name="measure", value_name="value")


def _figures(a: Plan, b: Plan) -> pd.DataFrame:
    """The main figures of both, changed or not."""
    rows = [(name, unit, of(a), of(b), max(map(size, (a, b)))) for name, unit, of, size in FIGURES]
    frame = pd.DataFrame(rows, columns=["figure", "unit", "a", "b", "size"])
    frame.insert(4, "change", frame["b"] - frame["a"])
    return frame


def _of(table: str, asset: str, column: str) -> Figure:
    """Sum of a column over the rows of an asset."""

    def total(plan: Plan) -> float:
        frame = plan.tables[table]
        return float(frame.loc[frame["asset"] == asset, column].sum())

    return total


def _capital(plan: Plan) -> float:
    return float(plan.tables["builds"]["capex_mcny"].sum())


def _tonnes(plan: Plan) -> float:
    """Location-based tonnes over the horizon: a year's, for every year that the period stands for."""
    emissions = plan.tables["emissions"]
    years = dict(zip(plan.scenario.settings.periods, map(len, plan.scenario.timeline.years), strict=True))
    return float((emissions["location_t"] * emissions["period"].map(years)).sum())


def _unserved(plan: Plan) -> float:
    service = plan.tables["service"]
    return float(service.loc[service["site"] == "", "units"].sum())


def _work(plan: Plan) -> float:
    return float(plan.tables["service"]["units"].sum())


FIGURES: tuple[tuple[str, str, Figure, Figure], ...] = (
    ("cost", "mCNY", lambda plan: plan.cost_mcny, lambda plan: abs(plan.cost_mcny)),
    ("capital", "mCNY", _capital, _capital),
    ("halls", "MW", _of("builds", "hall", "amount"), _of("capacity", "hall", "amount")),
    ("compute", "MW", _of("builds", "compute", "mw"), _of("capacity", "compute", "mw")),
    ("links", "Gbps", _of("builds", "link", "amount"), _of("capacity", "link", "amount")),
    ("carbon", "t", _tonnes, _tonnes),
    ("unserved", "units", _unserved, _work),
)
"""Name, unit, the figure, and the size against which its differences are measured."""
