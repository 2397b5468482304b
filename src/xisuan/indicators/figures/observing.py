"""The observation that comes of a draft: in the unit of its indicator, of the days that this has, with scope and prices."""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures import precision
from xisuan.indicators.figures.fiscal import several_years
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.vocabulary import Term
from xisuan.results.bulletin_reading import Observation


def finished(scene: Scene, one: Draft) -> Observation | None:
    """The observation of a draft."""
    if one.span is None:
        return None
    one.term = _at_prices(scene, one)
    spec = scene.context.words.terms[one.term]
    first, last, basis = fitted_to(one.span, spec)
    return Observation(
        indicator=one.term,
        region=one.region,
        period_start=first.isoformat(),
        period_end=last.isoformat(),
        basis=basis,
        value=None if one.value is None else clean(one.value),
        unit=one.unit,
        growth_pct=one.growth,
        share_pct=one.share,
        rank=one.rank,
        status=one.status,
        bound=one.bound,
        inherited=one.inherited,
        text=scene.sentence.raw.strip(),
        place=scene.sentence.place,
        growth_to=one.growth_to,
        change_points=one.change,
        change_to=one.change_to,
        scope=_scope(scene, one),
        named="named" in spec.flags,
        price_base=scene.sentence.price_base if "volume" in spec.indicator else "",
        precision=precision.said(scene.text, scene.sentence.amounts[one.at].end) if one.unit == "EFLOPS" else "",
    )


def _scope(scene: Scene, one: Draft) -> str:
    """The scope that a sentence says, which does not reach behind a semicolon to another industry: 规模以上工业增加值…;
    软件业务收入….
    """
    said = scene.cues.scope.search(scene.text) if scene.sentence.scope else None
    start = scene.sentence.amounts[one.at].start
    if said is None or not re.search(r"[;；]", scene.text[said.end() : start]):
        return scene.sentence.scope
    terms = scene.context.words.terms
    first = next(
        (terms[draft.term] for draft in scene.drafts if scene.sentence.amounts[draft.at].start > said.start()), None
    )
    own = terms[one.term]
    same = first is None or first.measure == own.measure or bool(own.family and own.family == first.family)
    return scene.sentence.scope if same or scene.cues.scope.search(scene.text, said.end(), start) else ""


def _at_prices(scene: Scene, one: Draft) -> str:
    """The indicator of a draft; a turnover in the prices of one year is a volume, no revenue."""
    words, figure = scene.context.words, scene.sentence.amounts[one.at]
    spec = words.terms[one.term]
    volume = words.by_measure.get((spec.family, "volume"), "") if spec.family and spec.measure == "revenue" else ""
    base = scene.cues.price_base.search(scene.text, figure.end) if volume else None
    between = scene.text[figure.end : base.start()] if base else ""
    near = base.end() + _PRICES_BEHIND if base else 0
    named = any(figure.end <= seen.start < near for seen in scene.sentence.mentions)
    return volume if base and not named and len(between) < _PRICES_BEHIND else one.term


_PRICES_BEHIND = 50
"""Signs within which the prices of a figure stand behind it."""


def in_unit(figure: Quantity, unit: str) -> tuple[float, str]:
    """A figure in the unit of its indicator; dollars stay dollars."""
    if money(figure.unit) and figure.unit != "CNY":
        return figure.value, f"m{figure.unit}"
    if figure.unit == "CNY":
        return (figure.value * 1e6, "CNY") if unit == "CNY" else (figure.value, "mCNY")
    if figure.unit == "Gbps" and unit in ("GB", "EB"):
        return (figure.value, "GB") if unit == "GB" else (figure.value / 1e9, "EB")
    if figure.unit == "GB" and unit == "EB":
        return figure.value / 1e9, "EB"
    return figure.value, unit


def clean(value: float) -> float:
    """Without the dust of binary fractions."""
    return float(f"{value:.12g}")


def fitted_to(days: Span, spec: Term) -> tuple[datetime.date, datetime.date, str]:
    """First day, last day and basis of a figure of an indicator; a ratio of stocks is as of a day."""
    stands = "day" in spec.flags or ("point" in spec.flags and days.point)
    first, last, basis = fitted(days, "stock" if stands else spec.kind)
    return (last.replace(day=1), last, "single") if spec.indicator == "dou_month" else (first, last, basis)


def fitted(days: Span, kind: str) -> tuple[datetime.date, datetime.date, str]:
    """First day, last day and basis of a figure of this kind: a stock is a point, a flow runs from 1 January."""
    if kind == "stock":
        return days.last, days.last, "point"
    first = days.first
    if days.point or (kind in ("ratio", "growth") and several_years(days)):
        first = datetime.date(days.last.year, 1, 1)
    return first, days.last, "cumulative" if (first.month, first.day) == (1, 1) else "single"
