"""From specifications to markup: the template engine, which escapes all values, and the functions that templates call."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from xisuan.report.document import chart_geometry, number_cells
from xisuan.text.translation import in_context, message


def rendered(**parts: object) -> str:
    """Return a page of sections, filled into the template that all pages share; `brief` stands above them, full width."""
    same = {"style": Markup(text("report.css")), "script": Markup(text("report.js") + text("picture.js"))}
    defaults = {"brief": None, "kicker": "", "other_language": ""}
    return engine().get_template("report.html.j2").render(**(defaults | same | parts))


@cache
def text(name: str) -> str:
    """Return the text of a template, style sheet or script by its file name."""
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@cache
def engine() -> jinja2.Environment:
    """Return the template engine; it escapes all values."""
    engine = jinja2.Environment(
        loader=jinja2.FunctionLoader(text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    drawn = {
        name: getattr(chart_geometry, name)
        for name in ("bars", "hours", "days", "numbers", "summary", "points", "value_list")
    }
    engine.globals.update(
        drawn, _=message, in_context=in_context, over=chart_geometry.lines, height=chart_geometry.HEIGHT
    )
    engine.filters.update(runs=_runs, kind=lambda block: type(block).__name__, tidy=_tidy, band=_band)
    return engine


def _runs(text: str) -> list[tuple[str, bool]]:
    """Return a sentence as runs of text, each with True if it is a figure."""
    parts = text.replace(number_cells.CLOSE, number_cells.OPEN).split(number_cells.OPEN)
    return [(part, at % 2 == 1) for at, part in enumerate(parts) if part]


def _tidy(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _band(load: float) -> int:
    """Fifth of a load: 0 (below 20 %) to 4 (80 % and more)."""
    return min(4, max(0, int(load * 5))) if math.isfinite(load) else 0
