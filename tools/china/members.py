"""Futures of `china-futures`: the ranges of `levers` as eight members, each as likely as any other: table `members`.

Nothing published says which part of a range is likelier, so each lever is taken as uniform over it. Two points of equal
weight at 1/2 ± 1/(2 √3) of a range (Gauss and Legendre) have its mean, variance and third moment; that is how Miller and
Rice, "Discrete approximations of probability distributions", Management Science 29 (1983), make a chance tree of a
distribution. Five levers at two points would be 32 futures; eight of them are enough for any two levers to be independent
(Box and Hunter, "The 2^(k-p) fractional factorial designs", Technometrics 3 (1961)): AI, East and price are free, the detour
follows from AI x East, and the demand by population from AI x price.
"""

from __future__ import annotations

import itertools
import math

from tools.china.book import OWN, Book, text

NODES = (0.5 - 0.5 / math.sqrt(3.0), 0.5 + 0.5 / math.sqrt(3.0))
"""Where in a range the two points lie."""
HOW = (
    "one of eight equally likely corners: every lever uniform over its range in the table levers, by the two points that"
    " have its mean and variance; any two levers independent"
)
AI, EAST, PRICE = ("AI slow", "AI fast"), ("East weak", "East strong"), ("western power cheap", "western power dear")


def write(book: Book) -> None:
    """A row a future."""
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
    """Percent at the low (0) or high (1) point of a lever."""
    low, high = float(text(lever["low_percent"])), float(text(lever["high_percent"]))  # type: ignore[arg-type]
    return round(low + (high - low) * NODES[end], 3)
