"""What the page says of money where several share it."""

from __future__ import annotations

import dataclasses

from tests.decisions.costs.test_cost_sharing import THREE, paid
from tests.report.parts import section
from xisuan.report.document.blocks import Table
from xisuan.results.plan import Plan
from xisuan.results.run import Run


def capital(found: Plan) -> Table:
    """The table of capital by investor."""
    money = section(Run(found.scenario, found), "money")
    return next(one for one in money.blocks if isinstance(one, Table) and one.title == "Capital by investor and year")


def test_the_page_says_who_pays_and_who_orders() -> None:
    """42 mCNY by 0.5, 0.3 and 0.2; x ordered 12 of it, y 30, the province nothing."""
    table = capital(paid(THREE))
    assert [column.title for column in table.columns][-1] == "Ordered in its name"
    told = {row.cells[0].text: [cell.text for cell in row.cells[-3:]] for row in table.rows}
    assert told == {"x": ["21.00", "50.0", "12.00"], "y": ["12.60", "30.0", "30.00"], "province": ["8.40", "20.0", "0"]}


def test_where_nobody_shares_there_is_no_such_column() -> None:
    """Who orders pays."""
    found = paid(THREE)
    alone = dataclasses.replace(
        found.scenario, tables={**found.scenario.tables, "payers": found.scenario["payers"][:0]}
    )
    table = capital(dataclasses.replace(found, scenario=alone))
    assert [column.title for column in table.columns][-1] == "Share"
    assert {row.cells[0].text: row.cells[-2].text for row in table.rows} == {"x": "12.00", "y": "30.00"}
