"""All tables and columns of a scenario folder: name, type, unit, bounds, meaning, and the meaning of a blank.

This is the only definition, split by subject into the modules of this folder. The reader, the checks, the writer and
the reference pages use it.
"""

from __future__ import annotations

import math

from xisuan.scenario.schema.access_tables import ACCESS
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.schema.compute_tables import COMPUTE
from xisuan.scenario.schema.energy_tables import ENERGY
from xisuan.scenario.schema.hour_tables import HOURS
from xisuan.scenario.schema.network_tables import NETWORK
from xisuan.scenario.schema.own_rule_tables import OWN_RULES
from xisuan.scenario.schema.place_tables import PLACES
from xisuan.scenario.schema.policy_tables import RULES
from xisuan.scenario.schema.provenance_tables import ORIGIN
from xisuan.scenario.schema.record_tables import RECORD
from xisuan.scenario.schema.statistics_tables import INDICATORS
from xisuan.scenario.schema.workload_tables import WORK

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
    *OWN_RULES,
    *ACCESS,
    *RECORD,
    *INDICATORS,
    *ORIGIN,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def key_part(value: object) -> str:
    """Return one part of a row's key as text: a year without a fraction, a blank empty."""
    if isinstance(value, str):
        return value
    return f"{value:.0f}" if isinstance(value, float) and math.isfinite(value) else ""
