"""Names of runs on pages."""

from __future__ import annotations

from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import what_if_runs
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def run_name(say: Translator, row: Row) -> str:
    """Return the name of a run: its label, or scenario and version, with the lever values of a what-if run."""
    version = f"{row['scenario']} v{row['version']}"
    moves = what_if_runs.recognised(row["label"])
    return f"{version} · {moved(say, moves)}" if moves else row["label"] or version


def moved(say: Translator, moves: what_if_runs.Moves) -> str:
    """Return a lever setting in words."""
    steps = [f"{say(HEADINGS.get(lever, lever))} {percent(step)}" for lever, step in moves.items() if step]
    return say(_(", ")).join(steps) or say(_("unchanged"))


def percent(step: float) -> str:
    """Return a change in percent, with its sign."""
    return f"{step:+g} %".replace("-", "−") if step else "0 %"
