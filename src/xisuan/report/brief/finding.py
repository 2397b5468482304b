"""Title of the report: what the plan finds for the place, in one line."""

from __future__ import annotations

from xisuan.report.brief import open_choices
from xisuan.report.facts import build_facts, city_facts, ranges
from xisuan.report.place_amounts import money
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP, exact
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled


def finding(context: Context) -> str:
    """Return the finding: what to add first, then when halls are needed and for how much."""
    say, place = context.say, context.focus_name
    lines = build_facts.procurement(context)
    first = context.periods[0]
    sums, decimals = build_facts.ordered_by_year(context)
    reach = open_choices.reach(context, "EFLOPS" if sums else "")
    if not sums:
        total = money(context, sum(line.mcny for line in lines))
        text = say(
            _("{place}: {money} of orders up to {year}", place=place, money=total, year=context.last)
            if lines
            else _("{place}: no new orders up to {year}", place=place, year=context.last)
        )
        if not reach:
            return text
        return say(_("{amount} ({reach} within 1 % of cost)", amount=text, reach=reach))
    key, year, eflops = (
        (unfilled("{place}: add {amount} in {year}, {halls}"), first, sums[first])
        if first in sums
        else (unfilled("{place}: add {amount} from {year} on, {halls}"), min(sums), sum(sums.values()))
    )
    amount = f"{exact(eflops, decimals)}{GAP}EFLOPS"
    if reach:
        amount = say(
            _("{amount} ({reach} by {year} within 1 % of cost)", amount=amount, reach=reach, year=context.last)
        )
    return say(_(key, place=place, year=year, amount=amount, halls=_halls(context, lines)))


def _halls(context: Context, lines: list[build_facts.Order]) -> str:
    """Return the clause on new halls: none, from when and for how much; that it is open where other plans differ."""
    say = context.say
    halls = [line for line in lines if line.asset == "hall"]
    first = context.periods[0]
    if ranges.halls_are_open(context):
        return say(_("new halls undecided"))
    if not halls:
        return say(_("no new halls up to {year}", year=context.last))
    total = money(context, sum(line.mcny for line in halls))
    year = min(line.period for line in halls)
    if year > first:
        return say(_("no new halls before {year}, then {money} of halls", year=year, money=total))
    return say(_("with {money} of halls up to {year}", money=total, year=context.last))


def finding_of_cities(context: Context) -> str:
    """Return the finding of a plan of gigabit cities alone."""
    found = city_facts.cities(context)
    assert found is not None, "a plan of cities has the table gigabit"
    year = max(found.by_year)
    done = found.by_year[year]
    totals = context.run.plan.tables["access_totals"]
    spent = context.show.money(float(totals["capex_mcny"].sum()))
    return context.say(
        _("{count} of {all} cities are gigabit cities by the end of {year}, for {money}", count=done, all=found.total,
          year=year, money=spent)
    )  # fmt: skip
