"""One HTML page of a run: sections to specifications to markup, in one file that needs nothing else.

The page makes no request of any kind. Names from the scenario are escaped by the template engine; markup comes from
the templates alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from xisuan.report import (
    calibration,
    cells,
    drawing,
    electricity,
    estimates,
    geography,
    gigabit,
    headline,
    hourly,
    levelised,
    money,
    network,
    orders,
    proof,
    rules,
    service,
    stress,
    targets,
    unanswered,
    usage,
    why,
)
from xisuan.report.context import Context, wide
from xisuan.report.figures import Language, plain
from xisuan.report.specs import Section
from xisuan.results.run import Run

SECTIONS: dict[int, Callable[[Context], Section | None]] = {
    1: headline.section,
    2: targets.section,
    3: geography.section,
    4: orders.section,
    5: money.section,
    6: service.section,
    7: why.section,
    8: levelised.section,
    9: usage.section,
    10: electricity.section,
    11: network.section,
    12: gigabit.section,
    13: rules.section,
    14: stress.section,
    15: estimates.section,
    16: calibration.section,
    17: hourly.section,
    18: unanswered.section,
    19: proof.section,
}
"""Number → what makes the section; None where the scenario is about something else."""


def sections(run: Run, language: Language) -> tuple[Section, ...]:
    """Everything the report says, as specifications, each section with its number."""
    context = Context(run, language)
    made = ((number, make(context)) for number, make in SECTIONS.items())
    return tuple(dataclasses.replace(section, number=number) for number, section in made if section is not None)


def html(run: Run, language: Language = "en") -> str:
    """The report as one HTML document."""
    context = Context(run, language)
    settings = run.scenario.settings
    title = (wide(settings.title_zh) if language == "zh" else settings.title) or settings.title or settings.name
    first, *others = sections(run, language)
    return rendered(
        language=language,
        say=context.say,
        title=title,
        subtitle=context.say("page.subtitle", span=context.span, place=context.focus_name),
        badges=_badges(context),
        hero=first,
        sections=others,
        footer=context.say("page.footer"),
        style=Markup(text("report.css")),
        script=Markup(text("report.js")),
    )


def rendered(**parts: object) -> str:
    """A page of sections, filled into the one template that all pages share; `hero` stands above them, full width."""
    return engine().get_template("report.html.j2").render(**({"hero": None} | parts))


def write(run: Run, path: str | Path, language: Language = "en") -> None:
    """Write the report to `path`."""
    Path(path).write_text(html(run, language), encoding="utf-8")


def _badges(context: Context) -> list[tuple[str, str]]:
    """Status and certificate: text and tone."""
    plan = context.run.plan
    status = context.say.known("page", f"status_{plan.status}")
    badges = [(status.removeprefix("status_"), "good" if plan.status == "optimal" else "bad")]
    if plan.certificate is None:
        return [*badges, (context.say("page.unchecked"), "plain")]
    return [
        *badges,
        (context.say("page.certified"), "good") if plan.certificate.ok else (context.say("page.refused"), "bad"),
    ]


@cache
def text(name: str) -> str:
    """A template, style or script by its file name."""
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@cache
def engine() -> jinja2.Environment:
    """The template engine, which escapes whatever it is given."""
    engine = jinja2.Environment(
        loader=jinja2.FunctionLoader(text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    engine.globals.update(bars=drawing.bars, hours=drawing.hours, summary=drawing.summary, height=drawing.HEIGHT)
    engine.filters.update(runs=_runs, kind=lambda block: type(block).__name__, tidy=_tidy, band=_band, plain=plain)
    return engine


def _runs(text: str) -> list[tuple[str, bool]]:
    """A sentence as runs of text, each with whether it is a figure."""
    parts = text.replace(cells.CLOSE, cells.OPEN).split(cells.OPEN)
    return [(part, at % 2 == 1) for at, part in enumerate(parts) if part]


def _tidy(value: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _band(load: float) -> int:
    """Fifth of a load: 0 (below 20 %) to 4 (80 % and more)."""
    return min(4, max(0, int(load * 5))) if math.isfinite(load) else 0
