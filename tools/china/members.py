"""Futures of `china-futures`: eight equally likely members from the ranges of `levers`; table `members`.

No distribution over the ranges is published, so each lever is uniform over its range. Two points of equal weight at
1/2 ± 1/(2 √3) of a range (Gauss-Legendre) match its mean, variance and third moment: Miller and Rice, "Discrete
approximations of probability distributions", Management Science 29 (1983). Five levers at two points would be 32
futures. Eight suffice for any two levers to be independent: Box and Hunter, "The 2^(k-p) fractional factorial
designs", Technometrics 3 (1961). AI, East and price are free, detour = AI × East, and demand by population = AI ×
price.
"""

from __future__ import annotations

import itertools
import math

from tools.china.book import OWN, Book, text

NODES = (0.5 - 0.5 / math.sqrt(3.0), 0.5 + 0.5 / math.sqrt(3.0))
"""Positions of the two Gauss-Legendre points in a range."""
HOW = (
    "one of eight equally likely corners: every lever uniform over its range in the table levers, by the two points that"
    " have its mean and variance; any two levers independent"
)
AI, EAST, PRICE = ("AI slow", "AI fast"), ("East weak", "East strong"), ("western power cheap", "western power dear")


def write(book: Book) -> None:
    """Write one row per future."""
    ranges = {row["lever"]: row for row in book.rows["levers"]}
    cited = ";".join(
        dict.fromkeys(key for row in ranges.values() for key in text(row["cited"]).split(";") if key != OWN)
    )
    for ai, east, price in itertools.product((0, 1), repeat=3):
        at = {
            "western_power_price": price,
            "eastern_demand": east,
            "intelligent_demand": ai,
            "detour": ai ^ east,
            "population_demand": ai ^ price,
        }
        moves = {lever: _point(ranges[lever], end) for lever, end in at.items()}
        said = (AI[ai], EAST[east], PRICE[price])
        name = "-".join(part.split()[-1] for part in said)
        book.add(
            "members", f"{cited};{OWN}", "estimate", member=name, title=", ".join(said), probability=0.125, how=HOW, **moves
        )  # fmt: skip


def _point(lever: dict[str, object], end: int) -> float:
    """Return the per cent at the low (0) or high (1) point of a lever."""
    low, high = float(text(lever["low_percent"])), float(text(lever["high_percent"]))  # type: ignore[arg-type]
    return round(low + (high - low) * NODES[end], 3)
