"""The page of an operated plan: what it costs beside what the plan expected, its hardest week, the year, what is short."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xisuan import units
from xisuan.report import run_context, run_measures
from xisuan.report.confidence import certificates, stress_test
from xisuan.report.confidence.plan_proof import effort_rows
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Key, Keys, Section, Text
from xisuan.report.document.entity_names import titled
from xisuan.report.document.number_cells import figure
from xisuan.report.operated import expected_and_operated, hardest_week_charts, year_heatmap
from xisuan.report.operated.operated_case import Operated
from xisuan.report.operation import typical_week
from xisuan.report.words import LANGUAGES
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.text.translation import Language

PAGE = "operate.html"
SAME = 1e-3
"""Share of the cost below which a difference is not worth a sentence."""
ROUNDING = 1e-9
"""Gap below which a cost and its bound are one number: no more digits of it are said."""


def write(found: Schedule, plan: Plan, folder: Path, language: Language = "en") -> None:
    """The page in the language asked as operate.html, and in the other beside it."""
    made = Operated(found, plan, "en")
    for other in LANGUAGES:
        name = PAGE if other == language else PAGE.replace(".", f".{other}.")
        (folder / name).write_text(_html(made.told(other)), encoding="utf-8")


def html(found: Schedule, plan: Plan, language: Language = "en") -> str:
    """The page as one HTML document that needs nothing else."""
    return _html(Operated(found, plan, language))


def _html(one: Operated) -> str:
    say, found = one.context.say, one.found
    settings = found.scenario.settings
    certificate = found.certificate
    status = say.known("page", f"status_{found.status}")
    badges = [(status, "good" if found.status == "optimal" else "bad")]
    if certificate is not None:
        badges.append((say("page.certified"), "good") if certificate.ok else (say("page.refused"), "bad"))
    return html_rendering.rendered(
        language=say.language, say=say,
        title=say("operated.page_title", name=titled(settings, say.language)),
        subtitle=say("operated.subtitle", span=one.context.span, hours=stress_test.hours_tried(one.context, found)),
        badges=badges, sections=sections(one), footer=say("operated.footer"),
    )  # fmt: skip


def sections(one: Operated) -> tuple[Section, ...]:
    """What it costs and serves, the hardest week, the year, what is short, where it differs, how far to trust it."""
    made = (
        _overview(one),
        hardest_week_charts.section(one),
        year_heatmap.section(one.of_period, one.power, one.week),
        _short(one),
        expected_and_operated.section(one),
    )
    return (*(section for section in made if section is not None), _proof(one))


# --- at a glance -----------------------------------------------------------------------------------------------------


def _overview(one: Operated) -> Section:
    say, show, found = one.context.say, one.context.show, one.found
    unit = one.context.money
    keys = [Key(figure(one.paid_mcny / unit.divisor).text, unit.unit, say("operated.cost_key"))]
    expected = one.expected_mcny
    if expected > 0.0:
        change = one.paid_mcny / expected - 1.0
        keys.append(Key(figure(100.0 * change, 1, signed=True).text, "%", say("operated.change_key")))
    short = _worst(found)
    keys.append(Key(show.share(float(short["share"])) if short is not None else "0", "", say("operated.short_key")))
    if one.week is not None and not math.isnan(one.week.share):
        keys.append(Key(show.share(one.week.share), "", say("operated.full_key", of=say.known("class", one.week.of))))
    return Section(
        "operated", say("operated.title"), blocks=(Keys(tuple(keys)), Text(items=tuple(sentences(one)), tone="lead"))
    )


def _worst(found: Schedule) -> dict[str, Any] | None:
    """The row of the largest shortfall, None where all is served."""
    short = found.tables["shortfall"]
    short = short[short["share"] > run_context.LEAST_SHARE].sort_values("share", ascending=False, kind="stable")
    return run_measures.records(short.head(1))[0] if len(short) else None


def sentences(one: Operated) -> Iterator[str]:
    """Whether all is served, what it costs beside the plan, the hardest week, how far it is proven."""
    say, show, found, week = one.context.say, one.context.show, one.found, one.week
    worst = _worst(found)
    if worst is None:
        yield say("operated.served")
    else:
        yield say(
            "operated.short", share=show.share(float(worst["share"])), period=worst["period"],
            workload=run_context.workload_name(one.context, str(worst["workload"])),
            region=run_context.region_name(one.context, str(worst["region"])),
        )  # fmt: skip
    expected, cost = one.expected_mcny, one.paid_mcny
    more = cost - expected
    sums = {"cost": show.money(cost), "expected": show.money(expected), "by": show.money(abs(more))}
    if expected > 0.0 and abs(more) > max(SAME * expected, one.left_open):
        yield say("operated.more" if more > 0 else "operated.less", share=show.share(abs(more) / expected), **sums)
    else:
        yield say("operated.as_planned", **sums)
    if one.penalised:
        yield say("operated.penalty", penalty=show.money(found.penalty_mcny))
    if week is not None:
        first = typical_week.date_of(one.of_period, (week.number - 1) * units.HOURS_PER_WEEK)
        words = {"number": week.number, "period": week.period, "first": first}
        if week.unserved > 0.0:
            yield say("operated.week_short", amount=figure(week.unserved).text, **words)
        elif not math.isnan(week.share):
            full = {"share": show.share(week.share), "of": say.known("class_plain", week.of)}
            yield say("operated.week_full", **words, **full)
    gap = math.inf if found.certificate is None else found.certificate.gap(found.cost_mcny)
    if gap < ROUNDING:
        yield say("operated.exact")
    elif math.isfinite(gap):
        yield say("operated.proven", gap=show.most(gap))


# --- what is short ---------------------------------------------------------------------------------------------------


def _short(one: Operated) -> Section:
    """Shortfall and excess, in tables, or that there is none."""
    context, found = one.context, one.found
    return Section("short", context.say("operated.left"), blocks=tuple(stress_test.left(context, found)))


# --- how far to trust it ---------------------------------------------------------------------------------------------


def _proof(one: Operated) -> Section:
    """The certificate, the bound, what finding it took."""
    say, show, found = one.context.say, one.context.show, one.found
    certificate = found.certificate
    if certificate is None:
        blocks: list[Block] = [Text(say("operated.unchecked"), tone="note")]
    else:
        said = say(
            "operated.holds" if certificate.ok else "operated.fails",
            n=len(certificate.families), violation=certificates.power_of_ten(certificate.max_violation),
            family=say.known("family", certificates.worst(certificate)),
        )  # fmt: skip
        tone = "plain" if certificate.ok else "note"
        blocks = [Text(said, items=certificate.findings, tone=tone)]  # type: ignore[arg-type]
        if not math.isfinite(certificate.lower_bound):
            blocks.append(Text(say("proof.nothing_proven"), tone="note"))
        else:
            gap = certificate.gap(found.cost_mcny)
            bound, exact = show.money(certificate.lower_bound), gap < ROUNDING
            words = {} if exact else {"gap": show.tiny(gap)}
            blocks.append(Text(say("operated.bound_exact" if exact else "operated.bound", bound=bound, **words)))
    blocks.append(effort_rows(one.context, found.effort))
    return Section("proof", say("operated.proof"), blocks=tuple(blocks))
