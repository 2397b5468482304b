"""Every table and column of a scenario folder: name, type, unit, bounds, meaning, and what a blank means.

This is the one definition, split by subject into `tables_*`. The reader, the checks, the writer and the reference
pages all come from here.
"""

from __future__ import annotations

import math

from xisuan.scenario.columns import Table
from xisuan.scenario.tables_access import ACCESS
from xisuan.scenario.tables_compute import COMPUTE
from xisuan.scenario.tables_energy import ENERGY
from xisuan.scenario.tables_hours import HOURS
from xisuan.scenario.tables_indicators import INDICATORS
from xisuan.scenario.tables_network import NETWORK
from xisuan.scenario.tables_origin import ORIGIN
from xisuan.scenario.tables_places import PLACES
from xisuan.scenario.tables_record import RECORD
from xisuan.scenario.tables_rules import RULES
from xisuan.scenario.tables_work import WORK

CLASSES = ("general", "intelligent", "supercomputing", "storage")
"""通用算力, 智能算力, 超算, 存力. Other names are allowed; share rules know these."""

TABLES: tuple[Table, ...] = (
    *PLACES,
    *COMPUTE,
    *WORK,
    *NETWORK,
    *ENERGY,
    *HOURS,
    *RULES,
    *ACCESS,
    *RECORD,
    *INDICATORS,
    *ORIGIN,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def key_part(value: object) -> str:
    """One part of a row's key as text: a year without a fraction, a blank empty."""
    if isinstance(value, str):
        return value
    return f"{value:.0f}" if isinstance(value, float) and math.isfinite(value) else ""
