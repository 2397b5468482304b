"""`xisuan track`: forecast whether a region reaches its targets."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from xisuan.cli.terminal import output, progress_bar, shared_options, text_layout
from xisuan.errors import Problem, ScenarioError
from xisuan.exchange.sdmx import write_sdmx_csv, write_structure
from xisuan.progress import tell
from xisuan.report.tracking import city_deadlines, latest_levels, track_page, track_tables
from xisuan.report.tracking.track_heads import HEADS, TITLES
from xisuan.report.tracking.track_notes import SHORT, marks, standing
from xisuan.report.tracking.track_phrases import status
from xisuan.results.plan import Plan
from xisuan.results.storage import parquet_files, run_store, sealed_folders
from xisuan.results.track import KINDS, TABLES, Track, records
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import LANGUAGES, Language, translate, unfilled
from xisuan.text.translation import message as _
from xisuan.tracking.forecast_scores import scored
from xisuan.tracking.targets.planned_paths import of_other_tables
from xisuan.tracking.track import published, track

MOST_ROWS = 40
PAGE = "track.html"
LATE = datetime.timedelta(days=366)
"""How long after the last publication a day may be without a remark; what is published once a year comes in that time."""
_LONG_AFTER = unfilled(
    "--as-of {day} lies more than a year after all that is known: observations and targets were "
    "published from {first} to {last}"
)
KEYS = ("deadline", "status", "target", "latest", "latest_end", "probability", "required")
SHORT_HEADS = {"required": HEADS["needs"]}
"""Heads that are shorter in a terminal than on the page."""
WITHOUT_STATUS = (0, 2, 3, 4, 5, 6)
_MONTH = len("2025-10")
"""Signs of the day of a latest level that are shown."""
NARROW = 80
"""Columns in which the targets and all sentences stand."""
LONG = (SHORT, "deadline passed, outcome not published")
"""The statuses that are longer than a column: their targets stand under them in a table of their own."""


@click.command("track", epilog="Example:  xisuan track guizhou --as-of 2024-06-30 --lang zh")
@shared_options.scenario
@click.option(
    "--as-of",
    "as_of",
    type=shared_options.Day(),
    help="Use only what was published by this day.  [default: the scenario's as_of]",
)
@click.option(
    "--then",
    type=shared_options.Day(),
    help="Score the forecast on what was published between --as-of and this day.",
)
@click.option(
    "--with",
    "run",
    type=click.Path(path_type=Path),
    help="Run folder whose planned path is drawn beside the published one.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the pages, Parquet and SDMX-CSV; none with --json.  [default: runs/track-SCENARIO, with the days"
    " of --as-of and --then]",
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str,
    as_of: datetime.date | None,
    then: datetime.date | None,
    run: Path | None,
    out: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Report for each target of SCENARIO if it was reached, is on track, at risk or off track, and with what
    probability.

    Writes track.html (charts with intervals and sources) in your language, the same page in the other language, a
    Parquet file per table and the figures as SDMX-CSV.
    """
    with progress_bar.shown() as progress:
        tell(progress, "read", _("reading the scenario"))
        given = load(scenario)
        own = given.settings.as_of
        if as_of is not None and own is not None and as_of > own:
            given = load(scenario, as_of)  # facts published since
        span = published(given)
        if as_of is not None and span is not None and as_of < span[0]:
            _first, last = published(load(scenario, datetime.date.max)) or span  # facts published since, here too
            days: dict[str, Any] = {"first": str(span[0]), "last": str(last)}
            raise ScenarioError([Problem("nothing-published-yet", column="as_of", value=as_of.isoformat(), **days)])
        plan = _plan_of(run, given) if run else None
        tell(progress, "track", _("following the indicators"))
        found = track(given, as_of, plan)
        if plan is not None:
            found = dataclasses.replace(found, planned_of=_planned_of(plan, scenario, given))
        if then is not None and then <= found.as_of:
            day = str(found.as_of)
            raise ScenarioError([Problem("then-not-later", column="then", value=then.isoformat(), day=day)])
        if then is not None:
            found = scored(found, load(scenario, then), then)
        say: Language = output.speech(lang, given).language
        folder = out or (None if as_json else Path("runs") / _folder(found.name, as_of, then))
        if folder is not None:
            tell(progress, "write", _("drawing the page"))
            write(found, folder, say)
    if as_of is not None and span is not None and as_of - span[1] > LATE:
        click.echo(translate(_(_LONG_AFTER, day=as_of, first=span[0], last=span[1]), say), err=True)
    if as_json:
        for line in track_tables.planned_lines(found, say)[-1:] if found.planned_of else ():
            click.echo(line, err=True)
        output.give_json(found.document())
    else:
        since = [] if then is not None else _since(scenario, found, as_of, say)
        output.give([*_lines(found, say), *since, "", f"  {translate(_('page'), say)}  {folder}/{PAGE}"])


