"""`xisuan read`: what official bulletins say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import click

from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.indicators.catalogue import Catalogue, catalogue
from xisuan.report.tracking.track_phrases import amount, figure_status
from xisuan.results.bulletin_reading import Observation, Reading
from xisuan.text.translation import Language, translate
from xisuan.text.translation import message as _

HEADS = (
    _("indicator"),
    _("region"),
    _("period"),
    _("status"),
    _("value"),
    _("growth"),
    _("change"),
    _("share"),
    _("rank"),
)
"""Heads of the columns."""
TEXTS = 4
"""How many of the columns are text; a column of figures that is blank throughout is left out."""


@click.command("read", epilog="Example:  xisuan read bulletin.html --published 2024-11-25 --json")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--published",
    type=shared_options.Day(),
    help="When the bulletins were published, where they do not say it themselves.",
)
@click.option(
    "--words",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder whose indicators.csv and regions.csv add to the vocabulary.",
)
@click.option(
    "--region", default="", help="What the bulletins are about that name no region, such as those that say 全省 only."
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    files: tuple[Path, ...],
    published: datetime.date | None,
    words: Path | None,
    region: str,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read FILES (text, HTML, CSV, Excel or SDMX-CSV, English or Chinese) into observations and targets.

    Each comes with the words it was read from. What was seen and could not be placed is listed too.
    """
    parts = [read_bulletin(file, published, words, region) for file in files]
    found = Reading.joined(parts)
    if as_json:
        output.give_json(found.document())
    else:
        output.give(_lines(found, catalogue(words), "zh" if lang == "zh" else "en"))


def _lines(found: Reading, words: Catalogue, language: Language) -> list[str]:
    head = [translate(head, language) for head in HEADS]
    rows = [_cells(seen, words, language) for seen in found.observations]
    shown = [at for at in range(len(head)) if at < TEXTS or any(row[at] for row in rows)]
    table = text_layout.table([head[at] for at in shown], [[row[at] for at in shown] for row in rows], text=TEXTS)
    lines = _under_their_words(table, found.observations) if rows else []
    lines = lines or [f"  {translate(_('nothing was read'), language)}"]
    if found.unplaced:
        lines += ["", f"{translate(_('Seen and not placed'), language)}:"]
        lines += text_layout.table(
            [translate(_("words"), language), translate(_("why"), language), translate(_("place"), language)],
            [[left.words, translate(left.why, language), left.place] for left in found.unplaced],
            text=3,
        )
    return [
        *lines,
        "",
        translate(
            _(
                "figures read: {count}; seen and not placed: {left}",
                count=len(found.observations),
                left=len(found.unplaced),
            ),
            language,
        ),
    ]


def _under_their_words(table: Sequence[str], seen: Sequence[Observation]) -> list[str]:
    """The rows of a table, those of a sentence under its place and words."""
    out, last = [table[0]], ("", "")
    for line, one in zip(table[1:], seen, strict=True):
        if (one.place, one.text) != last:
            last = (one.place, one.text)
            out += ["", *text_layout.paragraph(f"{one.place}  {' '.join(one.text.split())}")]
        out.append(line)
    return out


def _cells(seen: Observation, words: Catalogue, language: Language) -> Sequence[str]:
    when = seen.period_end if seen.period_start == seen.period_end else f"{seen.period_start}…{seen.period_end[5:]}"
    bound = {"over": ">", "about": "≈", "under": "<"}.get(seen.bound or "", "")
    level = "" if seen.value is None else bound + amount(seen.value, seen.unit, language)
    growth = "" if seen.growth_pct is None else f"{seen.growth_pct:.5g} %"
    change = (
        ""
        if seen.change_points is None
        else translate(_("{change} points", change=f"{seen.change_points:+.5g}"), language)
    )
    share = "" if seen.share_pct is None else f"{seen.share_pct:.5g} %"
    named = words.terms.get(seen.indicator), words.places.get(seen.region)
    titles = [(one.title_zh if language == "zh" else one.title) if one else "" for one in named]
    name, place = titles[0] or seen.indicator, titles[1] or seen.region
    return [name, place, when, figure_status(seen.status, language), level, growth, change, share, str(seen.rank or "")]
