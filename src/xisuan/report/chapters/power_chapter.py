"""Chapter on power, carbon and water: one table of the place by year, and how full it is."""

from __future__ import annotations

import math

from xisuan.report import run_measures, terms
from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.confidence import outlooks_and_prices
from xisuan.report.costs import flexibility
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, Section, Series, Table, Text
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.operation import electricity, utilisation
from xisuan.report.run_context import Context
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _


def section(context: Context) -> Section:
    """Return the chapter."""
    say = context.say
    lead = SENTENCES["power"](context) + ("" if context.language == "zh" else " ") + SENTENCES["use"](context)
    note = outlooks_and_prices.electricity_note(context)
    found: list[Block | None] = [_charts(context), _table(context), *flexibility.blocks(context)]
    found += [Text(note, tone="note") if note else None]
    return Section(
        "power", say(_("Power, carbon and water")), lead, tuple(block for block in found if block is not None)
    )


def _mine(context: Context, column: str, period: int) -> float:
    """Return the sum of a column of `energy` over the place in a period."""
    rows = context.energy
    return float(rows.loc[(rows["period"] == period) & rows["site"].isin(list(context.focus)), column].sum())


LEAST_T = 1e-6
"""Least emissions that are shown, t: a gram. Less is rounding of the solver."""


def _emitted(context: Context, column: str, period: int) -> float:
    """Return the emissions of the place in a year, t; 0 below LEAST_T."""
    rows = context.run.plan.emissions
    tonnes = float(rows.loc[(rows["period"] == period) & rows["site"].isin(list(context.focus)), column].sum())
    return tonnes if abs(tonnes) > LEAST_T else 0.0


def _water(context: Context, period: int) -> float:
    """Return the cooling water of the place in a year, m3: litres per kWh of IT energy."""
    sites = context.scenario.at("sites", period) if "period" in context.scenario["sites"] else context.scenario["sites"]
    each = dict(zip(sites["site"], sites["water_l_per_kwh"].astype(float), strict=True))
    rows = context.energy[(context.energy["period"] == period) & context.energy["site"].isin(list(context.focus))]
    litres_per_kwh = rows["site"].map(each)
    return float((rows["it_mwh"] * litres_per_kwh).sum(min_count=1))  # litres per kWh are m3 per MWh


def _green(context: Context, period: int) -> float:
    used, grid = _mine(context, "facility_mwh", period), _mine(context, "grid_mwh", period)
    return 1.0 - (grid - _emitted(context, "contract_mwh", period)) / used if used > 0 else math.nan


def _limit(context: Context, period: int) -> float:
    limits = [electricity.grid_limits(context, period).get(zone, math.nan) for zone in electricity.focus_zones(context)]
    return sum(limits) if limits else math.nan


def _peak(context: Context, period: int) -> float:
    return run_measures.peak_grid_mw(context.run, period, context.focus)


def _pue(context: Context, period: int) -> float:
    it = _mine(context, "it_mwh", period)
    return _mine(context, "facility_mwh", period) / it if it > 0 else math.nan