def _plan_of(run: Path, given: Scenario) -> Plan:
    """Return the plan of a run. Raises ScenarioError if it is of another scenario."""
    plan = run_store.load_run(run).plan
    if plan.scenario.settings.name != given.settings.name:
        names: dict[str, Any] = {"other": plan.scenario.settings.name, "name": given.settings.name}
        raise ScenarioError([Problem("run-of-other-scenario", column="with", value=str(run), **names)])
    return plan


def _planned_of(plan: Plan, scenario: str, given: Scenario) -> tuple[str, ...]:
    """Return tables in which plan and scenario differ. The scenario is read as of the plan's day, so that figures
    published since are no difference.
    """
    day = plan.scenario.settings.as_of
    return of_other_tables(plan, given if day == given.settings.as_of else load(scenario, day))


def _since(scenario: str, found: Track, as_of: datetime.date | None, language: Language) -> list[str]:
    """Return a remark that figures were published after the day of the track and how to score it with them; empty if
    none were.
    """
    later = load(scenario, datetime.date.max)
    _first, last = published(later) or (None, found.as_of)
    count = len(scored(found, later, last).followed) if last > found.as_of else 0
    asked = f"{scenario} --as-of {as_of}" if as_of is not None else scenario
    return (
        [
            "",
            *_wrapped(
                translate(
                    _(
                        "Published since and not used: {count} figures of what has a target. How they fit: xisuan track "
                        "{name} --then {day}",
                        count=count,
                        name=asked,
                        day=last,
                    ),
                    language,
                )
            ),
        ]
        if count
        else []
    )


def _folder(name: str, *days: datetime.date | None) -> str:
    """Return the folder's name. It contains the days that were asked for, so that another day overwrites nothing."""
    return "-".join(["track", name, *(day.isoformat() for day in days if day is not None)])


def write(found: Track, folder: Path, language: Language) -> None:
    """Write track.html in a language and the page in the other language, one Parquet file per table, and the figures
    with their structure as SDMX-CSV. Each file is written whole or not at all.
    """
    (other,) = (one for one in LANGUAGES if one != language)
    pages = {language: PAGE, other: f"track.{other}.html"}
    for here, there in ((language, other), (other, language)):
        sealed_folders.put(folder / pages[here], functools.partial(_draw, found, here, pages[there]))
    (folder / f"track.{language}.html").unlink(missing_ok=True)  # of an earlier track in the other language
    for name in TABLES:
        sealed_folders.put(
            folder / f"{name}.parquet", functools.partial(parquet_files.write_table, getattr(found, name), kinds=KINDS)
        )
    sealed_folders.put(folder / "observed.csv", functools.partial(write_sdmx_csv, found))
    sealed_folders.put(folder / "observed.xml", functools.partial(write_structure, found))


def _draw(found: Track, language: Language, other: str, path: Path) -> None:
    track_page.write(found, path, language, other)


def _lines(found: Track, language: Language) -> list[str]:
    home = found.home
    latest_first = found.targets.sort_values(
        ["deadline", "indicator", "region"], ascending=[False, True, True], kind="stable"
    )
    last_of_each = records(latest_first.drop_duplicates(["indicator", "region"]))
    groups = [(row["indicator"], row["region"]) for row in track_page.open_first(found, last_of_each)]
    order = {pair: at for at, pair in enumerate(groups)}
    every = sorted(records(latest_first), key=lambda row: order[row["indicator"], row["region"]])
    rows = [row for row in every if track_page.is_live(found, row)]
    past = [row for row in every if not track_page.is_live(found, row)]
    title = (found.title_zh if language == "zh" else found.title) or found.name
    as_of = translate(_("as of {day}; nothing published later is used", day=found.as_of), language)
    lines = [f"{found.called(home, language) if home else title}, {as_of}"]
    groups_of = {name: [row for row in rows[:MOST_ROWS] if standing(row) == name] for name in LONG}
    short = [row for row in rows[:MOST_ROWS] if standing(row) not in LONG]
    lines += _targets(found, short, tuple(range(len(KEYS))), "", language)
    for name, some in groups_of.items():
        lines += _targets(found, some, WITHOUT_STATUS, f"{status(language, name)}:", language)
    lines += _figures(found, language)
    if past:
        where = translate(_("they stand in {page} and in --json", page=PAGE), language)
        semicolon = "；" if language == "zh" else "; "
        lines += ["", *_wrapped(f"{track_page.past_line(found, past, language)}{semicolon}{where}")]
    legend = marks(found, language)
    lines += ["", *_wrapped(legend, 2)] if legend else []
    if len(rows) > MOST_ROWS:
        lines.append(
            f"  {translate(_('{count} more targets in {place}', count=len(rows) - MOST_ROWS, place='--json'), language)}"
        )
    multipliers = [
        line
        for name, variable, span, unit, how in track_tables.multipliers(found, language)
        for line in _wrapped(f"{name} / {variable}: {span} {unit}. {how}")
    ]
    blocks = {
        "cities": _cities(found, language),
        "followed": _followed(found, language),
        "planned_paths": [line for text in track_tables.planned_lines(found, language) for line in _wrapped(text)],
        "parts": _parts(found, language),
        "drivers": multipliers,
    }
    for key, block in blocks.items():
        lines += ["", f"{translate(TITLES[key], language)}:", *block] if block else []
    return lines


