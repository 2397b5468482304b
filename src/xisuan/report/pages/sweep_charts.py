"""Charts of a sweep: every figure over the levers that were moved, and the equipment at each place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xisuan.report import terms, unit_names
from xisuan.report.document.blocks import Beside, Block, Choice, Line, Lines
from xisuan.report.document.entity_names import Names
from xisuan.results.sweep import FIGURES, GOOD, PLACE, Sweep
from xisuan.scenario.queries.levers import BY_NAME
from xisuan.text import numbers
from xisuan.text.numbers import Scale, is_crumb, plain
from xisuan.text.translation import Language, Translator, in_context, translate
from xisuan.text.translation import message as _

FIGURE_NAMES = {
    "cost": _("Cost, discounted"),
    "penalty": _("Of the cost, price of what is not served"),
    "capital": in_context("sweep_figure", "Capital ordered"),
    "halls": _("Halls built"),
    "compute": _("Equipment bought"),
    "western_compute": _("Equipment in the west, last period"),
    "links": _("Links built"),
    "carbon": _("Carbon, location-based"),
    "energy": _("Electricity"),
    "unserved_share": _("Work not served, worst workload and year"),
    "gigabit": _("Gigabit cities at the end"),
}

SHOWN = tuple(name for name in FIGURES if name != "unserved")
"""Figures of the page. What is not served is shown as a share: units of several workloads are no sum to a reader."""
COLOURS = ("other-1", "focus", "other-2", "other-3", "line", "other-5", "other-4", "other-6", "rest")
PLACES = 30
"""Places to choose from: those with most equipment."""


def title(lever: str, language: Language) -> str:
    """Return the short name of a lever."""
    return translate(BY_NAME[lever].title, language)


def scale(name: str, largest: float, say: Translator) -> Scale:
    """Return the scale of a figure of a sweep: its divisor and unit."""
    found = numbers.scale(FIGURES.get(name, "MW"), say.language, largest)
    return replace(found, unit=say(terms.named(unit_names.SWEEP_UNITS, found.unit)))


def shown(found: Sweep) -> list[str]:
    """Return the figures that are not zero in at least one member."""
    return [name for name in SHOWN if float(found.members[name].abs().max()) > 0.0]


def blocks(found: Sweep, say: Translator) -> list[Block]:
    """Return a chart for each figure and one for a place, over a lever that the reader chooses.

    Empty if fewer than two members have a plan.
    """
    rows = _distinct_settings(found)
    if len(rows) < 2:
        return []
    if not (rows[found.levers] != 0.0).sum(axis=1).gt(1).any():
        return _charts(found, rows, _Across(None, say))
    names = tuple(title(lever, say.language) for lever in found.levers)
    groups = tuple(tuple(_charts(found, rows, _Across(lever, say))) for lever in found.levers)
    return [Choice(say(_("Across:")), names, groups, print_all=False)]


@dataclass(frozen=True, slots=True)
class _Across:
    """The lever that goes across, or None: each lever moved alone."""

    lever: str | None
    say: Translator


def _distinct_settings(found: Sweep) -> pd.DataFrame:
    """Members that have a plan, each setting of the levers once."""
    rows = found.members[found.members["status"].isin(GOOD)]
    return rows.drop_duplicates(found.levers).reset_index(drop=True)


def _charts(found: Sweep, rows: pd.DataFrame, across: _Across) -> list[Block]:
    say = across.say
    drawn = tuple(
        _lines(found, rows, across, name, say(FIGURE_NAMES[name]), scale(name, float(rows[name].abs().max()), say))
        for name in shown(found)
    )
    names = Names(found.scenario, say.language)
    most = rows[found.places].max() if found.places else pd.Series(dtype=np.float64)
    spread = most - rows[found.places].min() if found.places else most
    kept = most[most > 0.0].nlargest(PLACES).index
    legend = drawn[0].lines if drawn and len(drawn[0].lines) > 1 else ()
    out: list[Block] = [Beside(tuple(replace(one, named=False) for one in drawn), legend)]
    if len(kept):
        called = [names.of("sites", str(column).removeprefix(PLACE)) for column in kept]
        charts = tuple(
            (
                _lines(
                    found,
                    rows,
                    across,
                    str(column),
                    say(_("Equipment at {place}, last period", place=name)),
                    Scale(1.0, say(_("MW of IT"))),
                ),
            )
            for column, name in zip(kept, called, strict=True)
        )
        first = int(np.argmax(spread[kept].to_numpy()))
        out.append(Choice(say(_("Place:")), tuple(called), charts, first))
    return out


def _lines(found: Sweep, rows: pd.DataFrame, across: _Across, column: str, name: str, scaled: Scale) -> Lines:
    say = across.say
    most = float(rows[column].abs().max())
    values = rows[column].where(~rows[column].map(lambda value: is_crumb(value, most)), 0.0) / scaled.divisor
    lines = [
        Line(called, tuple(sorted(zip(moves, values[moves.index], strict=True))), COLOURS[at % len(COLOURS)], joined)
        for at, (called, moves, joined) in enumerate(_series(found, rows, across))
    ]
    under = say(_("change of the lever alone (%)")) if across.lever is None and len(found.levers) > 1 else ""
    lever = across.lever or found.levers[0]
    return Lines(name, scaled.unit, under or f"{title(lever, say.language)} (%)", tuple(lines))


def _series(found: Sweep, rows: pd.DataFrame, across: _Across) -> Iterator[tuple[str, pd.Series[float], bool]]:
    """Lines of a chart: what each is called, where its points lie (an entry a member), and whether they are joined."""
    language, moves = across.say.language, rows[found.levers]
    if across.lever is None:
        for lever in found.levers:
            alone = (moves.drop(columns=lever) == 0.0).all(axis=1)
            yield title(lever, language), moves.loc[alone, lever], True
        return
    others = [lever for lever in found.levers if lever != across.lever]
    groups = moves.groupby(others, sort=True)[across.lever]
    if len(groups) > len(moves) / 2:  # by chance: hardly two members differ in one lever alone
        yield across.say(_("Members")), moves[across.lever], False
        return
    for settings, points in groups:
        steps = settings if isinstance(settings, tuple) else (settings,)
        said = (f"{title(lever, language)} {_signed(step)}" for lever, step in zip(others, steps, strict=True))
        yield ("，" if language == "zh" else ", ").join(said), points, True


def _signed(step: object) -> str:
    value = float(str(step))
    return ("+" if value > 0.0 else "") + plain(value) + " %"