def _table(context: Context) -> Table | None:
    """Return the place by year: a row a quantity, a column a year."""
    if not len(context.energy[context.energy["site"].isin(list(context.focus))]):
        return None
    say, energy, carbon = context.say, context.electricity, context.carbon
    years = context.periods
    amounts: list[tuple[str, str, list[float]]] = [
        (say(_("Electricity used")), energy.unit, [_mine(context, "facility_mwh", y) / energy.divisor for y in years]),
        (say(_("Peak from the grid")), "MW", [_peak(context, y) for y in years]),
        (say(_("Grid limit")), "MW", [_limit(context, y) for y in years]),
        (say(_("Headroom")), "MW", [_limit(context, y) - _peak(context, y) for y in years]),
        (say(_("Own solar and wind")), energy.unit,
         [(_mine(context, "solar_mwh", y) + _mine(context, "wind_mwh", y)) / energy.divisor for y in years]),
        (say(_("Green contracts")), energy.unit, [_emitted(context, "contract_mwh", y) / energy.divisor for y in years]),
        (say(_("Carbon by location")), carbon.unit, [_emitted(context, "location_t", y) / carbon.divisor for y in years]),
        (say(_("Carbon by market")), carbon.unit, [_emitted(context, "market_t", y) / carbon.divisor for y in years]),
        (say(_("Cooling water")), say(_("thousand m³")), [_water(context, y) / 1e3 for y in years]),
    ]  # fmt: skip
    rows = [
        _amounts(name, unit, values) for name, unit, values in amounts if any(math.isfinite(v) and v for v in values)
    ]
    rows.insert(min(1, len(rows)), _amounts("PUE", "", [_pue(context, y) for y in years]))
    rows.append(_shares(say(_("Green share")), [_green(context, y) for y in years]))
    rows += [_shares(name, values) for name, values in _use(context)]
    columns = (Column(say(_("What"))), Column(say(_("Unit"))), *(Column(str(year), number=True) for year in years))
    note = say(
        _(
            "Headroom: the limit of the grid zone less the peak. Green share: electricity used less what is bought "
            "without a contract, over electricity used. Location: grid energy times the grid's factor; market: less "
            "green contracts. Occupancy: installed over hall power. Utilisation: work served over installed."
        )
    )
    title = say(_("{place}: power, carbon and water by year", place=context.focus_name))
    return Table(title, columns, tuple(rows), note=note + electricity.judged(context) + utilisation.remark(context))


def _amounts(name: str, unit: str, values: list[float]) -> Row:
    """Return a row of a quantity by year; an amount of no consequence beside the largest of them is shown as 0."""
    least = run_measures.LEAST_PART * max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    shown = (0.0 if abs(value) < least else value for value in values)
    return Row((Cell(name), Cell(unit), *(figure(value) for value in shown)))


def _shares(name: str, values: list[float]) -> Row:
    return Row((Cell(name), Cell("%"), *(percent(value, bar=False) for value in values)))


def _use(context: Context) -> list[tuple[str, list[float]]]:
    """Return occupancy and the utilisation of each class by year."""
    say, focus = context.say, list(context.focus)
    found = [(say(_("Occupancy")), [run_measures.occupancy(context.run, y, context.focus) for y in context.periods])]
    used = run_measures.utilisation(context.run)
    used = used[used["site"].isin(focus) & (used["installed"] > 1e-9) & (used["class"] != "storage")]
    for kind, rows in used.groupby("class", sort=False):
        sums = rows.groupby("period")[["used", "installed"]].sum()
        share = (sums["used"] / sums["installed"]).to_dict()
        name = say(_("Utilisation, {name}", name=say(terms.named(terms.PLAIN_CLASSES, str(kind)))))
        found.append((name, [float(share.get(period, math.nan)) for period in context.periods]))
    return [pair for pair in found if any(math.isfinite(value) for value in pair[1])]


def _charts(context: Context) -> Block | None:
    """Return electricity beside the grid's limit, and carbon, of the place by year."""
    years = tuple(str(period) for period in context.periods)
    energy = tuple(_mine(context, "facility_mwh", y) / context.electricity.divisor for y in context.periods)
    location = tuple(_emitted(context, "location_t", y) / context.carbon.divisor for y in context.periods)
    peak = tuple(_peak(context, y) for y in context.periods)
    if not any(energy):
        return None
    say, name = context.say, context.focus_name
    drawn = (
        (say(_("Electricity used")), context.electricity.unit, energy),
        (say(_("Peak from the grid")), "MW", peak),
        (say(_("Carbon by location")), context.carbon.unit, location),
    )
    charts = [
        Bars(
            say(_("{what}: from {first} to {last}", what=what, first=plain(values[0]), last=plain(values[-1]))),
            unit, say(_("year")), years, (Series(name, values, "focus"),),
        )
        for what, unit, values in drawn
        if any(values)
    ]  # fmt: skip
    return Beside(tuple(charts))