def _figures(found: Track, language: Language) -> list[str]:
    """Return the latest figures without a target: as a table for a track without any, else how many they are."""
    rows = latest_levels.latest_levels(found, language)
    if not rows:
        return []
    if len(found.targets):
        where = translate(_("they stand in {page} and in --json", page=PAGE), language)
        semicolon = "；" if language == "zh" else "; "
        return ["", *_wrapped(f"{latest_levels.count_line(rows, language)}{semicolon}{where}")]
    heads = [translate(HEADS[name], language) for name in latest_levels.COLUMNS]
    cells = [[row[name] for name in latest_levels.COLUMNS] for row in rows[:MOST_ROWS]]
    note = _wrapped(translate(latest_levels.NO_TARGETS, language))
    return ["", *text_layout.table(heads, cells, text=2), "", *note]


def _parts(found: Track, language: Language) -> list[str]:
    """Return lines on bounds from parts and wholes and their sources; empty if there are none."""
    parts = [line for text in track_tables.part_lines(found, language) for line in _wrapped(text)]
    return [*parts, *_wrapped(translate(track_tables.PARTS_NOTE, language), 2)] if parts else []


def _wrapped(text: str, hang: int = 4, indent: int = 2) -> list[str]:
    return text_layout.paragraph(text, indent, hang, NARROW)


def _targets(
    found: Track, rows: Sequence[dict[str, Any]], shown: Sequence[int], title: str, language: Language
) -> list[str]:
    """Return targets as a table under a title, grouped by indicator; the region is shown if it is not the usual one.
    Remarks on a target follow its row.
    """
    if not rows:
        return []
    said = [track_page.cells(found, row, language) for row in rows]
    names, cells = (
        [translate(SHORT_HEADS.get(key, HEADS[key]), language) for key in KEYS],
        [_cells(one) for one in said],
    )
    table = text_layout.table(
        [names[at] for at in shown],
        [[row[at] for at in shown] for row in cells],
        text=2 if len(shown) == len(KEYS) else 1,
        indent=1,
    )
    lines = ["", *([title] if title else []), "  " + table[0]]
    for before, row, one, line in zip([None, *rows], rows, said, table[1:], strict=False):
        if before is None or (before["indicator"], before["region"]) != (row["indicator"], row["region"]):
            place = "" if row["region"] == found.home else f" ({found.called(row['region'], language)})"
            lines.append(f"  {found.called(row['indicator'], language)}{place}")
        lines.append("  " + line)
        lines += _wrapped(one["note"], 0, 6) if one["note"] else []
    return lines


def _cities(found: Track, language: Language) -> list[str]:
    """Return the gigabit dates of cities as a table; empty if there are none."""
    keys = [key for key in city_deadlines.city_columns(found) if key != "short"]
    rows = [[row[key] for key in keys] for row in city_deadlines.city_cells(found, language)[:MOST_ROWS]]
    lines = (
        text_layout.table([translate(HEADS[key], language) for key in keys], rows, text=len(keys), indent=4)
        if rows
        else []
    )
    left = len(found.cities) - MOST_ROWS
    lines += (
        [f"    {translate(_('{count} more cities in {place}', count=left, place='--json'), language)}"]
        if left > 0
        else []
    )
    texts = [*city_deadlines.short_lines(found, language), *city_deadlines.standard_lines(found, language)]
    if (found.cities["status"] == "not enough data").any():
        texts.append(
            translate(
                _(
                    "Whether they are in time follows from a plan: xisuan run {name} --out RUN, then xisuan track "
                    "{name} --with RUN.",
                    name=found.name,
                ),
                language,
            )
        )
    said = [line for text in texts for line in _wrapped(text)]
    return lines + said if rows else []


def _followed(found: Track, language: Language) -> list[str]:
    """Return later published figures, a line each, under a heading."""
    rows = track_tables.followed(found, language)
    if not rows:
        return []
    head = [translate(HEADS[key], language) for key in track_tables.FOLLOWED[1:-1]]
    table = text_layout.table(head, [list(row[1:-1]) for row in rows], text=1, indent=1)
    lines = ["  " + table[0]]
    for before, row, line in zip([None, *rows], rows, table[1:], strict=False):
        if before is None or before[0] != row[0]:
            lines.append(f"  {row[0]}")
        lines.append("  " + line)
    return lines


def _cells(said: Mapping[str, str]) -> list[str]:
    """Return one target as a row of the table, with the words of the page and shortened dates."""
    shown = {key: said[key] for key in KEYS}
    shown["deadline"] = said["deadline"].removesuffix("-12-31")
    shown["latest_end"] = said["latest_end"].removesuffix("-12-31")[:_MONTH]
    return list(shown.values())
