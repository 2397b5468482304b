"""Tables of computing: halls, technologies, the existing fleet and limits on equipment."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import LEAD, LIFE, TITLES, Column, Table, amount, known, limit, named

COMPUTE: tuple[Table, ...] = (
    Table(
        "halls",
        ("site",),
        "buildings with power and cooling; a site without a row needs none",
        (
            named("site", "the site", refers=("sites",)),
            amount("existing_mw", "MW of IT", "hall capacity that stands at the start"),
            amount("capex_mcny_per_mw", "mCNY per MW", "capital cost of new halls"),
            amount(
                "opex_mcny_per_mw_year",
                "mCNY per MW and year",
                "upkeep, existing halls included",
            ),
            LIFE,
            Column(
                "phase_mw",
                "number",
                "halls are built in whole phases of this size",
                "MW of IT",
                blank="0: any amount",
                default=0.0,
                low=0.0,
            ),
            limit("limit_mw", "MW of IT", "most hall capacity, existing included"),
            LEAD,
            Column(
                "retrofit_capex_mcny_per_mw",
                "number",
                "cost of giving an existing hall the cooling of `retrofit_pue`",
                "mCNY per MW",
                blank="no retrofit on offer",
                low=0.0,
            ),
            Column(
                "retrofit_pue",
                "number",
                "PUE of a retrofitted hall; where the site's own is lower, that one holds",
                "ratio",
                blank="no retrofit on offer",
                low=1.0,
                high=5.0,
            ),
        ),
    ),
    Table(
        "technologies",
        ("technology",),
        "one purchasable vintage of a class of equipment",
        (
            named("technology", "the technology"),
            *TITLES,
            named(
                "class",
                "class of work it runs: general, intelligent, supercomputing, storage",
            ),
            Column("unit", "text", "what one unit is; all technologies of a class share it"),
            Column(
                "precision",
                "text",
                "precision of `eflops_per_unit`, such as FP16; `reach_eflops_fp16` counts FP16 alone",
            ),
            known(
                "eflops_per_unit",
                "EFLOPS",
                "computing power of a unit at `precision`; `reach_eflops_fp16` counts it",
                "unknown: an error where `reach_eflops_fp16` needs it",
            ),
            amount("mw_per_unit", "MW of IT", "IT power of a unit at full load"),
            Column(
                "idle_share",
                "number",
                "share of its power that a unit draws when idle",
                "fraction",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
            Column(
                "attainable_utilisation",
                "number",
                "largest share of a unit that work can use",
                "fraction",
                blank="1",
                default=1.0,
                above=0.0,
                high=1.0,
            ),
            known(
                "fp32_per_unit",
                "EFLOPS FP32",
                "computing power of a unit at FP32; share rules use it",
                "unknown: an error where a share rule needs it",
            ),
            amount("capex_mcny_per_unit", "mCNY per unit", "capital cost"),
            amount(
                "opex_mcny_per_unit_year",
                "mCNY per unit and year",
                "upkeep, existing units included",
            ),
            LIFE,
            LEAD,
            Column(
                "module_units",
                "number",
                "units are bought in whole modules of this size",
                "units",
                blank="0: any amount",
                default=0.0,
                low=0.0,
            ),
            Column(
                "machine_units",
                "number",
                "units of one machine: a simulated job that a machine can hold runs on one; plans divide units at will",
                "units",
                blank="units are divided at will",
                above=0.0,
            ),
            Column("available_from", "year", "first year it can be ordered", blank="always", low=1900, high=2200),
            Column("available_until", "year", "last year it can be ordered", blank="always", low=1900, high=2200),
            amount("embodied_t_per_unit", "t CO2 per unit", "carbon of making a unit"),
            Column(
                "kind",
                "choice",
                "flow: runs work by the hour; stock: holds it through the period",
                blank="flow",
                default="flow",
                choices=("flow", "stock"),
            ),
        ),
    ),
    Table(
        "fleet",
        ("site", "technology", "opened"),
        "equipment that stands at the start; sunk, it pays only its upkeep",
        (
            named("site", "the site", refers=("sites",)),
            named("technology", "the technology", refers=("technologies",)),
            Column("opened", "year", "first year of use", blank="before the horizon", low=1900, high=2200),
            Column("units", "number", "how many units", "units", required=True, low=0.0),
            Column("retires", "year", "first year without it", blank="never", low=1900, high=2200),
            Column(
                "may_retire",
                "flag",
                "whether it may be retired early, without refund",
                blank="no",
                default=False,
            ),
        ),
        dated=False,
    ),
    Table(
        "limits",
        ("site", "technology"),
        "how many units of a technology a site may hold; without a row it is free to build within `it_limit_mw`",
        (
            named("site", "the site", refers=("sites",)),
            named("technology", "the technology", refers=("technologies",)),
            amount("min_units", "units", "least units in use, existing included"),
            limit("max_units", "units", "most units in use, existing included"),
            limit(
                "max_build_units",
                "units",
                "most units ordered in one period; rows of years within it are added to that of its first year",
            ),
        ),
    ),
)


def is_fp16(class_: object, precision: object) -> bool:
    """Return True if `eflops_per_unit` counts for `reach_eflops_fp16`: intelligent computing at FP16."""
    return class_ == "intelligent" and str(precision or "").strip().upper() == "FP16"
