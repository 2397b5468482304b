"""`xisuan read`: read official bulletins."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from xisuan.bulletins import language_model
from xisuan.bulletins.language.lexicon import lexicon
from xisuan.bulletins.language_model import ModelServer
from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import Catalogue, catalogue
from xisuan.report.reading import review_page
from xisuan.report.tracking.track_phrases import as_published, figure_status
from xisuan.results.bulletin_reading import Observation, Reading, Unplaced
from xisuan.scenario.load import load
from xisuan.scenario.reading import manifest
from xisuan.text.translation import Language, translate
from xisuan.text.translation import message as _
from xisuan.tracking import statistics_folder
from xisuan.tracking.observation_rows import OBSERVATIONS, csv_text, observation_rows
from xisuan.tracking.statistics_folder import Added

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
    help="Publication date of bulletins that do not state it.",
)
@click.option(
    "--words",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with indicators.csv and regions.csv that extend the vocabulary.",
)
@click.option("--region", default="", help="Region of bulletins that name none, for example those that only say 全省.")
@click.option(
    "--observations",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the figures to this CSV file, as the table `observations` of a scenario.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Add the figures to the scenario in this folder: `xisuan track` follows them.",
)
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page to this HTML file on which each figure is accepted, changed or rejected beside its text.",
)
@click.option(
    "--reader",
    metavar="URL",
    default="",
    help="Send the text to this OpenAI-compatible server of your own as well, and take the figures whose number, unit, "
    "place and date stand in the text.",
)
@click.option("--reader-model", metavar="NAME", default="", help="Model of --reader.  [default: its only one]")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    files: tuple[Path, ...],
    published: datetime.date | None,
    words: Path | None,
    region: str,
    observations: Path | None,
    into: Path | None,
    review: Path | None,
    reader: str,
    reader_model: str,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read observations and targets from FILES: text, HTML, PDF, Word, CSV, Excel or SDMX-CSV, in English or Chinese.

    Each figure comes with the words it was read from. Figures that could not be placed are listed with the reason.
    """
    known, language = catalogue(words), output.speech(lang).language
    if into is not None and not region:
        region = statistics_folder.home_of(load(_folder(into)))
    parts = [read_bulletin(file, published, words, region) for file in files]
    if reader:
        parts = _with_model(parts, ModelServer(reader, reader_model), words, region)
    found = Reading.joined(parts)
    for note in found.notes:
        click.echo(translate(note, language), err=True)
    told = _written(found, known, language, observations, review)
    if into is not None:
        told += _added(statistics_folder.add(_folder(into), found, known), into, language)
    if as_json:
        click.echo("\n".join(told), err=True, nl=bool(told))
        output.give_json(found.document())
    else:
        output.give([*_lines(found, known, language), *told])


def _with_model(parts: Sequence[Reading], server: ModelServer, words: Path | None, region: str) -> list[Reading]:
    """Return readings with the figures of a language model, and a note how many of these were taken."""
    out = []
    for one in parts:
        found, taken, refused = language_model.extended(one, server, lexicon(words), region)
        note = _(
            "{file}: {model} proposed {count} figures that the text proves, and {refused} that it does not; these are "
            "not taken",
            file=one.bulletins[0].file,
            model=server.model,
            count=taken,
            refused=refused,
        )
        out.append(replace(found, notes=(*found.notes, note)))
    return out


def _folder(into: Path) -> Path:
    """Return the folder of a scenario. Raises ScenarioError if it holds none, such as for a shipped name."""
    if not (into / manifest.FILE).is_file():
        raise ScenarioError([Problem("not-a-scenario-folder", table="--into", value=str(into), name=into.name)])
    return into


def _written(
    found: Reading, words: Catalogue, language: Language, observations: Path | None, review: Path | None
) -> list[str]:
    """Write the files that were asked for, and return the lines that name them."""
    lines: list[str] = []
    if observations is not None:
        rows, refused = observation_rows(found, words)
        observations.write_text(csv_text(rows, OBSERVATIONS), encoding="utf-8", newline="")
        lines += [*_refused(refused, language), str(observations)]
    if review is not None:
        review_page.write(found, review, words, language)
        lines.append(str(review))
    return lines


def _added(done: Added, into: Path, language: Language) -> list[str]:
    """Return the lines that say what was added to a scenario, and what comes next."""
    said = _(
        "{path}: {added} new rows, {replaced} replaced. Next:  xisuan track {folder}",
        path=done.path,
        added=done.added,
        replaced=done.replaced,
        folder=into,
    )
    more = _("added to indicators.csv: {names}", names=", ".join(done.indicators))
    return [
        *_refused(done.refused, language),
        translate(said, language),
        *([translate(more, language)] if done.indicators else []),
    ]


def _refused(refused: Sequence[Unplaced], language: Language) -> list[str]:
    """Return a line for each figure that was read and not written."""
    return [
        translate(_("{place}: {words} is not written: {why}", place=one.place, words=one.words, why=one.why), language)
        for one in refused
    ]


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
    """Return the rows of a table, with the figures of one sentence below its place and words."""
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
    level = "" if seen.value is None else bound + as_published(seen.value, seen.unit, language)
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
