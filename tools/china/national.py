"""National totals at the end of 2025, the anchor of fleet and demand. FP32 and FP16 are never added."""

from __future__ import annotations

from tools.china import facts

YEARS = (2026, 2027, 2028, 2029, 2030)
"""Years to which the facts of 2025 are extrapolated."""

GENERAL_SHARE = 0.65
"""Share of general-purpose computing in the FP32 total: complement of the 35 % target of 2025."""

COLD_SHARE = 0.4
"""Share of national storage in the cold or warm tier of storage halls; the rest is inside servers (estimate)."""

RACK_MW = 0.0025
"""Power of a standard rack, MW of IT."""


def general() -> float:
    """Return general-purpose computing, EFLOPS FP32: 65 % of the target of 300 for 2025."""
    return GENERAL_SHARE * facts.national("compute_total", "2025-12")


def intelligent() -> float:
    """Return intelligent computing, EFLOPS FP16 (IDC and Inspur)."""
    return facts.national("compute_intelligent_idc", "2025-12")


def storage() -> float:
    """Return cold and warm storage, EB: its share of the 1,680 EB of mid-2025."""
    return COLD_SHARE * facts.national("storage", "2025-06")


def halls_mw() -> float:
    """Return the halls, MW of IT: 10.85 million standard racks in mid-2025."""
    return facts.national("racks", "2025-06") * 1e6 * RACK_MW
