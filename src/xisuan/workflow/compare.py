"""Two plans side by side: what differs in what is built, what it costs, where work runs and what it emits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.results.plan import Plan

CRUMB = 1e-6
"""Relative difference that two solves of the same thing may leave, as the gap of a plan does."""


@dataclass(frozen=True)
class Comparison:
    """Differences of plan `b` from plan `a`. Every frame has columns `a`, `b` and `change` = b − a, changed rows only,
    except `figures`, which has all.
    """

    names: tuple[str, str]
    figures: pd.DataFrame
    builds: pd.DataFrame
    capacity: pd.DataFrame
    costs: pd.DataFrame
    service: pd.DataFrame
    emissions: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether nothing differs by more than two solves of the same thing may."""
        return all(getattr(self, name).empty for name in FRAMES if name != "figures")


FRAMES = ("figures", "builds", "capacity", "costs", "service", "emissions")


def compare(a: Plan, b: Plan, names: tuple[str, str] = ("a", "b")) -> Comparison:
    """What plan `b` does otherwise than plan `a`; they may be of different scenarios, periods and hours."""
    things = ["period", "asset", "where", "technology", "unit"]
    frames = {
        "builds": _merged(a.tables["builds"], b.tables["builds"], things, "amount"),
        "capacity": _merged(a.tables["capacity"], b.tables["capacity"], things, "amount"),
        "costs": _merged(a.tables["costs"], b.tables["costs"], ["term"], "discounted_mcny"),
        "service": _merged(_shares(a), _shares(b), ["period", "workload", "site"], "share"),
        "emissions": _merged(_emissions(a), _emissions(b), ["period", "measure"], "value"),
    }
    changed = {name: _changed(frame) for name, frame in frames.items()}
    return Comparison(names, _figures(a, b), **changed)


def _merged(a: pd.DataFrame, b: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """`value` summed by `keys` in both, nothing where one has none, and the change."""
    each = [frame.groupby(keys, sort=False)[value].sum() for frame in (a, b)]
    both = pd.concat(each, axis=1, keys=["a", "b"]).fillna(0.0)
    both.index = both.index.set_names(keys)
    return both.assign(change=both["b"] - both["a"]).reset_index()


def _changed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that differ by more than crumbs, largest change first."""
    size = np.maximum(frame["a"].abs(), frame["b"].abs())
    kept = frame[frame["change"].abs() > CRUMB * np.maximum(size, 1e-6)]
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
    rows = [(name, unit, *(float(of(plan)) for plan in (a, b))) for name, unit, of in _FIGURES]
    frame = pd.DataFrame(rows, columns=["figure", "unit", "a", "b"])
    return frame.assign(change=frame["b"] - frame["a"])


def _built(asset: str, column: str) -> Callable[[Plan], float]:
    def total(plan: Plan) -> float:
        builds = plan.tables["builds"]
        return float(builds.loc[builds["asset"] == asset, column].sum())

    return total


def _tonnes(plan: Plan) -> float:
    """Location-based tonnes over the horizon: a year's, for every year that the period stands for."""
    emissions = plan.tables["emissions"]
    years = dict(zip(plan.scenario.settings.periods, map(len, plan.scenario.timeline.years), strict=True))
    return float((emissions["location_t"] * emissions["period"].map(years)).sum())


def _unserved(plan: Plan) -> float:
    service = plan.tables["service"]
    return float(service.loc[service["site"] == "", "units"].sum())


_FIGURES: tuple[tuple[str, str, Callable[[Plan], float]], ...] = (
    ("cost", "mCNY", lambda plan: plan.cost_mcny),
    ("capital", "mCNY", lambda plan: plan.tables["builds"]["capex_mcny"].sum()),
    ("halls", "MW", _built("hall", "amount")),
    ("compute", "MW", _built("compute", "mw")),
    ("links", "Gbps", _built("link", "amount")),
    ("carbon", "t", _tonnes),
    ("unserved", "units", _unserved),
)
