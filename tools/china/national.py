"""National totals at the end of 2025, the anchor of fleet and demand. FP32 and FP16 are never added."""

from __future__ import annotations

from tools.china import facts

YEARS = (2026, 2027, 2028, 2029, 2030)
"""The years that the facts of 2025 are carried on to."""

GENERAL_SHARE = 0.65
"""Share of general-purpose computing in the FP32 total: the complement of the 35 % aim of 2025."""

COLD_SHARE = 0.4
"""Share of national storage that is cold or warm tier in storage halls; the rest sits inside servers (estimate)."""

RACK_MW = 0.0025
"""The standard rack, MW of IT."""


def general() -> float:
    """General-purpose computing, EFLOPS FP32: 65 % of the 300 that was the aim for 2025."""
    return GENERAL_SHARE * facts.national("compute_total", "2025-12")


def intelligent() -> float:
    """Intelligent computing, EFLOPS FP16 (IDC and Inspur)."""
    return facts.national("compute_intelligent_idc", "2025-12")


def storage() -> float:
    """Cold and warm storage, EB: its share of the 1,680 EB of mid-2025."""
    return COLD_SHARE * facts.national("storage", "2025-06")


def halls_mw() -> float:
    """Halls, MW of IT: 10.85 million standard racks in mid-2025."""
    return facts.national("racks", "2025-06") * 1e6 * RACK_MW
