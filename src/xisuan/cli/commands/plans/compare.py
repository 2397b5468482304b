"""`xisuan compare`: differences between two plans."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import click
import pandas as pd

from xisuan.cli.terminal import certify_words, output, shared_options, text_layout
from xisuan.report import terms
from xisuan.report.comparison import compared_runs
from xisuan.report.document.blocks import Table, Text
from xisuan.report.pages import comparison_page
from xisuan.report.pages.comparison_page import (
    COLUMN_NAMES,
    FIGURE_NAMES,
    FRAME_TITLES,
    UNIT_NAMES,
    Called,
    figures_in_units,
    in_unit,
    sentences,
    signed,
)
from xisuan.report.run_context import Context
from xisuan.report.takeaways.write_comparison import comparison
from xisuan.results.run import Run
from xisuan.results.storage import run_store, sealed_folders
from xisuan.text.numbers import GAP, MISSING, apart
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.workflow.compare import FRAMES, Comparison, compare

MOST_ROWS = 8
KEYS = {
    "builds": ("asset", "where", "technology", "unit", "period"),
    "capacity": ("asset", "where", "technology", "unit", "period"),
    "costs": ("term",),
    "service": ("workload", "site", "period"),
    "emissions": ("measure", "period"),
}
"""Label columns of each frame for display."""


@click.command(
    "compare",
    epilog="Examples:  xisuan compare runs/guizhou runs/green  ·  xisuan compare runs/a runs/b runs/c --out compared.html",
)
@shared_options.run_folder("a")
@shared_options.run_folder("b")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="File for the comparison as a page, ending in .html.")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(a: Path, b: Path, more: tuple[Path, ...], out: Path | None, as_json: bool, lang: str | None) -> None:
    """Compare the plans in the run folders A, B and MORE: first what differs at the place that the report is about, by how
    much and why, each against A; then gigabit cities, builds, capacity, costs, service and emissions.

    Differences within the accuracy of two solves are not shown.
    """
    if out is not None and out.suffix.lower() != ".html":
        raise click.BadParameter(
            f"{out}: the page ends in .html; give {out.with_suffix('.html')}", param_hint="'--out'"
        )
    folders = (a, b, *more)
    names = [str(folder) for folder in folders]
    runs = [run_store.load_run(folder) for folder in folders]
    pairs = [compare(runs[0].plan, run.plan, (names[0], name)) for run, name in zip(runs[1:], names[1:], strict=True)]
    say = output.speech(lang, runs[0].scenario)
    if out is not None:
        page = comparison(runs, names, say.language)
        sealed_folders.put(out, lambda path: write_text(path, page))
    shown = {folder: run.plan for folder, run in zip(folders, runs, strict=True)}
    if as_json:
        output.give_json({**_document(folders, runs, pairs, say), **certify_words.as_saved(shown)})
        return
    said = [*certify_words.uncertified(shown), certify_words.not_rechecked(*folders)]
    lines = _several(names, runs, say) if more else []
    for found in pairs:
        lines += [*_lines(found, say, [] if more else _brief(names, runs, say)), ""]
    lines += [str(out), ""] if out is not None else []
    output.give([*lines, *(line for text in said for line in text_layout.paragraph(say(text)))])


def write_text(path: Path, text: str) -> None:
    """Write a page."""
    path.write_text(text, encoding="utf-8")


def _document(folders: tuple[Path, ...], runs: list[Run], pairs: list[Comparison], say: Translator) -> dict[str, Any]:
    """Return the comparison for machines: the first pair as before, the headline facts of all, and inputs that differ."""
    first = pairs[0]
    facts = compared_runs.compared([Context(run, say.language) for run in runs])
    found: dict[str, Any] = {
        "a": folders[0], "b": folders[1], "same": first.same, "words": sentences(first, say.language),
        **{name: getattr(first, name) for name in FRAMES},
        "headlines": [
            {"name": one.name, "unit": one.unit,
             "values": [value if math.isfinite(value) else None for value in one.values]}
            for one in facts
        ],
        "inputs": [[dataclasses.asdict(one) for one in compared_runs.reasons(runs[0], run)] for run in runs[1:]],
    }  # fmt: skip
    if len(folders) > 2:
        found["runs"] = list(folders)
        found["words_of"] = [sentences(pair, say.language) for pair in pairs]
    return found


def _several(names: list[str], runs: list[Run], say: Translator) -> list[str]:
    """Return the lines of the brief of several runs, with its finding."""
    finding = comparison_page.several(names, runs, say.language)
    return [*text_layout.paragraph(finding), "", *_brief(names, runs, say), ""]


def _brief(names: list[str], runs: list[Run], say: Translator) -> list[str]:
    """Return the lines of the headline numbers of all runs, and of why they differ."""
    section = compared_runs.brief(names, runs, say.language, "")
    lines: list[str] = []
    for block in section.blocks:
        if isinstance(block, Text):
            lines += [*text_layout.paragraph(block.text), ""]
        elif isinstance(block, Table):
            head = [column.title for column in block.columns]
            rows = [[cell.text.replace(GAP, " ") for cell in row.cells] for row in block.rows]
            if len(head) == 2:  # why: prose, a line for each reason
                reasons = [line for name, how in rows for line in text_layout.paragraph(f"  {name}: {how}")]
                lines += ["", *_titled(block.title, say), *reasons]
            else:
                lines += text_layout.table(head, rows, text=2)
    return lines


def _lines(found: Comparison, say: Translator, brief: list[str]) -> list[str]:
    """Return the lines of a pair: sentences, the brief, and the tables of what differs."""
    called = Called(found, say.language)
    lines = [line for text in sentences(found, say.language) for line in text_layout.paragraph(text)]
    lines += ["", *brief] if brief else []
    head = [say(_("Figure")), say(_("Unit")), *found.names, say(_("Change"))]
    rows = [
        [say(FIGURE_NAMES[row['figure']]), say(terms.named(UNIT_NAMES, row["unit"])),
         *apart(row["a"], row["b"], row["size"]), signed(row["change"], row["size"])]
        for row in figures_in_units(found, say.language)
    ]  # fmt: skip
    lines += ["", *text_layout.table(head, rows, text=2)]
    if len(found.cities):
        lines += ["", *_cities(found, called, say)]
    for name, keys in KEYS.items():
        frame: pd.DataFrame = getattr(found, name)
        if len(frame):
            frame, unit = in_unit(frame, "mCNY" if name == "costs" else "", say.language)
            title = say(FRAME_TITLES[name]) + (say(_(", {unit}", unit=unit)) if unit else "")
            head = [*(say(COLUMN_NAMES[key]) for key in keys), *found.names, say(_("Change"))]
            rows = [
                [*(called(key, row) for key in keys), *apart(row["a"], row["b"]), signed(row["change"])]
                for row in frame.head(MOST_ROWS).to_dict("records")
            ]
            lines += ["", *_titled(title, say), *text_layout.table(head, rows, text=len(keys))]
            lines += _rest(len(frame), say)
    return lines


def _cities(found: Comparison, called: Called, say: Translator) -> list[str]:
    """Return lines with the years in which each city is a gigabit city, and the difference in resident-years."""
    head = [say(_("City")), *found.names, say(_("million resident-years"))]
    rows = [
        [called("city", row), row["a_years"] or MISSING, row["b_years"] or MISSING, signed(row["change"] / 1e6)]
        for row in found.cities.head(MOST_ROWS).to_dict("records")
    ]
    title = _titled(say(_("Years at whose end each is a gigabit city")), say)
    return [*title, *text_layout.table(head, rows, text=3), *_rest(len(found.cities), say)]


def _titled(title: str, say: Translator) -> list[str]:
    return text_layout.paragraph(title + ("：" if say.language == "zh" else ":"))


def _rest(count: int, say: Translator) -> list[str]:
    """Return a line with the number of rows that are not shown."""
    return (
        [f"  {say(_('{count} more in {place}', count=count - MOST_ROWS, place='--json'))}"] if count > MOST_ROWS else []
    )
