"""Figures of the record as people read them: units, places, and how a source words a figure."""

from __future__ import annotations

from xisuan.decisions.confidence.statistical_counts import NATION
from xisuan.report import terms
from xisuan.report.document.blocks import Cell
from xisuan.report.run_context import Context
from xisuan.text.translation import message as _

SCALES: dict[str, tuple[float, str, str, int]] = {
    "fraction": (100.0, "%", "%", 1),
    "ratio": (1.0, "", "", 2),
    "standard racks": (1e-4, "万架", "10,000 racks", 2),
    "mCNY": (0.01, "亿元", "100 million CNY", 1),
    "Gbps": (1e-3, "Tbps", "Tbps", 1),
    "TWh": (10.0, "亿千瓦时", "100 GWh", 1),
    "MW": (1.0, "MW", "MW", 0),
    "1": (1.0, "", "", 0),
    "count": (1.0, "个", "", 0),
    "cards": (1e-4, "万卡", "10,000 cards", 2),
    "servers": (1e-4, "万台", "10,000 servers", 1),
    "EB": (1.0, "EB", "EB", 1),
    "CNY per kWh": (1.0, "元/千瓦时", "CNY/kWh", 3),
    "mCNY per MW": (0.1, "万元/kW", "10,000 CNY/kW", 2),
    "mCNY per EFLOPS": (0.01, "亿元/EFLOPS", "100 million CNY/EFLOPS", 2),
    "CNY per standard rack": (1e-4, "万元/架", "10,000 CNY/rack", 1),
}
"""Unit of a table → factor, unit in Chinese and English, decimals."""
ENGLISH = {"standard racks": (1e-3, "thousand racks", 0), "mCNY": (1e-3, "bn CNY", 2), "TWh": (1.0, "TWh", 2),
           "cards": (1e-3, "thousand cards", 1), "servers": (1e-3, "thousand servers", 0),
           "mCNY per MW": (1.0, "million CNY/MW", 1), "mCNY per EFLOPS": (1e-3, "bn CNY/EFLOPS", 3),
           "CNY per standard rack": (1e-3, "thousand CNY/rack", 0)}  # fmt: skip


def scaled(context: Context, unit: str) -> tuple[float, str, int]:
    """Factor, unit and decimals in which people read a figure."""
    if context.language == "en" and unit in ENGLISH:
        return ENGLISH[unit]
    factor, zh, en, decimals = SCALES.get(unit, (1.0, unit, unit, 1))
    return factor, zh if context.language == "zh" else en, decimals


def place(context: Context, key: str) -> str:
    """Return the name of a place of the record: the nation, a hub, or a site."""
    if key == NATION:
        return context.say(_("China"))
    sites = context.scenario["sites"].drop_duplicates("site")
    named = sites[(sites["site"] == key) | (sites["title"] == key) | sites["title"].str.startswith(f"{key} ")]
    hubs = set(sites["hub"])
    return context.site(str(named["site"].iloc[0])) if len(named) and key not in hubs else context.hub(key)


def worded(context: Context, bound: str, found: Cell) -> Cell:
    """Return the cell of a published figure with the qualifier of its source: at least, at most, about."""
    mark = context.say(terms.named(terms.BOUNDS, bound)) if bound in WORDED and found.value is not None else ""
    return Cell(mark + found.text, tip=found.tip, value=found.value)


WORDED = ("at least", "at most", "about")
"""Bounds that a reader has to know."""
