"""What runs are called where people read of them."""

from __future__ import annotations

from xisuan.studio import levers
from xisuan.studio.store import Row
from xisuan.studio.words import Say


def run_name(say: Say, row: Row) -> str:
    """What a run is called: by its label, or scenario and version, with its setting where it is one of a question."""
    version = f"{row['scenario']} v{row['version']}"
    moves = levers.recognised(row["label"])
    return f"{version} · {moved(say, moves)}" if moves else row["label"] or version


def moved(say: Say, moves: levers.Moves) -> str:
    """A setting of levers in words."""
    steps = [f"{say.known('column', lever)} {percent(step)}" for lever, step in moves.items() if step]
    return say("frame.comma").join(steps) or say("whatif.given")


def percent(step: float) -> str:
    """A change, in percent, with its sign."""
    return f"{step:+g} %".replace("-", "−") if step else "0 %"
