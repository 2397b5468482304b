"""`xisuan compare`: differences between two plans."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from xisuan.cli.terminal import certify_words, output, shared_options, text_layout
from xisuan.report import terms
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
from xisuan.results.storage import run_store
from xisuan.text.numbers import MISSING, apart
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
"""Label columns of each frame as they are shown."""


@click.command("compare", epilog="Example:  xisuan compare runs/guizhou runs/green")
@shared_options.run_folder("a")
@shared_options.run_folder("b")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(a: Path, b: Path, as_json: bool, lang: str | None) -> None:
    """Compare the plans in the run folders A and B: gigabit cities, builds, capacity, costs, service, emissions.

    Differences within the accuracy of two solves are not shown.
    """
    plans = [run_store.load_run(folder).plan for folder in (a, b)]
    found = compare(plans[0], plans[1], (str(a), str(b)))
    say = output.speech(lang, plans[0].scenario)
    shown = dict(zip((a, b), plans, strict=True))
    if as_json:
        frames = {name: getattr(found, name) for name in FRAMES}
        output.give_json({"a": a, "b": b, "same": found.same, "words": sentences(found, say.language), **frames,
                          **certify_words.as_saved(shown)})  # fmt: skip
    else:
        said = [*certify_words.uncertified(shown), certify_words.not_rechecked(a, b)]
        output.give([*_lines(found, say), "", *(line for text in said for line in text_layout.paragraph(say(text)))])


def _lines(found: Comparison, say: Translator) -> list[str]:
    called = Called(found, say.language)
    lines = [line for text in sentences(found, say.language) for line in text_layout.paragraph(text)]
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
