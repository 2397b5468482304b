"""Technologies, fleet, halls and limits."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows
from tests.oracle.drawn.places import lead, years


def technologies(d: Dice, periods: list[int]) -> Rows:
    """Draw vintages of one to four classes."""
    kinds = ["general", *d.some(["general", "intelligent", "intelligent", "supercomputing"])]
    if d.chance(0.35, "stock"):
        kinds += ["storage"] * d.whole(1, 2)
    rows: Rows = []
    for at, kind in enumerate(kinds):
        fixed = {
            "technology": f"{kind[:3]}{at}",
            "class": kind,
            "unit": "u",
            "kind": "stock" if kind == "storage" else "",
        }
        fixed |= _figures(d, kind)
        late = at > 0 and len(periods) > 1 and d.chance(0.12, "late_first_row")
        rows.append(fixed | _prices(d, periods) | {"period": periods[1] if late else ""})
        if len(periods) > 1 and not late and d.chance(0.3, "dated"):
            rows.append(fixed | _prices(d, periods) | {"period": d.pick(periods[1:])})
    return rows


def _figures(d: Dice, kind: str) -> dict[str, Any]:
    precision = d.pick(["FP16", "FP16", "FP32"]) if d.chance(0.3, "other_precision") else "FP16"
    return {
        "precision": precision if kind == "intelligent" else "",
        "eflops_per_unit": d.between(0.0005, 0.004, 4) if kind == "intelligent" else "",
        "mw_per_unit": 0.0 if d.chance(0.05) else d.between(0.005, 0.06, 4),
        "idle_share": d.maybe(0.6, 0.1, 0.9),
        "attainable_utilisation": d.maybe(0.4, 0.5, 1),
        "fp32_per_unit": d.between(0.001, 0.02, 4),
        "embodied_t_per_unit": d.maybe(0.3, 1, 20),
        "module_units": d.whole(5, 30) if d.chance(0.12, "whole_numbers") else "",
    }


def _prices(d: Dice, periods: list[int]) -> dict[str, Any]:
    return {
        "capex_mcny_per_unit": d.between(0.2, 2.5),
        "opex_mcny_per_unit_year": d.maybe(0.7, 0.01, 0.2),
        "life_years": years(d, [1, 2, 4, 5, 8]),
        "lead_years": lead(d) if d.chance(0.4) else "",
        "available_from": d.pick(periods[:2]) if d.chance(0.1) else "",
        "available_until": periods[-1] if d.chance(0.1) else "",
    }


def fleet(d: Dice, periods: list[int], sites: list[str], kinds: Rows) -> Rows:
    """Draw what stands."""
    rows: Rows = []
    for site in sites:
        if d.chance(0.3):
            continue
        for name in d.some(sorted({row["technology"] for row in kinds})):
            for opened in {d.pick(["", 2020, 2024]), 2023 if d.chance(0.2) else ""}:
                rows.append(_stands(d, periods, site, name, opened))
            if len(periods) > 1 and d.chance(0.1, "late_fleet"):
                rows.append(_stands(d, periods, site, name, periods[1]))
    return rows


def _stands(d: Dice, periods: list[int], site: str, name: str, opened: int | str) -> dict[str, Any]:
    retires = d.pick(["", "", periods[0], periods[-1], periods[-1] + 3])
    return {
        "site": site,
        "technology": name,
        "opened": opened,
        "units": d.between(5, 60, 1),
        "retires": retires if not opened or not retires or int(retires) > int(opened) else "",
        "may_retire": "yes" if d.chance(0.4, "retirement") else "",
    }


def standing_mw(periods: list[int], stands: Rows, kinds: Rows) -> dict[str, float]:
    """Return the IT power of all fleet of a site, whenever it stands."""
    size = {row["technology"]: row["mw_per_unit"] for row in kinds}
    out: dict[str, float] = {}
    for row in stands:
        if not row["retires"] or row["retires"] > periods[0]:
            out[row["site"]] = out.get(row["site"], 0.0) + row["units"] * size[row["technology"]]
    return out


def halls(d: Dice, periods: list[int], sites: list[str], mw: dict[str, float]) -> Rows:
    """Draw halls that hold what stands."""
    rows: Rows = []
    for site in sites:
        if d.chance(0.4, "no_halls"):
            continue
        exists = mw.get(site, 0.0) * d.between(1.0, 1.6) + (d.between(0, 2) if d.chance(0.3) else 0.0)
        existing = round(exists + 0.001, 3) if exists else ""
        rows.append(_hall(d, site, existing) | {"period": ""})
        if len(periods) > 1 and d.chance(0.2, "dated"):
            rows.append(_hall(d, site, existing) | {"period": d.pick(periods[1:])})
    return rows


def _hall(d: Dice, site: str, existing: float | str) -> dict[str, Any]:
    retrofit = d.chance(0.4, "retrofit")
    return {
        "site": site,
        "existing_mw": existing,
        "capex_mcny_per_mw": d.between(10, 40),
        "opex_mcny_per_mw_year": d.maybe(0.6, 0.1, 2),
        "life_years": years(d, [2, 5, 20]),
        "phase_mw": d.between(0.3, 3) if d.chance(0.15, "whole_numbers") else "",
        "limit_mw": round(float(existing or 0) + d.between(2, 20), 3) if d.chance(0.4) else "",
        "lead_years": lead(d) if d.chance(0.3) else "",
        "retrofit_capex_mcny_per_mw": d.between(0.1, 3) if retrofit else "",
        "retrofit_pue": d.between(1.03, 1.3) if retrofit else "",
    }


def limits(d: Dice, periods: list[int], sites: list[str], kinds: Rows, stands: Rows) -> Rows:
    """Draw how many units a site may hold: never fewer than stand."""
    rows: Rows = []
    for site in sites:
        for name in sorted({row["technology"] for row in kinds}):
            if not d.chance(0.2):
                continue
            held = sum(row["units"] for row in stands if (row["site"], row["technology"]) == (site, name))
            late = len(periods) > 1 and d.chance(0.2, "late_first_row")
            rows.append(_limit(d, site, name, held) | {"period": periods[1] if late else ""})
            if len(periods) > 1 and not late and d.chance(0.2, "dated"):
                rows.append(_limit(d, site, name, held) | {"period": periods[1]})
    return rows


def _limit(d: Dice, site: str, name: str, held: float) -> dict[str, Any]:
    return {
        "site": site,
        "technology": name,
        "min_units": d.maybe(0.15, 1, 8, 1),
        "max_units": round(held + d.between(20, 120), 1) if d.chance(0.7) else "",
        "max_build_units": d.maybe(0.4, 10, 80, 1),
    }
