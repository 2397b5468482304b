"""Settings, regions, nodes, sites, links and other traffic."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows

YEARS = 2026
HOURS = 8760


def settings(d: Dice, seed: int) -> dict[str, Any]:
    """Draw the options of scenario.toml."""
    count = d.pick([1, 1, 2, 2, 3])
    periods = sorted({YEARS, *(YEARS + d.whole(1, 4) for _ in range(count - 1))})
    out: dict[str, Any] = {
        "name": f"drawn-{seed}",
        "base_year": YEARS + d.whole(-2, 1),
        "discount_rate": d.pick([0.0, 0.03, 0.06, 0.1]),
        "periods": periods,
        "last_period_years": d.whole(1, 3),
        "capital": d.pick(["annuity", "annuity", "full"]),
        "hours": "one",
    }
    if d.chance(0.3, "first_hours"):
        out["hours"] = f"hours:{d.pick([1, 2, 3, 5, 7, 12, 24, 30])}"
    elif d.chance(0.2, "representative"):
        out["hours"] = d.pick(["days:1", "days:1", "days:2"])
    if d.chance(0.2, "contract_price"):
        out["plan"] = {"power_price": "contract"}
    if d.chance(0.1, "carbon"):
        out["objective"] = "carbon"
    if d.chance(0.15, "as_of"):
        out["as_of"] = d.pick([f"{periods[0]}-06-30", f"{periods[0]}-12-31", f"{periods[0] + 1}-03-31"])
    return out


def blocks(d: Dice) -> Rows:
    """Draw blocks whose hours times weights sum to 8,760."""
    lengths = [d.pick([1, 2, 3, 4, 6, 8, 12, 24]) for _ in range(d.pick([1, 1, 2, 3]))]
    lengths = lengths if sum(lengths) <= 30 else lengths[:1]
    shares = [d.between(0.2, 1.0) for _ in lengths]
    keeps = d.chance(0.3, "keep_means")
    rows: Rows = []
    for at, (length, share) in enumerate(zip(lengths, shares, strict=True)):
        weight = HOURS * share / sum(shares) / length
        first = d.whole(at * 2800, at * 2800 + 2700)
        rows.append({"block": f"b{at}", "first_hour": first, "hours": length, "weight": repr(weight)})
        if keeps:
            rows[-1]["keep_means"] = "yes"
    return rows


def regions(d: Dice, nodes: Rows) -> Rows:
    """Draw where demand arises."""
    rows: Rows = []
    for at in range(d.pick([1, 2, 2, 3, 4])):
        node = d.pick(nodes)["node"] if nodes and d.chance(0.4) else ""
        lon = d.between(100, 120, 1) if d.chance(0.85) else ""
        rows.append({"region": f"R{at}", "lat": 30.0, "lon": lon, "node": node, "population": d.whole(1, 90) * 100_000})
    return rows


def sites(d: Dice, periods: list[int], places: list[str], zones: list[str], curves: list[str]) -> Rows:
    """Draw sites, some with a second row from a later period on; places stay put."""
    rows: Rows = []
    openings = d.chance(0.3, "openings", "whole_numbers")
    for at in range(d.pick([1, 2, 2, 3])):
        zone = d.pick(zones)
        fixed = {
            "site": f"S{at}",
            "hub": d.pick(["", "H1", "H1", "H2"]),
            "lat": 31.0,
            "lon": _side(d, zone),
            "node": d.pick(places),
            "zone": zone,
            "investor": d.pick(["", "I1", "I2"]),
        }
        first = fixed | _site_figures(d, curves, openings)
        rows.append(first | {"period": ""})
        if len(periods) > 1 and d.chance(0.25, "dated"):
            rows.append(fixed | _site_figures(d, curves, openings) | {"period": d.pick(periods[1:])})
    return rows


def _side(d: Dice, zone: str) -> float:
    """Return a longitude: zones with an even number lie in the west, unless a zone may lie on both sides."""
    west = d.chance(0.5) if d.chance(0.1, "mixed_zone") else int(zone[1:]) % 2 == 0
    return d.between(98, 112, 1) if west else d.between(113, 121, 1)


def _site_figures(d: Dice, curves: list[str], openings: bool) -> dict[str, Any]:
    return {
        "it_limit_mw": d.maybe(0.5, 6, 30),
        "pue": d.pick([*curves, d.between(1.05, 1.6), d.between(1.05, 1.6), ""]),
        "capex_factor": d.maybe(0.4, 0.8, 1.3),
        "fixed_cost_mcny": d.maybe(0.6, 1, 30) if openings else "",
        "water_l_per_kwh": d.maybe(0.5, 0.1, 2),
    }


def links(d: Dice, periods: list[int], places: list[str], node: dict[str, str]) -> Rows:
    """Draw links: a tree over most places, some more, some twice."""
    ends = [(places[d.whole(0, at - 1)], places[at]) for at in range(1, len(places)) if d.chance(0.9)]
    if len(places) > 2:
        ends += [tuple(d.some(places, 2)[:2]) for _ in range(d.whole(0, 2))]  # type: ignore[misc]
    ends = list(dict.fromkeys(ends))
    if ends and d.chance(0.3, "parallel_links"):
        ends.append(d.pick(ends))
    rows: Rows = []
    ends = [pair for pair in ends if node.get(pair[0], pair[0]) != node.get(pair[1], pair[1])]
    for at, (one, other) in enumerate(ends):
        fixed = {"link": f"L{at}", "from": one, "to": other, "investor": d.pick(["", "I1", "I2"])}
        late = len(periods) > 1 and d.chance(0.1, "late_first_row")
        stands = d.chance(0.6) and not late
        rows.append(fixed | _link_figures(d, stands) | {"period": periods[1] if late else ""})
        if len(periods) > 1 and not late and d.chance(0.2, "dated"):
            rows.append(fixed | _link_figures(d, stands) | {"period": d.pick(periods[1:])})
    return rows


def apart(regions_: Rows, sites_: Rows, links_: Rows) -> set[tuple[str, str]]:
    """Return the pairs of region and site that no links join, whenever they stand."""
    node = {row["region"]: row["node"] or row["region"] for row in regions_}
    part: dict[str, str] = {}

    def root(place: str) -> str:
        place = node.get(place, place)
        while part.setdefault(place, place) != place:
            place = part[place]
        return place

    for row in links_:
        part[root(row["from"])] = root(row["to"])
    pairs = {(row["region"], site["site"]): (row["region"], site["node"]) for row in regions_ for site in sites_}
    return {pair for pair, (one, other) in pairs.items() if root(one) != root(other)}


def _link_figures(d: Dice, stands: bool) -> dict[str, Any]:
    capacity = d.between(0.2, 3) if stands else 0.0
    on_offer = d.chance(0.8)
    features = ("min_gbps",) if capacity else ("min_gbps", "min_gbps_on_nothing")
    least = d.chance(0.15, *features)
    return {
        "length_km": d.between(100, 2000, 1),
        "latency_ms": d.maybe(0.2, 0.5, 9),
        "capacity_gbps": capacity,
        "min_gbps": d.between(0.1, capacity + (1 if on_offer else 0)) if least and (capacity or on_offer) else "",
        "limit_gbps": round(capacity + d.between(0.5, 4), 3) if d.chance(0.2) else "",
        "capex_mcny_per_gbps": d.between(0.5, 4) if on_offer else "",
        "life_years": years(d, [4, 10, 20]),
        "lead_years": lead(d),
        "cost_mcny_per_gbps_hour": d.maybe(0.3, 0.00001, 0.0003, 6),
    }


def modules(d: Dice, periods: list[int], links_: Rows) -> Rows:
    """Draw modules of links."""
    rows: Rows = []
    if not d.chance(0.25, "whole_numbers"):
        return rows
    for link in d.some(sorted({row["link"] for row in links_})):
        for at in range(d.whole(1, 2)):
            row = {"link": link, "module": f"m{at}", "gbps": d.between(0.3, 2), "mcny": d.between(0.3, 5)}
            since = min(row["period"] or 0 for row in links_ if row["link"] == link)
            row |= {"max_count": d.whole(0, 4) if d.chance(0.5) else "", "period": since or ""}
            if since and d.chance(0.3, "module_before_link"):
                row["period"] = ""
            rows.append(row)
            if len(periods) > 1 and not since and d.chance(0.2, "dated"):
                rows.append(row | {"mcny": d.between(0.3, 5), "gbps": d.between(0.3, 2), "period": periods[1]})
    return rows


def traffic(d: Dice, periods: list[int], places: list[str], node: dict[str, str], curves: list[str]) -> Rows:
    """Draw other traffic."""
    rows: Rows = []
    taken: set[tuple[str, str]] = set()
    double = d.chance(0.2, "double_traffic")
    if len(places) < 2 or not d.chance(0.4, "traffic"):
        return rows
    for _ in range(d.whole(1, 3)):
        one, other = d.some(places, 2)[:2]
        ends = (one, other) if double else (node.get(one, one), node.get(other, other))
        if ends in taken:
            continue
        taken.add(ends)
        row = {"from": one, "to": other, "gbps": d.between(0.01, 0.3), "profile": d.pick(["", *curves])}
        row |= {"routing": d.pick(["free", "shortest", ""]), "period": ""}
        rows.append(row)
        if len(periods) > 1 and d.chance(0.2, "dated"):
            changed = {"gbps": d.between(0.01, 0.3), "routing": d.pick(["free", "shortest"]), "period": periods[1]}
            rows.append(row | changed)
    return rows


def years(d: Dice, choices: list[int]) -> float | int:
    """Draw a life."""
    life = d.pick(choices)
    return life + 0.5 if d.chance(0.05, "fractional_years") else life


def lead(d: Dice) -> float | int | str:
    """Draw a lead."""
    value = d.pick(["", "", "", "", 0, 1, 1, 2])
    return 0.5 if d.chance(0.03, "fractional_years") else value
