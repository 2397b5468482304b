"""All tables of a plan, and of a plan in operation, recomputed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xisuan.certificate.certify_schedule import of_period
from xisuan.certificate.constraints.costs import charges
from xisuan.certificate.constraints.network import fixed_traffic
from xisuan.certificate.constraints.operation_statement import STANDING, Operated, Operation, horizon
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.operation_bounds import OperationBounds
from xisuan.certificate.proof.value_placement import place
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Columns
from xisuan.certificate.tables import access_tables, hourly_tables, investment_tables
from xisuan.certificate.tables.cost_table import costs
from xisuan.certificate.tables.emission_table import emissions
from xisuan.certificate.tables.lost_tables import excess, shortfall
from xisuan.certificate.tables.price_table import Priced, ReducedCosts, prices
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.certificate.tables.service_table import service
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario

Tables = dict[str, Recomputed]
WITHIN_LINK = "traffic_within_link"


def tables_of_plan(scenario: Scenario, plan: Plan, priced: Priced | None = None) -> tuple[Tables, Statement, Operands]:
    """Recompute every table that the values and the duals of a plan determine.

    priced: what the table of prices is made of; the duals of the plan unless given. Returns the statement and the values
    in its order too. `prices` is among the tables where the duals that are kept are those of the cost, which no other
    objective keeps.
    """
    statement = Statement.of(scenario)
    of = Operands(statement.columns, place(statement.columns, plan.variables).x)
    reduced = ReducedCosts(of, statement.objective, plan.duals if priced is None else priced.duals)
    bounds = Bounds(statement, np.inf)
    within_link: Rows | None = None
    for rows in statement.rows(bounds.most, of.x):
        reduced.take(rows)
        within_link = rows if rows.name == WITHIN_LINK else within_link
    reduced.close(bounds.most)
    if priced is not None:
        reduced.share(priced.common)
    orders = statement.orders
    found = {
        "builds": investment_tables.builds(of, orders),
        "capacity": investment_tables.capacity(of),
        **_of_operation(of, within_link),
        "costs": costs(of, [*orders, *charges(statement.columns)], fixed_by_period(statement.columns)),
    }
    if statement.money:
        found["prices"] = prices(of, reduced, plan.variables)
    if scenario.has("cities"):
        price = {order.variable: order.overnight for order in orders}
        found["gigabit"] = access_tables.gigabit(of)
        found["rollout"] = access_tables.rollout(of, price["deploy"])
        found["access_totals"] = access_tables.access_totals(of, price["deploy"], price["lay"])
    return found, statement, of


def tables_of_schedule(scenario: Scenario, plan: Plan, schedule: Schedule) -> tuple[Tables, list[Operands]]:
    """Recompute every table of a plan in operation, one period after another."""
    whole = horizon(scenario, plan.scenario)
    planned = plan.scenario.settings.periods
    parts, each = list[Tables](), list[Operands]()
    for at, period in enumerate(scenario.settings.periods):
        operation = Operation(Operated(whole, planned.index(period), plan.variables))
        of = Operands(operation.columns, place(operation.columns, of_period(schedule.variables, schedule, at)).x)
        parts.append(_of_one_period(operation, of, of_period(schedule.duals, schedule, at), schedule.variables))
        each.append(of)
    return {name: first.joined([part[name] for part in parts[1:]]) for name, first in parts[0].items()}, each


def _of_one_period(
    operation: Operation, of: Operands, duals: Mapping[str, Found], variables: Mapping[str, Found]
) -> Tables:
    reduced = ReducedCosts(of, operation.objective, dict(duals))
    bounds = OperationBounds(operation.columns)
    within_link: Rows | None = None
    for rows in operation.rows():
        reduced.take(rows)
        within_link = rows if rows.name == WITHIN_LINK else within_link
    reduced.close(bounds.most)
    return {
        **_of_operation(of, within_link),
        "costs": costs(of, operation.charges(), fixed_by_period(operation.columns)),
        "prices": prices(of, reduced, variables, STANDING),
        "shortfall": shortfall(operation, of),
        "excess": excess(operation, of),
    }


def _of_operation(of: Operands, within_link: Rows | None) -> Tables:
    """Return the tables of operation, which do not depend on whether capacity is a variable."""
    return {
        "service": service(of),
        "load": hourly_tables.load(of),
        "backlog": hourly_tables.backlog(of),
        "flows": hourly_tables.flows(of, within_link),
        "power": hourly_tables.power(of),
        "emissions": emissions(of),
    }


def fixed_by_period(columns: Columns) -> Array:
    """Return the discounted cost of other traffic on fixed paths, mCNY. Shape (P,)."""
    clock, links = columns.reading.clock, columns.reading.tables["links"]
    total = np.zeros(clock.shape[0])
    for arc, traffic in fixed_traffic(columns).items():
        toll = np.nan_to_num(links.number(arc[:1], "cost_mcny_per_gbps_hour"))
        total += traffic @ clock.weight * toll * clock.year_weight
    return total
