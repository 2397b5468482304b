"""What the values of the variables mean, as the tables that people read (results.plan.TABLES)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.equations import capacity, limits, mixing, network, power
from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Label
from xisuan.equations.notation import CONSTRAINT, VARIABLE
from xisuan.results.plan import CAPEX_TERMS, TABLES
from xisuan.solver.model import Block

Values = Mapping[str, Array]


def operation_tables(a: Assembly, values: Values, duals: Values, reduced: Values) -> dict[str, pd.DataFrame]:
    """Tables of how capacity is operated."""
    return {
        "service": service(a, values),
        "load": load(a, values),
        "backlog": _frame("backlog", _hourly(a, values, "backlog", "units")),
        "flows": flows(a, values),
        "power": power_table(a, values),
        "costs": costs(a, values),
        "prices": prices(a, duals, reduced),
        "emissions": emissions(a, values),
    }


def plan_tables(a: Assembly, values: Values, duals: Values, reduced: Values) -> dict[str, pd.DataFrame]:
    """All tables of a plan."""
    return {
        "builds": builds(a, values),
        "capacity": in_use(a, values),
        **operation_tables(a, values, duals, reduced),
    }


def _frame(table: str, rows: pd.DataFrame | list[dict[str, object]]) -> pd.DataFrame:
    """Rows with exactly the columns of the table, in order."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    return frame.reindex(columns=list(TABLES[table])).reset_index(drop=True)


def _of(values: Values, block: Block | None) -> Array:
    return values[block.name] if block is not None else np.zeros((0, 0))


# --- builds and capacity -----------------------------------------------------------------------------------------------

ORDERS: tuple[tuple[str, str, str, str], ...] = (
    ("build_hall", "hall", "MW", "halls"),
    ("retrofit", "retrofit", "MW", "halls"),
    ("open", "opening", "", ""),
    ("build", "compute", "", "technologies"),
    ("build_link", "link", "Gbps", "links"),
    ("link_modules", "link", "modules", "links"),
    ("build_supply", "", "MW", "supply"),
    ("build_energy", "battery_energy", "MWh", "supply"),
)
"""Order variables: name, asset (blank: the source), unit (blank: the technology's), table with life and lead."""


def builds(a: Assembly, values: Values) -> pd.DataFrame:
    """What is ordered, period by period."""
    g = a.given
    rows: list[dict[str, object]] = []
    for name, asset, unit, table in ORDERS:
        block = a.column(name)
        if block is None:
            continue
        mw = capacity.it_mw(a, block.labels) if name == "build" else np.ones((len(g.periods), len(block)))
        lead = g.numbers(table, _row_labels(name, block.labels), "lead_years") if table else np.zeros_like(mw)
        for (y, i), amount in np.ndenumerate(values[name]):
            if amount > 0.0:
                label = block.labels[i]
                is_it = name in ("build_hall", "retrofit", "build")
                rows.append(
                    {
                        "period": g.periods[y],
                        "asset": asset or label[1],
                        "where": label[0],
                        "technology": label[1] if name in ("build", "link_modules") else "",
                        "amount": amount,
                        "unit": unit or (_technology_unit(a, label[1]) if name == "build" else ""),
                        "mw": amount * mw[y, i] if is_it else np.nan,
                        "in_use_from": g.periods[y] + lead[y, i],
                        "investor": limits.investor(g, name, label),
                        "capex_mcny": amount * a.capex[name][y, i],
                    }
                )
    return _frame("builds", rows)


def _row_labels(name: str, labels: Sequence[Label]) -> list[Label]:
    """Labels of the rows that give life and lead of orders."""
    rows: dict[str, Callable[[Label], Label]] = {
        "build": lambda label: (label[1],),
        "link_modules": lambda label: (label[0],),
        "build_energy": lambda label: (label[0], "battery"),
    }
    return [rows.get(name, lambda label: label)(label) for label in labels]


def _technology_unit(a: Assembly, technology: str) -> str:
    frame = a.given.scenario["technologies"]
    return str(frame.loc[frame["technology"] == technology, "unit"].iloc[0])


USED: tuple[tuple[str, str, str, str, str], ...] = (
    ("hall", "hall", "MW", "halls", "existing_mw"),
    ("retrofitted", "retrofitted", "MW", "", ""),
    ("installed", "compute", "", "", ""),
    ("capacity", "link", "Gbps", "links", "capacity_gbps"),
    ("supply", "", "MW", "supply", "existing_mw"),
    ("energy", "battery_energy", "MWh", "supply", "existing_mwh"),
)
"""Capacity variables: name, asset (blank: the source), unit (blank: the technology's), table and column of what stood."""


