"""Two plans side by side as one page: what differs in words, then table by table, largest change first."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pandas as pd

from xisuan.report import terms, unit_names
from xisuan.report.comparison import compared_runs
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names
from xisuan.results.run import Run
from xisuan.text.numbers import MISSING, Figures, apart, plain, scale
from xisuan.text.translation import Language, Translator, in_context, unfilled
from xisuan.text.translation import message as _
from xisuan.workflow.compare import Comparison, compare

COSTS = {
    "more": unfilled("{b} costs {amount} ({share}) more than {a}."),
    "less": unfilled("{b} costs {amount} ({share}) less than {a}."),
    "same": unfilled("{a} and {b} cost the same, to {amount} ({share})."),
}

EMITS = {
    "more": unfilled("{b} emits {amount} more over its horizon."),
    "less": unfilled("{b} emits {amount} less over its horizon."),
}

RUNS = {
    "more": unfilled("In {period} the share of {workload} that {site} takes is {points} percentage points larger."),
    "less": unfilled("In {period} the share of {workload} that {site} takes is {points} percentage points smaller."),
}

RESIDENTS = {
    "more": unfilled("Over its horizon {b} has {people} million resident-years more in gigabit cities."),
    "less": unfilled("Over its horizon {b} has {people} million resident-years less in gigabit cities."),
}

BUILDS = {
    "more": unfilled("{b} builds {amount} more {what}."),
    "less": unfilled("{b} builds {amount} less {what}."),
}

FIGURE_NAMES = {
    "cost": _("cost, discounted"),
    "capital": _("capital ordered"),
    "halls": _("halls"),
    "compute": _("equipment"),
    "links": _("links"),
    "gigabit": _("gigabit cities at the end"),
    "resident_years": _("residents of gigabit cities"),
    "energy": _("electricity from the grid"),
    "carbon": _("emissions, location-based"),
    "unserved": _("work not served"),
}

COLUMN_NAMES = {
    "period": _("Year"),
    "asset": _("Asset"),
    "where": _("Where"),
    "technology": _("Technology"),
    "unit": _("Unit"),
    "term": in_context("comparison", "Cost"),
    "workload": _("Workload"),
    "site": _("Site"),
    "city": _("City"),
    "measure": _("Measure"),
}

FRAME_TITLES = {
    "builds": _("What is built"),
    "capacity": _("What stands"),
    "costs": _("Costs, discounted"),
    "service": _("Where work runs, shares"),
    "emissions": _("Energy and carbon"),
}

UNIT_NAMES = {
    "mCNY": _("million CNY"),
    "resident-years": _("resident-years"),
    "MWh": in_context("comparison", "MWh"),
    "t": _("t"),
    "units": _("units"),
    "cities": in_context("comparison", "cities"),
}

MEASURES = {
    "grid_mwh": _("energy from the grid, MWh"),
    "contract_mwh": _("of it green contracts, MWh"),
    "location_t": _("location-based, t"),
    "market_t": _("market-based, t"),
    "embodied_t": _("embodied, t"),
}

VALUES = ("a", "b", "change")
"""Columns of numbers in every frame of a comparison."""
MOST_ROWS = 40
"""Rows shown of one table; the rest is counted."""

TABLES: dict[str, tuple[str, ...]] = {
    "cities": ("city",),
    "builds": ("period", "asset", "where", "technology", "unit"),
    "costs": ("term",),
    "service": ("period", "workload", "site"),
    "emissions": ("period", "measure"),
}
"""Tables of a comparison that are shown, with the columns that name a row."""


TITLED = {"city": "cities", "site": "sites", "workload": "workloads", "where": "sites", "technology": "technologies"}
"""Columns that name a row of a table, and the table."""
OF_ACCESS = {"where": "cities", "technology": "measures"}
"""The same in rows of access."""
KNOWN = {"asset": terms.ASSETS, "term": terms.COST_TERMS, "measure": MEASURES, "unit": unit_names.MEASURE_UNITS}
"""Columns of words of the model, and what people call these."""


class Called:
    """Names of the things in a comparison, in one language."""

    def __init__(self, found: Comparison, language: Language) -> None:
        self._say = Translator(language)
        self._names = [Names(scenario, language) for scenario in found.scenarios]

    def __call__(self, key: str, row: dict[Any, Any]) -> str:
        """Return the value in column `key` of a row of one of the frames."""
        value = str(row[key])
        if key == "site" and not value:
            return self._say(_("not served"))
        if key in KNOWN:
            return self._say(terms.named(KNOWN[key], value))
        table = (OF_ACCESS if row.get("asset") == "access" else TITLED).get(key)
        return next((names.of(table, value) for names in self._names if table and names.known(table, value)), value)


def html(found: Comparison, language: Language, runs: Sequence[Run] = ()) -> str:
    """Return the page on what plan `b` does otherwise than plan `a`. `runs`: those of the plans, for the brief."""
    say = Translator(language)
    a, b = found.names
    finding = sentences(found, language)[0]
    return html_rendering.rendered(
        language=language,
        say=say,
        title=finding if runs else say(_("{b} beside {a}", a=a, b=b)),
        kicker=say(_("{b} beside {a}", a=a, b=b)) if runs else "",
        brief=compared_runs.brief(found.names, runs, language, finding) if runs else None,
        subtitle=say(
            _("differences above {tolerance} of what stands", tolerance=Figures(language).tiny(found.tolerance))
        ),
        badges=[],
        sections=sections(found, language),
        footer=say(
            _(
                "Made by xisuan. All figures are computed from the tables of the run: tables.xlsx has those of this page, "
                "and the run folder has every table as a Parquet file."
            )
        ),
    )


def html_of_several(names: Sequence[str], runs: Sequence[Run], language: Language) -> str:
    """Return the page that sets three or more runs side by side, each compared with the first."""
    say = Translator(language)
    title = several(names, runs, language)
    return html_rendering.rendered(
        language=language,
        say=say,
        title=title,
        kicker=say(_("{n} runs side by side", n=len(runs))),
        subtitle=say(_("changes are from {name}", name=names[0])),
        badges=[],
        brief=compared_runs.brief(names, runs, language, title),
        sections=tuple(
            dataclasses.replace(section, name=f"{section.name}-{at}", title=f"{names[at]}: {section.title}")
            for at in range(1, len(runs))
            for section in sections(compare(runs[0].plan, runs[at].plan, (names[0], names[at])), language)
        ),
        footer=say(
            _(
                "Made by xisuan. All figures are computed from the tables of the run: tables.xlsx has those of this page, "
                "and the run folder has every table as a Parquet file."
            )
        ),
    )


def several(names: Sequence[str], runs: Sequence[Run], language: Language) -> str:
    """Return the finding of several runs: the cheapest and the dearest, and how far they are apart."""
    say, show = Translator(language), Figures(language)
    costs = [run.plan.cost_mcny for run in runs]
    low, high = costs.index(min(costs)), costs.index(max(costs))
    if costs[high] - costs[low] <= 1e-4 * abs(costs[high]):
        return say(_("All {n} runs cost the same", n=len(runs)))
    share = show.share((costs[high] - costs[low]) / costs[low]) if costs[low] > 0 else MISSING
    return say(
        _("{cheapest} costs least, {dearest} costs {amount} ({share}) more", cheapest=names[low], dearest=names[high],
          amount=show.money(costs[high] - costs[low]), share=share)
    )  # fmt: skip


def sections(found: Comparison, language: Language) -> tuple[Section, ...]:
    """Return the section of sentences and main figures, then one for each table that differs."""
    say, called = Translator(language), Called(found, language)
    first: tuple[Block, ...] = (Text(items=tuple(sentences(found, language)), tone="lead"), _figures(found, say))
    out = [Section("differences", say(_("What differs")), blocks=first)]
    for name, keys in TABLES.items():
        frame: pd.DataFrame = getattr(found, name)
        if len(frame):
            if name == "cities":
                out.append(Section(name, say(_("Gigabit cities")), blocks=_cities(found, called, say)))
                continue
            blocks = _table(found, frame, keys, called, say)
            out.append(Section(name, say(FRAME_TITLES[name]), blocks=blocks))
    return tuple(out)


def sentences(found: Comparison, language: Language) -> list[str]:
    """Return the main differences in words."""
    say, show, called = Translator(language), Figures(language), Called(found, language)
    a, b = found.names
    if found.same:
        return [say(_("{a} and {b} are the same plan.", a=a, b=b))]
    rows = {str(row["figure"]): row for row in found.figures.to_dict("records")}
    cost = rows["cost"]
    share = show.share(abs(cost["change"]) / cost["a"]) if cost["a"] else MISSING
    out = [say(_(COSTS[_way(found, cost)], a=a, b=b, amount=show.money(abs(cost["change"])), share=share))]
    out += _standing(found, called, say)
    for name, unit in (("halls", "MW"), ("compute", "MW"), ("links", "Gbps")):
        if name in rows and (way := _way(found, rows[name])) != "same":
            amount = f"{plain(abs(rows[name]['change']))} {unit}"
            out.append(say(_(BUILDS[way], b=b, amount=amount, what=say(FIGURE_NAMES[name]))))
    if "carbon" in rows and (way := _way(found, rows["carbon"])) != "same":
        out.append(say(_(EMITS[way], b=b, amount=show.carbon(abs(rows["carbon"]["change"])))))
    most = found.service["change"].abs()
    for row in found.service[most == most.max()].head(1).to_dict("records"):
        way = "more" if row["change"] > 0 else "less"
        what, where = (called(key, row) for key in ("workload", "site"))
        points = plain(100 * abs(row["change"]))
        parts = {"period": row["period"], "workload": what, "site": where, "points": points}
        out.append(say(_(RUNS[way], **parts)))
    return out


def _standing(found: Comparison, called: Called, say: Translator) -> list[str]:
    """Return the number of gigabit cities at the end, those of one plan alone, and the resident-years."""
    if not len(found.cities):
        return []
    a, b = found.names
    show = Figures(say.language)
    ends = [str(scenario.timeline.horizon[-1]) for scenario in found.scenarios]
    alls = [scenario["cities"]["city"].nunique() for scenario in found.scenarios]
    rows = {str(row["figure"]): row for row in found.figures.to_dict("records")}
    counts = [plain(rows["gigabit"][name]) for name in ("a", "b")]
    out = [
        say(
            _("{a} has {a_count} of {a_all} gigabit cities at the end of {a_year}, {b} {b_count} of {b_all} at "
"the end of {b_year}.", a=a, b=b, a_count=counts[0], b_count=counts[1], a_all=alls[0], b_all=alls[1],
            a_year=ends[0], b_year=ends[1],
        ))
    ]  # fmt: skip
    one, other = found.cities["a_end"], found.cities["b_end"]
    for name, only in ((a, one & ~other), (b, other & ~one)):
        cities = [called("city", row) for row in found.cities[only].to_dict("records")]
        if cities:
            out.append(say(_("Gigabit cities then in {name} alone: {cities}.", name=name, cities=show.listed(cities))))
    if (way := _way(found, rows["resident_years"])) != "same":
        people = _people(abs(rows["resident_years"]["change"]), say.language)
        out.append(say(_(RESIDENTS[way], b=b, people=people)))
    return out


def _people(count: float, language: Language) -> str:
    """Resident-years in millions, or in 万."""
    return plain(count / (1e4 if language == "zh" else 1e6))


def _way(found: Comparison, row: dict[Any, Any]) -> str:
    tolerance = found.cost_tolerance if row["figure"] == "cost" else found.tolerance
    if abs(row["change"]) <= tolerance * row["size"]:
        return "same"
    return "more" if row["change"] > 0 else "less"


def _values(found: Comparison, say: Translator, unit: str = "") -> tuple[Column, ...]:
    names = (*found.names, say(_("Change")))
    return tuple(Column(name, unit, number=True) for name in names)


def _cells(row: dict[Any, Any], size: float = 0.0) -> tuple[Cell, ...]:
    a, b = apart(row["a"], row["b"], size)
    return (Cell(a), Cell(b), Cell(signed(float(row["change"]), size)))


def signed(change: float, size: float = 0.0) -> str:
    """Return a change with its sign; 0 if it is rounding relative to `size`."""
    if abs(change) <= 1e-9 * size:
        return "0"
    return f"+{plain(change)}" if change > 0 else plain(change)


def in_unit(frame: pd.DataFrame, unit: str, language: Language) -> tuple[pd.DataFrame, str]:
    """Return a frame converted from a unit of the model to the unit shown to the reader, and that unit."""
    shown = scale(unit, language, float(frame[["a", "b"]].abs().to_numpy().max(initial=0.0)))
    columns = [name for name in (*VALUES, "size") if name in frame]
    return frame.assign(**{name: frame[name] / shown.divisor for name in columns}), shown.unit


def figures_in_units(found: Comparison, language: Language) -> list[dict[Any, Any]]:
    """Return the rows of the figures, each in the unit shown to the reader."""
    rows = []
    for at in range(len(found.figures)):
        one = found.figures.iloc[at : at + 1]
        frame, unit = in_unit(one, str(one["unit"].iloc[0]), language)
        rows.append({**frame.to_dict("records")[0], "unit": unit})
    return rows


def _figures(found: Comparison, say: Translator) -> Table:
    columns = (Column(say(_("Figure"))), Column(say(_("Unit"))), *_values(found, say))
    rows = []
    for row in figures_in_units(found, say.language):
        named = Cell(say(FIGURE_NAMES[row["figure"]])), Cell(say(terms.named(UNIT_NAMES, row["unit"])))
        rows.append(Row((*named, *_cells(row, row["size"]))))
    return Table(say(_("Main figures")), columns, tuple(rows))


def _cities(found: Comparison, called: Called, say: Translator) -> tuple[Block, ...]:
    columns = (
        Column(say(_("City"))),
        *(Column(name) for name in found.names),
        Column(say(_("Change")), say(_("million resident-years")), number=True),
    )
    shown = found.cities.head(MOST_ROWS).to_dict("records")
    rows = tuple(
        Row(
            (
                Cell(called("city", row)),
                *(Cell(str(row[years]) or MISSING) for years in ("a_years", "b_years")),
                Cell(signed(float(row["change"]) / 1e6)),
            )
        )
        for row in shown
    )
    note = say(_("Under the standard in force in each year. ")) + _more(len(found.cities) - len(shown), say)
    return (Table(say(_("Years at whose end each is a gigabit city")), columns, rows, note=note.strip()),)


def _table(
    found: Comparison, frame: pd.DataFrame, keys: tuple[str, ...], called: Called, say: Translator
) -> tuple[Block, ...]:
    frame, unit = in_unit(frame, "mCNY" if frame is found.costs else "", say.language)
    columns = (*(Column(say(COLUMN_NAMES[key])) for key in keys), *_values(found, say, unit))
    shown = frame.head(MOST_ROWS).to_dict("records")
    rows = tuple(Row((*(Cell(called(key, row)) for key in keys), *_cells(row))) for row in shown)
    return (Table("", columns, rows, note=_more(len(frame) - len(shown), say)),)


def _more(left: int, say: Translator) -> str:
    return say(_("{count} smaller differences are not shown.", count=left)) if left else ""
