"""Break-even price of power at which the plan stops building at the reported place: table `break_even`.

The price there is raised by the same amount in every hour of every period, all other prices stay, and the least-cost
plan is solved again. The build *flips* at the smallest step of RESOLUTION at which it has shrunk to half or less. The
plan at this step has flipped and the plan one step below has not; both are solved. If the plan builds nothing there,
the price is lowered until it builds a hundredth of the total.

The energy drawn there never rises with its price: the least cost is concave in the price and the energy is its slope.
Builds follow it, but not necessarily monotonically, so a smaller change may flip them for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gnomon import Vertex
from xisuan import units
from xisuan.decisions.repeated_solve import Answer, Question, hours_of
from xisuan.decisions.reported_place import Focus
from xisuan.equations.constraints import power
from xisuan.equations.index_sets import Given
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import frame
from xisuan.results.plan import Plan
from xisuan.text.translation import message as _

RESOLUTION = 0.001
"""Step of the search, CNY per kWh."""
LARGEST = 1.0
"""Largest rise tried, CNY per kWh: about twice the highest list price."""
KEPT = 0.5
"""Share of its build below which a site has lost it."""
NOTICED = 0.01
"""Share of the total build at which a place without a build has gained one, and of a loss that counts for a taker."""
LOAD = 0.85
"""Load factor at which a demand charge is spread over energy, as in published all-in prices."""


@dataclass
class _Prices:
    """Plans by price change, in steps of RESOLUTION; each is solved once, warm-started from the nearest known one."""

    question: Question
    sites: tuple[str, ...]
    known: dict[int, tuple[Answer, Vertex]]

    def at(self, step: int) -> Answer:
        """Return the plan at a price change of `step` × RESOLUTION."""
        if step == 0:
            return self.question.base
        if step not in self.known:
            flat, block = self.question.flat, self.question.assembly.model.columns["grid"]
            cost = flat.cost.copy()
            here = [i for i, label in enumerate(block.labels) if label[0] in self.sites]
            more = units.mcny_per_mwh(step * RESOLUTION) * self.question.assembly.given.hourly_weight
            flat.part(cost, block)[..., here] += more
            near = min(self.known, key=lambda other: abs(other - step), default=0)
            start = self.known[near][1] if abs(near - step) < abs(step) else self.question.vertex
            self.known[step] = self.question.solve(replace(flat, cost=cost), start)
        return self.known[step][0]


def break_even(plan: Plan, question: Question, focus: Focus, progress: Report | None = None) -> pd.DataFrame:
    """Return the table `break_even`: one row for new equipment and one for new halls, where any is built."""
    if question.assembly.column("grid") is None or not focus.sites:
        return frame("break_even", [])
    prices = _Prices(question, focus.sites, {})
    rows: list[dict[str, Any]] = []
    for what in ("compute", "halls"):
        tell(
            progress,
            "break-even",
            _("price of power at {name} that drives its {what} elsewhere", name=focus.name, what=what),
        )
        base = _builds(prices.at(0), what)
        if sum(base.values()) > 0:
            rows.append(_row(plan, prices, focus, what, base))
    return frame("break_even", rows)


def _builds(asked: Answer, what: str) -> Mapping[str, float]:
    """Return the new equipment or halls by site, MW."""
    return asked.new_mw if what == "compute" else asked.new_halls_mw


def _here(asked: Answer, what: str, focus: Focus) -> float:
    """Return the new equipment or halls at the focus, MW."""
    return sum(amount for site, amount in _builds(asked, what).items() if site in focus.sites)


def _row(plan: Plan, prices: _Prices, focus: Focus, what: str, base: Mapping[str, float]) -> dict[str, Any]:
    """Return the break-even row of equipment or halls."""
    given = Given(plan.scenario, plan.scenario.settings.periods[-1:])
    listed, contract, charge = _tariff(given, focus)
    least = NOTICED * sum(base.values())
    stands = _here(prices.at(0), what, focus)
    wins = stands < least
    most = -int(listed / RESOLUTION) if wins else int(LARGEST / RESOLUTION)

    def flipped(step: int) -> bool:
        here = _here(prices.at(step), what, focus)
        return here >= least if wins else here <= KEPT * stands

    step, found = _first(flipped, most)
    after = prices.at(step)
    change = step * RESOLUTION
    return {
        "site": focus.name, "what": what, "direction": "wins at" if wins else "loses at",
        "list_cny_per_kwh": listed, "list_all_in_cny_per_kwh": listed + charge,
        "contract_cny_per_kwh": contract, "contract_all_in_cny_per_kwh": contract + charge,
        "change_cny_per_kwh": change, "price_cny_per_kwh": listed + change,
        "price_all_in_cny_per_kwh": listed + change + charge,
        "build_mw": stands, "build_after_mw": _here(after, what, focus),
        **_gaining_site(given, focus, base, _builds(after, what), -1.0 if wins else 1.0),
        "resolution_cny_per_kwh": RESOLUTION, "found": found, "hours": hours_of(plan.scenario, prices.question),
    }  # fmt: skip


def _gaining_site(
    given: Given, focus: Focus, base: Mapping[str, float], after: Mapping[str, float], sign: float
) -> dict[str, Any]:
    """Return the site that gains most of what the focus loses (sign 1), or loses most of what it gains (−1).

    One among the other hubs, and one among sites of no hub. If there is no other hub, any site is a rival.
    """
    hubs = given.text("sites", "hub")
    others = [site for site in base if site not in focus.sites]
    of_hubs = [site for site in others if hubs[site]] or others
    moved = {site: sign * (after.get(site, 0.0) - base[site]) for site in others}
    lost = sign * sum(base.get(site, 0.0) - after.get(site, 0.0) for site in focus.sites)
    found: dict[str, Any] = {}
    for role, sites in (("rival", of_hubs), ("other", [site for site in others if site not in of_hubs])):
        most = max(sites, key=lambda site: moved[site], default="")
        taker = most if most and moved[most] > NOTICED * lost else ""
        found |= {role: taker, f"{role}_mw": base.get(taker, 0.0), f"{role}_after_mw": after.get(taker, 0.0)}
    return found


def _first(flipped: Callable[[int], bool], most: int) -> tuple[int, bool]:
    """Return the step nearest to 0 that flips while the one before does not, and True; else `most` and False."""
    sign = 1 if most >= 0 else -1
    low, high = 0, 8
    # Exponential search for a bracket, then bisection.
    while not flipped(sign * min(high, abs(most))):
        if high >= abs(most):
            return most, False
        low, high = high, 4 * high
    high = min(high, abs(most))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if flipped(sign * middle) else (middle, high)
    return sign * high, True


def _tariff(given: Given, focus: Focus) -> tuple[float, float, float]:
    """Return the mean energy price, the contract price, and the demand charge spread over energy, CNY per kWh.

    Means over the sites; prices are also averaged over the year.
    """
    sites = [(site,) for site in focus.sites]
    zones = power.zone_of(given, sites)
    listed = given.means("power", zones, "price")[0]
    contract = given.numbers("power", zones, "contract_price_cny_per_kwh", np.nan)[0]
    paid = np.array([given.scenario.settings.plan.pays_contract(zone) for (zone,) in zones])
    listed = np.where(paid & np.isfinite(contract), contract, listed)
    charge = given.numbers("power", zones, "demand_charge_cny_per_kw_month")[0].mean()
    # Yearly demand charge over the energy drawn at the load factor LOAD.
    spread = charge * units.MONTHS_PER_YEAR / (units.HOURS_PER_YEAR * LOAD)
    return float(listed.mean()), float(np.mean(contract)), float(spread)