def in_use(a: Assembly, values: Values) -> pd.DataFrame:
    """What is in use, period by period."""
    g = a.given
    rows: list[dict[str, object]] = []
    for name, asset, unit, table, column in USED:
        block = a.column(name)
        if block is None:
            continue
        existing = _existing(a, values, block, table, column)
        mw = capacity.it_mw(a, block.labels) if name == "installed" else np.ones((len(g.periods), len(block)))
        for (y, i), amount in np.ndenumerate(values[name]):
            label = block.labels[i]
            if amount > 0.0 or existing[y, i] > 0.0:
                rows.append(
                    {
                        "period": g.periods[y],
                        "asset": asset or label[1],
                        "where": label[0],
                        "technology": label[1] if name == "installed" else "",
                        "amount": amount,
                        "existing": existing[y, i],
                        "unit": unit or (_technology_unit(a, label[1]) if name == "installed" else "MW"),
                        "mw": amount * mw[y, i] if name in ("hall", "retrofitted", "installed") else np.nan,
                    }
                )
    return _frame("capacity", rows)


def _existing(a: Assembly, values: Values, block: Block, table: str, column: str) -> Array:
    if table:
        return a.given.numbers(table, _row_labels(_order_of(block.name), block.labels), column)
    out = np.zeros((len(a.given.periods), len(block)))
    kept = a.column("kept")
    if block.name == "installed" and kept is not None:
        for i, (site, technology, _) in enumerate(kept.labels):
            out[:, block.position[site, technology]] += values["kept"][:, i]
    return out


def _order_of(name: str) -> str:
    return {"hall": "build_hall", "capacity": "build_link", "supply": "build_supply", "energy": "build_energy"}[name]


# --- operation ---------------------------------------------------------------------------------------------------------


def _hourly(a: Assembly, values: Values, name: str, value: str) -> pd.DataFrame:
    """Long table of an hourly variable, or of a stock in every hour."""
    block = a.column(name)
    if block is None:
        return pd.DataFrame()
    table = values[name] if block.hourly else np.repeat(values[name][:, None, :], a.model.hours, axis=1)
    periods, hours, items = np.indices(table.shape).reshape(3, -1)
    data: dict[str, object] = {"period": np.array(a.given.periods)[periods], "hour": hours}
    for at, dim in enumerate(block.dims):
        data[dim] = np.array([label[at] for label in block.labels], dtype=object)[items]
    data[value] = table.ravel()
    return pd.DataFrame(data)


def load(a: Assembly, values: Values) -> pd.DataFrame:
    """Work that every technology runs, and stock that it holds, by hour."""
    parts = [_hourly(a, values, name, "units") for name in ("load", "stock_load")]
    parts = [part for part in parts if len(part)]
    return _frame("load", pd.concat(parts, ignore_index=True) if parts else pd.DataFrame())


def service(a: Assembly, values: Values) -> pd.DataFrame:
    """Who is served where, yearly means."""
    g = a.given
    rows: dict[tuple[int, str, str, str], float] = {}
    mean = g.weight / units.HOURS_PER_YEAR
    for name, dropped in (("serve", "unserved"), ("hold", "stock_unserved")):
        for column, at in ((name, 1), (dropped, None)):
            block = a.column(column)
            if block is None:
                continue
            total = np.einsum("pti,t->pi", values[column], mean) if block.hourly else values[column]
            for (y, i), amount in np.ndenumerate(total):
                label = block.labels[i]
                key = (g.periods[y], label[0], label[1] if at else "", label[2] if at else label[1])
                rows[key] = rows.get(key, 0.0) + float(amount)
    for stock in (False, True):
        for workload in g.workloads(stock=stock, pairwise=False):
            share = mixing.free_service(a, values, workload, stock=stock)
            total = share[:, 0] if stock else np.einsum("ptrs,t->prs", share, mean)
            for (y, r, s), amount in np.ndenumerate(total):
                key = (g.periods[y], g.demanded[workload][r], g.sites_for(workload)[s], workload)
                rows[key] = rows.get(key, 0.0) + float(amount)
    return _frame("service", _with_share(a, rows))


