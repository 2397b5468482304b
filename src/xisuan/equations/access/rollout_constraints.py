"""Variables and constraints of gigabit access: orders by city and period, their effects, and gigabit status."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Label
from xisuan import units
from xisuan.equations.access import city_arrays
from xisuan.equations.model_builder import Assembly
from xisuan.scenario.schema.access_tables import BY_INDICATOR, FIXED, INDICATORS, RADIO, TAKEN_UP, Indicator


def add(a: Assembly) -> None:
    """Add the variables and constraints of access, where the scenario has cities.

    Where a plan is operated, only upkeep and electricity of the deployed measures are added.
    """
    if not a.given.scenario.has("cities"):
        return
    upkeep(a)
    if a.operated:
        return
    rollout(a)
    status(a)
    deployed_balance(a)
    deploy_within_crews(a)
    lay_for_fibre(a)
    lay_for_backhaul(a)
    counted_balance(a)
    users_followed(a)
    part_within_whole(a)
    indicator_min(a)
    gigabit_reached(a)


# --- variables -------------------------------------------------------------------------------------------------------


def upkeep(a: Assembly) -> None:
    """Add `deployed`: measures in use, with the cost of upkeep and electricity and the carbon of the latter."""
    g = a.given
    labels = city_arrays.deployable(g)
    yearly = g.discount[:, None]
    mwh, co2 = city_arrays.energy_mwh(g, labels), city_arrays.carbon(g, labels)
    a.columns(
        "deployed",
        labels,
        costs={
            "access_opex": units.mcny_from_cny(1.0) * city_arrays.measure(g, labels, "opex_cny_per_unit_year") * yearly,
            "access_energy": units.mcny_per_mwh(1.0) * city_arrays.energy_price(g, labels) * mwh * yearly,
            "carbon_price": units.mcny_from_cny(1.0) * city_arrays.carbon_price(g) * co2 * mwh * yearly,
        },
        tonnes=co2 * mwh * g.years[:, None],
    )


def rollout(a: Assembly) -> None:
    """Add `deploy` and `lay`: measures ordered, and the duct laid for them."""
    g = a.given
    labels = city_arrays.deployable(g)
    price = units.mcny_from_cny(1.0) * city_arrays.measure(g, labels, "capex_cny_per_unit")
    lead, life = city_arrays.measure(g, labels, "lead_years"), city_arrays.measure(g, labels, "life_years", np.nan)
    a.columns(
        "deploy", labels, upper=city_arrays.most(g, labels), costs={"access_capex": price * _capital(a, lead, life)}
    )
    a.capex["deploy"] = price
    asking = {city for city, _ in _laying(a, labels)}
    places = [label for label in city_arrays.cities(g) if label[0] in asking]
    price = g.numbers("cities", places, "route_capex_mcny_per_km")
    life = g.numbers("cities", places, "route_life_years", np.nan)
    a.columns("lay", places, costs={"route_capex": price * _capital(a, np.zeros_like(life), life)})
    a.capex["lay"] = price


def _capital(a: Assembly, lead: Array, life: Array) -> Array:
    """Discounted cost over the horizon of one mCNY of capital ordered in each period. Shape (periods, items)."""
    g = a.given
    mode = g.scenario.settings.capital
    known: dict[tuple[int, float, float], float] = {}
    cost = np.empty(lead.shape)
    for (y, i), years in np.ndenumerate(lead):
        case = (g.periods[y], float(years), float(np.nan_to_num(life[y, i], nan=np.inf)))
        if case not in known:
            known[case] = g.timeline.capital_cost(case[0], case[1], float(life[y, i]), mode)
        cost[y, i] = known[case]
    return cost


def _laying(a: Assembly, labels: Sequence[Label]) -> list[Label]:
    """Return the (city, measure) that need a route in some period."""
    need = city_arrays.measure(a.given.whole, labels, "route_km_per_unit").max(axis=0, initial=0.0)
    return [label for label, km in zip(labels, need, strict=True) if km > 0]


def status(a: Assembly) -> None:
    """Add `counted` and `gigabit`: the quantities of each city, and whether it is declared a gigabit city.

    `gigabit` is fixed at 1 where the city must be one. It is free only where the number of cities or of their residents
    counts; else it is fixed at 0, which leaves nothing to branch on.
    """
    g = a.given
    a.columns("counted", city_arrays.counted(g))
    labels = city_arrays.cities(g)
    named = city_arrays.named(g, labels)
    must = named | city_arrays.due(g, labels)
    wished = g.scenario.settings.objective == "residents" or city_arrays.counted_on(g)
    people = city_arrays.residents(g, labels)
    a.columns("gigabit", labels, lower=np.where(must, 1.0, 0.0), upper=np.where(must | wished, 1.0, 0.0))
    a.outside["gigabit"] = -people
    a.outside_constant = float(people.sum())


# --- orders ----------------------------------------------------------------------------------------------------------


def deployed_balance(a: Assembly) -> None:
    """Add deployed = Σ deploy over orders in use (units), by (city, measure)."""
    g = a.given
    deploy, deployed = a.column("deploy"), a.column("deployed")
    if deploy is None or deployed is None:
        return
    block = a.rows("deployed_balance", deployed.labels, lower=0.0, upper=0.0)
    a.model.add(block, deployed.labels, deployed, deployed.labels)
    uses = [
        (int(made), int(used), deploy.labels[i])
        for made, used, i in zip(*np.nonzero(city_arrays.in_use(g, deploy.labels)), strict=True)
    ]
    a.model.add_across(
        block, [(used, label) for _, used, label in uses], deploy, [(made, label) for made, _, label in uses], -1.0
    )


def deploy_within_crews(a: Assembly) -> None:
    """Add the limit on crew-days: the crews of a city work a given number of days in the years of the period."""
    g = a.given
    deploy = a.column("deploy")
    if deploy is None:
        return
    places = list(dict.fromkeys(label[:1] for label in deploy.labels))
    days = g.numbers("cities", places, "crew_days_year", np.inf) * g.years[:, None]
    limited = np.flatnonzero(np.isfinite(days).any(axis=0))
    block = a.rows("deploy_within_crews", [places[i] for i in limited], upper=days[:, limited])
    inside = [label for label in deploy.labels if label[:1] in block.position]
    work = city_arrays.measure(g, inside, "crew_days_per_unit")
    a.model.add(block, [label[:1] for label in inside], deploy, inside, work)


def lay_for_fibre(a: Assembly) -> None:
    """Add the routes needed where those of fibre are the longer (km)."""
    _lay(a, "lay_for_fibre", FIXED)


def lay_for_backhaul(a: Assembly) -> None:
    """Add the routes needed where those of backhaul are the longer (km)."""
    _lay(a, "lay_for_backhaul", RADIO)


def _lay(a: Assembly, name: str, whole: str) -> None:
    """Add lay ≥ routes of kind `whole` + (1 − shared) × routes of the other kind, by city."""
    g = a.given
    lay, deploy = a.column("lay"), a.column("deploy")
    if lay is None or deploy is None:
        return
    block = a.rows(name, lay.labels, lower=0.0)
    a.model.add(block, lay.labels, lay, lay.labels)
    inside = _laying(a, deploy.labels)
    kinds = city_arrays.kind(g)
    alone = np.array([[1.0 if kinds[measure] == whole else 0.0 for _, measure in inside]])
    shared = g.numbers("cities", [label[:1] for label in inside], "route_shared")
    km = city_arrays.measure(g, inside, "route_km_per_unit") * np.where(alone > 0, 1.0, 1.0 - shared)
    a.model.add(block, [label[:1] for label in inside], deploy, inside, -km)


# --- counted quantities ----------------------------------------------------------------------------------------------


def counted_balance(a: Assembly) -> None:
    """Add counted = opening amount + effects of the orders in use, for all quantities but users."""
    _count(a, "counted_balance", [label for label in a.labels("counted") if label[1] not in TAKEN_UP])


def users_followed(a: Assembly) -> None:
    """Add counted ≤ opening amount + effects for users, which follow coverage with the lag of their take-up curve."""
    _count(a, "users_followed", [label for label in a.labels("counted") if label[1] in TAKEN_UP], least=False)


def _count(a: Assembly, name: str, labels: Sequence[Label], least: bool = True) -> None:
    """Add counted = (or, without `least`, ≤) opening amount + Σ effects of orders in use, for `labels`."""
    g = a.given
    counted, deploy = a.column("counted"), a.column("deploy")
    if counted is None or not labels:
        return
    there = city_arrays.opening(g, labels)
    block = a.rows(name, labels, lower=there if least else -np.inf, upper=there)
    a.model.add(block, labels, counted, labels)
    if deploy is None:
        return
    adds, at = city_arrays.effects(g, deploy.labels).to(city_arrays.places(deploy.labels, block.position))
    a.model.add_across(
        block,
        [(used, labels[i]) for used, i in zip(adds.used.tolist(), at, strict=True)],
        deploy,
        [(made, deploy.labels[i]) for made, i in zip(adds.made.tolist(), adds.item, strict=True)],
        -adds.amount,
    )


def judged(a: Assembly) -> list[tuple[Label, Indicator]]:
    """Return each (city, indicator) whose numerator and denominator are counted."""
    known = set(a.labels("counted"))
    return [
        ((city, one.name), one)
        for (city,) in city_arrays.cities(a.given)
        for one in INDICATORS
        if {(city, one.numerator), (city, one.denominator)} <= known
    ]


def part_within_whole(a: Assembly) -> None:
    """Add numerator ≤ denominator for shares of ports and of users.

    Homes covered may exceed the households, because several operators cover the same home.
    """
    counted = a.column("counted")
    if counted is None:
        return
    labels = [label for label, one in judged(a) if one.part]
    block = a.rows("part_within_whole", labels, upper=0.0)
    for numerator, sign in ((True, 1.0), (False, -1.0)):
        a.model.add(block, labels, counted, _sides(labels, numerator), sign)


def _sides(labels: Sequence[Label], numerator: bool) -> list[Label]:
    """Return the counted numerator (or denominator) of each (city, indicator)."""
    indicators = [(city, BY_INDICATOR[name]) for city, name in labels]
    return [(city, one.numerator if numerator else one.denominator) for city, one in indicators]


# --- requirements ----------------------------------------------------------------------------------------------------


def indicator_min(a: Assembly) -> None:
    """Add the floors on single indicators, from their date on: numerator − ratio × denominator ≥ 0."""
    counted = a.column("counted")
    known = {label for label, _ in judged(a)}
    asked = [(label, least) for label, least in city_arrays.floors(a.given) if label in known]
    if counted is None or not asked:
        return
    labels = [label for label, _ in asked]
    ratio = np.array([least for _, least in asked]).T
    block = a.rows("indicator_min", labels, lower=np.where(np.isnan(ratio), -np.inf, 0.0))
    in_force = np.where(np.isnan(ratio), 0.0, 1.0)
    a.model.add(block, labels, counted, _sides(labels, True), in_force)
    a.model.add(block, labels, counted, _sides(labels, False), -np.nan_to_num(ratio))


def gigabit_reached(a: Assembly) -> None:
    """Add the mandatory thresholds of a gigabit city, relaxed by a big-M term where `gigabit` is 0.

    Cities already named under the version of the standard in force are exempt.
    """
    g = a.given
    counted, gigabit = a.column("counted"), a.column("gigabit")
    if counted is None or gigabit is None:
        return
    labels = [label for label, _ in judged(a)]
    ratio = _ratios(a, labels)
    asked = np.isfinite(ratio) & ~city_arrays.named(g, [label[:1] for label in labels])
    use = np.flatnonzero(asked.any(axis=0))
    labels = [labels[i] for i in use]
    ratio, asked = np.nan_to_num(ratio[:, use]), asked[:, use]
    # Big-M row: numerator − ratio × denominator ≥ M × (1 − gigabit), with M = least ≤ 0 the tightest valid coefficient.
    least = least_slack(a, labels, ratio)
    block = a.rows("gigabit_reached", labels, lower=np.where(asked, least, -np.inf))
    a.model.add(block, labels, counted, _sides(labels, True), np.where(asked, 1.0, 0.0))
    a.model.add(block, labels, counted, _sides(labels, False), np.where(asked, -ratio, 0.0))
    a.model.add(block, labels, gigabit, [label[:1] for label in labels], np.where(asked, least, 0.0))


def _ratios(a: Assembly, labels: Sequence[Label]) -> Array:
    """Least ratio that the standard requires of each (city, indicator), NaN where none. Shape (periods, labels)."""
    out = np.full((len(a.given.periods), len(labels)), np.nan)
    for y in range(len(a.given.periods)):
        asked = {threshold.indicator.name: threshold.ratio for threshold in city_arrays.mandatory(a.given, y)}
        out[y] = [asked.get(name, np.nan) for _, name in labels]
    return out


def least_slack(a: Assembly, labels: Sequence[Label], ratio: Array) -> Array:
    """Lower bound (≤ 0) on numerator − ratio × denominator over all plans: the tightest big-M. Shape (periods, labels).

    It is the value without orders, less what orders can take away that add more to ratio × denominator than to the
    numerator.
    """
    g = a.given
    least = city_arrays.opening(g, _sides(labels, True)) - ratio * city_arrays.opening(g, _sides(labels, False))
    deploy = a.column("deploy")
    if deploy is None:
        return np.minimum(least, 0.0)
    shape = (*least.shape, *deploy.upper.shape)
    codes, changes = [], []
    for numerator in (True, False):
        row = {side: i for i, side in enumerate(_sides(labels, numerator))}
        adds, at = city_arrays.effects(g, deploy.labels).to(city_arrays.places(deploy.labels, row))
        codes.append(np.ravel_multi_index((adds.used, at, adds.made, adds.item), shape))
        changes.append(adds.amount * (1.0 if numerator else -ratio[adds.used, at]))
    # Net change of an order that adds to both sides; only net losses, at their upper bound, lower the slack.
    order, place = np.unique(np.concatenate(codes), return_inverse=True)
    change = np.bincount(place, np.concatenate(changes), len(order))
    used, at, made, item = np.unravel_index(order, shape)
    np.add.at(least, (used, at), np.minimum(change, 0.0) * deploy.upper[made, item])
    return np.minimum(least, 0.0)
