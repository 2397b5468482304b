"""Payers of the place: their shares, sources, and who pays beyond a budget."""

from __future__ import annotations

import pytest

from tests.report.costs.by_hand import TWO, column, context
from xisuan.report.chapters import money_chapter
from xisuan.report.costs import cost_sharing
from xisuan.report.facts import money_facts
from xisuan.text.translation import Language

SHARED = TWO | {
    "sites": "site,node,zone,pue,title,hub,investor\ns,r,z,1.2,Ridge,h,A\nt,r,z,1.5,Hill,k,D",
    "payers": "scope,investor,party,share,residual_payer,source,quality\n"
    "h,A,operator,0.4,B,p;q,derived\nh,B,owner,0.6,,q,derived\nh,C,public,0,,own,estimate\nall,A,operator,1,,own,estimate",
    "sources": "source,title,title_zh\np,Bulletin,公报\nq,Daily,日报\nown,Ours,自拟",
    "budgets": "period,scope,limit_mcny\n2026,investor:A,3\n2026,investor:B,20",
}
"""8 mCNY ordered at s and 2 at t. A pays 0.4 of the 8 and the 2, 5.2 in all, of which its budget carries 3."""


def test_the_rows_are_those_of_the_narrowest_scope_with_their_sources() -> None:
    found = context(SHARED)
    rows = cost_sharing.rows(found)
    assert [(row["investor"], row["share"]) for row in rows] == [("A", 0.4), ("B", 0.6), ("C", 0.0)]
    assert cost_sharing.sources(found, rows[:2]) == "Bulletin; Daily"
    assert cost_sharing.basis(found) == " (shares taken from: Bulletin; Daily)"
    table = cost_sharing.table(found)
    assert table is not None
    assert column(table, "Share") == pytest.approx({"A": 40.0, "B": 60.0, "C": 0.0})


def test_others_are_the_investors_that_the_source_does_not_name() -> None:
    tables = SHARED | {"payers": "scope,investor,share\nh,A,0.4\nh,others,0.6", "budgets": ""}
    assert "who else orders in this network (D) is among them" in cost_sharing.unnamed(context(tables))
    assert cost_sharing.unnamed(context(SHARED)) == ""


@pytest.mark.parametrize(
    ("language", "beyond"),
    [("en", "What the budgets of A cannot carry is paid by B."), ("zh", "A预算之外的部分由B承担。")],
)
def test_a_residual_payer_pays_here_what_the_budget_of_another_cannot_carry(language: Language, beyond: str) -> None:
    """A pays 3 in all: 2 at t and 1 of its 3.2 at s. B pays 4.8 and the other 2.2."""
    found = context(SHARED, language=language)
    paid = {one.investor: one.total for one in money_facts.payers(found)}
    assert paid == pytest.approx({"A": 1.0, "B": 7.0})
    assert {one.investor: one.paid for one in money_facts.payers(found)} == pytest.approx({"A": 3.0, "B": 7.0})
    section = money_chapter.section(found)
    assert any(beyond in getattr(block, "note", "").replace("\u00a0", " ") for block in section.blocks)