def _with_share(a: Assembly, rows: Mapping[tuple[int, str, str, str], float]) -> list[dict[str, object]]:
    g = a.given
    asked = {(period, region, workload): 0.0 for period, region, _, workload in rows}
    for workload, regions in g.demanded.items():
        amount = g.mean_demand([(region, workload) for region in regions])
        for y, period in enumerate(g.periods):
            for i, region in enumerate(regions):
                asked[period, region, workload] = float(amount[y, i])
    out: list[dict[str, object]] = []
    for (period, region, site, workload), amount in rows.items():
        demand = asked[period, region, workload]
        if amount > 1e-9 * max(demand, 1e-12):
            share = amount / demand if demand > 0 else np.nan
            out.append(
                {
                    "period": period,
                    "region": region,
                    "site": site,
                    "workload": workload,
                    "units": amount,
                    "share": share,
                }
            )
    return out


def flows(a: Assembly, values: Values) -> pd.DataFrame:
    """All traffic on every arc, by hour."""
    block = a.model.rows.get("traffic_within_link")
    if block is None:
        return _frame("flows", [])
    g = a.given
    gbps = network.carried(a, values)
    periods, hours, items = np.indices(gbps.shape).reshape(3, -1)
    names = np.array(block.labels, dtype=object).reshape(len(block), 3)
    links = a.model.columns["capacity"]
    capacity_of = values["capacity"][:, links.at([arc[:1] for arc in block.labels])]
    return _frame(
        "flows",
        pd.DataFrame(
            {
                "period": np.array(g.periods)[periods],
                "hour": hours,
                "link": names[items, 0],
                "from": names[items, 1],
                "to": names[items, 2],
                "gbps": gbps.ravel(),
                "capacity_gbps": capacity_of[periods, items],
            }
        ),
    )


def power_table(a: Assembly, values: Values) -> pd.DataFrame:
    """Power of every site, by hour."""
    it = a.column("it")
    if it is None:
        return _frame("power", [])
    g = a.given
    sites = list(it.labels)
    facility = np.zeros(values["it"].shape)
    for column, labels, factor in power.facility(a, sites):
        facility[..., it.at(labels)] += values[column.name][..., column.at(labels)] * factor
    shape = facility.shape
    price = power.energy_price(g, sites) if g.scenario.has("power") else np.full(shape, np.nan)
    parts = {"it_mw": values["it"], "facility_mw": facility, "price_cny_per_kwh": price}
    for name, column in (
        ("grid", "grid_mw"),
        ("charge", "charge_mw"),
        ("discharge", "discharge_mw"),
        ("stored", "stored_mwh"),
    ):
        parts[column] = _at_sites(a, values, name, it, shape)
    for source in ("solar", "wind"):
        parts[f"{source}_mw"] = _at_sites(a, values, "generation", it, shape, source)
    periods, hours, items = np.indices(shape).reshape(3, -1)
    data: dict[str, object] = {
        "period": np.array(g.periods)[periods],
        "hour": hours,
        "site": np.array([site for (site,) in sites], dtype=object)[items],
    }
    return _frame(
        "power", pd.DataFrame({**data, **{name: np.broadcast_to(part, shape).ravel() for name, part in parts.items()}})
    )


def _at_sites(a: Assembly, values: Values, name: str, it: Block, shape: tuple[int, ...], source: str = "") -> Array:
    """Values of a variable of sites at the sites of `it`, 0 elsewhere."""
    out = np.zeros(shape)
    block = a.column(name)
    if block is not None:
        at = [i for i, label in enumerate(block.labels) if not source or label[1] == source]
        out[..., it.at([block.labels[i][:1] for i in at])] = values[name][..., at]
    return out


def costs(a: Assembly, values: Values) -> pd.DataFrame:
    """Every cost by term and place; the discounted ones add up to the objective."""
    g = a.given
    rows: dict[tuple[int, str, str, str], float] = {}
    for name, terms in a.terms.items():
        block = a.column(name)
        if block is None:
            continue
        for term, cost in terms.items():
            spent = cost * values[name]
            total = spent.sum(axis=1) if block.hourly else spent
            for (y, i), money in np.ndenumerate(total):
                if money:
                    where, investor = _place(a, name, block.labels[i])
                    key = (y, term, where, investor)
                    rows[key] = rows.get(key, 0.0) + float(money)
    for term, yearly in a.constants.items():
        for y, money in enumerate(yearly):
            rows[y, term, "", ""] = rows.get((y, term, "", ""), 0.0) + float(money)
    overnight = _overnight(a, values)
    return _frame(
        "costs",
        [
            {
                "period": g.periods[y],
                "term": term,
                "where": where,
                "investor": investor,
                "mcny": overnight.get((y, term, where, investor), money / g.discount[y]),
                "discounted_mcny": money,
            }
            for (y, term, where, investor), money in sorted(rows.items())
        ],
    )


