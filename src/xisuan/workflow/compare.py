"""Two plans side by side: what differs in what is built, what it costs, where work runs and what it emits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.results.plan import COST_TERMS, Plan

CRUMB = 1e-6
"""Relative difference that two solves of the same thing may leave, as the gap of a plan does."""


@dataclass(frozen=True)
class Comparison:
    """Differences of plan `b` from plan `a`. Every frame has columns `a`, `b` and `change` = b − a, changed rows only,
    except `figures`, which has all. `words` says the main ones in sentences.
    """

    names: tuple[str, str]
    figures: pd.DataFrame
    builds: pd.DataFrame
    capacity: pd.DataFrame
    costs: pd.DataFrame
    service: pd.DataFrame
    emissions: pd.DataFrame
    words: tuple[str, ...]


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
    figures = _figures(a, b)
    return Comparison(names, figures, **changed, words=_words(names, figures, changed))


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


def sentences(found: Comparison, language: str = "en") -> list[str]:
    """The comparison in words, the main differences only."""
    say = _SENTENCES[language]
    a, b = found.names
    figures = found.figures.set_index("figure")
    cost, before = float(figures.loc["cost", "change"]), float(figures.loc["cost", "a"])
    if all(getattr(found, name).empty for name in FRAMES if name != "figures"):
        return [say["same"].format(a=a, b=b)]
    out = [_amount(say, "cost", cost, a=a, b=b, share=abs(cost) / max(abs(before), 1e-9))]
    if len(found.costs):
        terms = [say["term"].format(term=_term(row.term, language), change=row.change) for row in found.costs.head(3).itertuples()]
        out.append(say["terms"].format(terms=say["comma"].join(terms)))
    for name in ("halls", "compute", "links", "carbon"):
        change, size = float(figures.loc[name, "change"]), float(figures.loc[name, ["a", "b"]].abs().max())
        if abs(change) > CRUMB * size:
            out.append(_amount(say, name, change, b=b))
    for row in found.service.head(1).itertuples():
        where = row.site or say["nowhere"]
        out.append(_amount(say, "service", row.change, workload=row.workload, site=where, period=row.period))
    return out


def _amount(say: Mapping[str, str], what: str, change: float, **more: object) -> str:
    if what == "cost" and abs(change) <= CRUMB * max(1.0, abs(change)):
        return say["cost_same"].format(**more)
    return say[what].format(change=abs(change), way=say["more" if change > 0 else "less"], **more)


def _term(term: str, language: str) -> str:
    return COST_TERMS.get(term, term) if language == "en" else _TERMS_ZH.get(term, term)
