"""`xisuan compare`: what one plan does otherwise than another."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from xisuan.cli import answer, layout, options
from xisuan.cli.words import Speech
from xisuan.report.figures import MISSING, plain
from xisuan.results import store
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
@options.run_folder("a")
@options.run_folder("b")
@options.json
@options.language
@options.debug
def command(a: Path, b: Path, as_json: bool, lang: str | None) -> None:
    """Say what the plan in run folder B does otherwise than the one in A: builds, capacity, costs, service, emissions.

    Differences that two solves of the same thing may leave are no differences.
    """
    plans = [store.load_run(folder).plan for folder in (a, b)]
    found = compare(plans[0], plans[1], (str(a), str(b)))
    say = answer.speech(lang, plans[0].scenario)
    if as_json:
        frames = {name: getattr(found, name) for name in FRAMES}
        answer.give_json({"a": a, "b": b, "same": found.same, "words": sentences(found, say), **frames})
    else:
        answer.give(_lines(found, say))


def sentences(found: Comparison, say: Speech) -> list[str]:
    """The main differences in words."""
    a, b = found.names
    if found.same:
        return [say("same", a=a, b=b)]
    shape = say.figures
    rows = {str(row["figure"]): row for row in found.figures.to_dict("records")}
    change = {name: float(row["change"]) for name, row in rows.items()}
    ways = {
        name: "same" if abs(row["change"]) <= found.tolerance * row["size"] else "more" if row["change"] > 0 else "less"
        for name, row in rows.items()
    }
    share = shape.share(abs(change["cost"] / rows["cost"]["a"])) if rows["cost"]["a"] else MISSING
    out = [say(f"costs_{ways['cost']}", a=a, b=b, amount=shape.money(abs(change["cost"])), share=share)]
    for name, unit in (("halls", "MW"), ("compute", "MW"), ("links", "Gbps")):
        if ways[name] != "same":
            out.append(say(f"builds_{ways[name]}", amount=f"{plain(abs(change[name]))} {unit}", what=say(name)))
    if ways["carbon"] != "same":
        out.append(say(f"emits_{ways['carbon']}", amount=shape.carbon(abs(change["carbon"]))))
    for row in found.service.head(1).to_dict("records"):
        text = say(
            "runs_more" if row["change"] > 0 else "runs_less",
            period=row["period"],
            site=row["site"] or say("nowhere"),
            points=plain(100 * abs(row["change"])),
            workload=row["workload"],
        )
        out.append(text)
    return out


def _lines(found: Comparison, say: Speech) -> list[str]:
    lines = [line for text in sentences(found, say) for line in layout.paragraph(text)]
    head = [say("figure"), say("unit"), *found.names, say("change")]
    rows = [
        [say(row["figure"]), row["unit"], plain(row["a"]), plain(row["b"]), _signed(row["change"], row["size"])]
        for row in found.figures.to_dict("records")
    ]
    lines += ["", *layout.table(head, rows, text=2)]
    for name, keys in KEYS.items():
        frame: pd.DataFrame = getattr(found, name)
        if len(frame):
            lines += ["", *_table(name, frame, keys, found, say)]
    return lines


def _table(name: str, frame: pd.DataFrame, keys: tuple[str, ...], found: Comparison, say: Speech) -> list[str]:
    shown = frame.head(MOST_ROWS)
    head = [*(say(key) for key in keys), *found.names, say("change")]
    rows = [
        [*(str(row[key]) for key in keys), plain(row["a"]), plain(row["b"]), _signed(row["change"])]
        for row in shown.to_dict("records")
    ]
    more = len(frame) - len(shown)
    rest = [f"  {say('more', count=more, place='--json')}"] if more else []
    return [f"{name}:", *layout.table(head, rows, text=len(keys)), *rest]


def _signed(value: float, size: float = 0.0) -> str:
    """A change with its sign; 0 where it is rounding beside `size`."""
    if abs(value) <= 1e-9 * size:
        return "0"
    return f"+{plain(value)}" if value > 0 else plain(value)