def _overnight(a: Assembly, values: Values) -> dict[tuple[int, str, str, str], float]:
    """Overnight capital cost of the orders, by period, term and place."""
    found: dict[tuple[int, str, str, str], float] = {}
    for name, price in a.capex.items():
        block = a.column(name)
        if block is None:
            continue
        term = next(term for term in a.terms[name] if term in CAPEX_TERMS)
        for (y, i), amount in np.ndenumerate(values[name]):
            where, investor = _place(a, name, block.labels[i])
            key = (y, term, where, investor)
            found[key] = found.get(key, 0.0) + float(amount * price[y, i])
    return found


def _place(a: Assembly, name: str, label: Label) -> tuple[str, str]:
    """Where a cost arises and who pays: the site or link of a variable, else its region, or the scope of a rule."""
    if name.startswith("excess_"):
        return label[0], ""
    dims = VARIABLE[name].dims
    if "site" in dims:
        site = label[dims.index("site")]
        return site, a.given.site_text[site]["investor"]
    if "link" in dims:
        link = label[dims.index("link")]
        return link, limits.investor(a.given, "build_link", (link,))
    return label[0], ""


def emissions(a: Assembly, values: Values) -> pd.DataFrame:
    """Emissions of every site, both ways, and what is embodied in orders."""
    g = a.given
    sites = [(site,) for site in g.sites]
    year = np.zeros((len(g.periods), len(sites)))
    grid, located, displaced, bought, embodied = (year.copy() for _ in range(5))
    at = {site: i for i, (site,) in enumerate(sites)}
    if a.column("grid") is not None:
        labels = a.labels("grid")
        columns = [at[site] for (site,) in labels]
        grid[:, columns] = np.einsum("pti,t->pi", values["grid"], g.weight)
        located[:, columns] = np.einsum("pti,t->pi", values["grid"] * power.co2(g, labels), g.weight)
    if a.column("contract") is not None:
        labels = a.labels("contract")
        columns = [at[site] for (site,) in labels]
        bought[:, columns] = values["contract"]
        displaced[:, columns] = values["contract"] * power.mean_co2(g, labels)
    if a.column("build") is not None:
        labels = a.labels("build")
        tonnes = g.numbers("technologies", [(name,) for _, name in labels], "embodied_t_per_unit")
        for i, (site, _) in enumerate(labels):
            embodied[:, at[site]] += values["build"][:, i] * tonnes[:, i]
    return _frame(
        "emissions",
        [
            {
                "period": period,
                "site": site,
                "grid_mwh": grid[y, i],
                "contract_mwh": bought[y, i],
                "location_t": located[y, i],
                "market_t": located[y, i] - displaced[y, i],
                "embodied_t": embodied[y, i],
            }
            for y, period in enumerate(g.periods)
            for i, (site,) in enumerate(sites)
        ],
    )


def prices(a: Assembly, duals: Values, reduced: Values) -> pd.DataFrame:
    """Shadow prices: of every constraint on a period, of hourly ones summed over the year, and of bounds."""
    rows: list[dict[str, object]] = []
    for name, block in a.model.rows.items():
        table = duals[name].sum(axis=1) if block.hourly else duals[name]
        rows += _priced(a, block, table, name, CONSTRAINT[name].unit)
    for name, block in a.model.columns.items():
        if not block.hourly and name in VARIABLE and not (a.fixed and name in a.fixed):
            bounded = (np.isfinite(block.upper) & (reduced[name] < 0)) | ((block.lower > 0) & (reduced[name] > 0))
            rows += _priced(a, block, np.where(bounded, reduced[name], 0.0), f"bound on {name}", VARIABLE[name].unit)
    return _frame("prices", rows)


def _priced(a: Assembly, block: Block, table: Array, name: str, unit: str) -> list[dict[str, object]]:
    return [
        {
            "period": a.given.periods[y],
            "constraint": name,
            "item": "/".join(block.labels[i]),
            "value": value,
            "unit": unit,
        }
        for (y, i), value in np.ndenumerate(table)
        if abs(value) > 1e-9
    ]
