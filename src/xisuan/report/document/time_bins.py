"""Steps of time in charts: single hours if there are few days, otherwise steps of equal length."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from xisuan.report.document.blocks import Span
from xisuan.text.durations import span
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

HOUR_S, DAY = 3600.0, 24
MOST_HOURS = 720
"""Hours that are drawn one by one; a longer time is drawn in STEPS."""
STEPS, MARKS = 240, 8


def steps(frame: pd.DataFrame, names: list[str], say: Translator) -> tuple[pd.DataFrame, tuple[Span, ...]]:
    """Return the bins of a table with `start_s`: its hours by days where they are few, else at most STEPS equal bins."""
    columns = frame[names]
    start = frame["start_s"].to_numpy()
    width = float(start[1] - start[0]) if len(start) > 1 else HOUR_S
    if width == HOUR_S and len(start) <= MOST_HOURS:
        days = range(math.ceil(len(start) / DAY))
        spans = [Span(say(_("day {n}", n=day + 1)), min(DAY, len(start) - day * DAY)) for day in days]
        return columns, tuple(spans)
    each = math.ceil(len(start) / STEPS)
    drawn = columns.groupby(np.arange(len(start)) // each).mean()
    run = math.ceil(len(drawn) / MARKS)
    marks = range(0, len(drawn), run)
    spans = [
        Span(say(_("from {span}", span=span(float(start[at * each])))), min(run, len(drawn) - at), starts=-1)
        for at in marks
    ]
    return drawn, tuple(spans)
