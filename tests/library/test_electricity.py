"""Electricity of Gui'an: the equipment of the tables at its mean load draws what its data centres were counted to use."""

from __future__ import annotations

import pytest

from tests.library.shipped import numbers
from tests.library.test_audit import fact

GWH = 8.76
"""Hours of a year in thousands: GWh a MW."""
LOAD = {"general": (0.42, 0.5), "intelligent": (0.25, 0.7), "storage": (1.0, 1.0)}
"""Class → idle share of its power (mean of the vintages) and mean use, as in the totals."""
PUE = {2023: 1.3, 2025: 1.2}
"""Of 2023: under 1.4 on average about 2022 (published), 1.2 aimed at for 2026."""


def power(technology: str) -> float:
    """MW a unit at full load."""
    return float(numbers("guizhou", "technologies").drop_duplicates("technology").set_index("technology")
                 .loc[technology, "mw_per_unit"])  # fmt: skip


def fleet(kind: str) -> float:
    """MW of IT of a class that stand at Gui'an at the end of 2025."""
    of = numbers("guizhou", "technologies").drop_duplicates("technology").set_index("technology")
    rows = numbers("guizhou", "fleet").query("site == 'GAN'")
    rows = rows[rows["technology"].map(of["class"]) == kind]
    return float((rows["units"] * rows["technology"].map(of["mw_per_unit"])).sum())


def used(kind: str, mw: float) -> float:
    """Mean power of equipment, MW."""
    idle, use = LOAD[kind]
    return mw * (idle + (1.0 - idle) * use)


def published(item: str, year: str) -> float:
    """TWh of a year in Gui'an New Area."""
    return fact("guian_power", item=item, period=year) / 10


def twh_2023(general_mw: float) -> float:
    """TWh of 2023: general-purpose and storage equipment, and the mean of the 750 and 70,000 cards at its ends."""
    a_card = (
        fact("guizhou_compute_series", "eflops_intelligent", date="2024-05")
        * 1e3
        / fact("guizhou_compute_series", "ai_chips", date="2024-05")
    )
    cards = (fact("guizhou_compute_series", "ai_chips", date="2022-12") + 70_000) / 2
    mw = (
        used("general", general_mw)
        + used("storage", fleet("storage"))
        + used("intelligent", cards * a_card * power("ai_2023"))
    )
    return mw * PUE[2023] * GWH / 1e3


def test_what_stood_in_2023_drew_what_was_counted() -> None:
    assert twh_2023(fleet("general")) == pytest.approx(published("electricity of data centres", "2023"), rel=0.1)


def test_three_per_cent_of_150_would_draw_half_as_much_again() -> None:
    """4.5 EFLOPS FP32, a share of a lower bound, against the 2.8 and 2.9 that two dates leave."""
    assert twh_2023(fleet("general") * 4.5 / 2.778) > 1.4 * published("electricity of data centres", "2023")
    may = fact("guizhou_compute_series", "eflops_total", date="2024-05") - fact(
        "guizhou_compute_series", "eflops_intelligent", date="2024-05"
    )
    assert may == pytest.approx(2.778, rel=0.06)


def test_data_centres_and_other_uses_are_the_new_area_of_2025() -> None:
    """EFLOPS by month between those published: 50 at the start, 56.9, 85, 92.6, 126 and 150. The rest of the area, 240 MW,
    is the remainder: more than the 0.2 TWh of other uses in 2020-21, and as much as its batteries alone would explain."""
    months = [50, 52, 55, 57, 63, 68, 74, 80, 89, 96, 108, 132]
    mean = sum(months) / 12 / 150
    mw = used("general", fleet("general")) + used("storage", fleet("storage"))
    mw += used("intelligent", fleet("intelligent") * mean)
    area = (mw * PUE[2025] + 240) * GWH / 1e3
    assert area == pytest.approx(published("electricity", "2025"), rel=0.1)


def test_grid_power_of_gui_an_follows_the_published_load() -> None:
    limits = numbers("guizhou", "power").query("zone == 'Guizhou'").set_index("period")["grid_limit_mw"]
    load = {year: 10 * fact("guian_power", item="highest load", period=str(year)) for year in (2024, 2029)}
    assert limits[2029] == pytest.approx(load[2029] - 240, abs=5)
    first = limits[limits.index.isna()].iloc[0]
    assert first == pytest.approx(load[2024] + 2 / 5 * (load[2029] - load[2024]) - 240, abs=5)
    assert limits.sort_index(na_position="first").is_monotonic_increasing
