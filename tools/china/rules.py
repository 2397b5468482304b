"""Published policies, and budgets by period and investor."""

from __future__ import annotations

from tools.china import facts
from tools.china.book import OWN, Book
from tools.china.case import Case
from tools.china.national import YEARS

HUBS = tuple(dict.fromkeys(row["hub_en"] for row in facts.records("hubs")))
WESTERN_HUBS = ("Inner Mongolia", "Guizhou", "Gansu", "Ningxia")


def threshold(rule: str) -> float:
    """Return the threshold of a row of policy_rules.csv."""
    return facts.number("policy_rules", "threshold", rule_id=rule)


def write(book: Book, case: Case) -> None:
    """Write tables `policies`, `budgets` and `payers`."""
    _published(book)
    _by_hub(book, case)
    _budgets(book, case)
    _payers(book)


def add(book: Book, source: str, note: str, rule: str, value: float, **more: str | int) -> None:
    """Add one policy; it holds for all sites and is published unless `more` states otherwise."""
    quality = str(more.pop("quality", "published"))
    book.add("policies", source, quality, note, rule=rule, value=value, **{"scope": "all", "applies": "all", **more})


def _published(book: Book) -> None:
    add(book, "hub-opinions-2023", "R01: new national compute in hub nodes", "hub_share_min", threshold("R01"))
    add(
        book,
        "hub-opinions-2023",
        "R02: new sites of the hubs, all together: the path of each hub as a whole takes the key of its own",
        "green_share_min",
        threshold("R02"),
        applies="new",
    )
    add(book, "compute-plan-2023", "R09: intelligent share of compute", "intelligent_share_min", threshold("R09"))
    add(book, "green-plan-2024", "R20: average PUE of all data centres", "pue_max", threshold("R20"))
    add(
        book,
        "compute-plan-2023",
        "R05: direct links; base read as great circle",
        "latency_stretch_max",
        threshold("R05"),
    )
    add(book, "ring-2024", "R13: regional ring", "ring_region_ms", threshold("R13"))
    add(book, "ring-2024", "R12: ring between hubs, read as one way", "ring_hub_ms", threshold("R12"))
    add(book, "ring-2024", "R14: city ring", "ring_city_ms", threshold("R14"))
    add(book, "xisuan", "engineering limit on the load of a link", "link_load_max", 0.7, quality="estimate")
    book.estimate("policies", "link_load_max/all/", "value", 0.5, 0.85, "headroom for the loss of one route: judgement")


def _by_hub(book: Book, case: Case) -> None:
    for hub in HUBS:
        add_pue(book, hub)
        add(
            book,
            "hub-replies-2022",
            "R22: start zones, read for the whole hub, once the halls of 2025 fill",
            "occupancy_min",
            threshold("R22"),
            scope=hub,
            period=2028,
            quality="derived",
        )
        for period, value in case.holding(GREEN_PATH).items():
            add(
                book,
                "hub-opinions-2023;xisuan",
                "the 80 % of new sites, spread over the hub as it is renewed",
                "green_share_min",
                value,
                scope=hub,
                period=period,
                quality="estimate",
                applies="all",
            )
            book.estimate(
                "policies",
                f"green_share_min/{hub}/{period}",
                "value",
                max(value - 0.2, 0),
                0.9,
                "a third of Zhangjiakou's and 85 % of Horinger's power was green in 2025",
            )


def add_pue(book: Book, hub: str) -> None:
    """Add the limit on the PUE of a hub's new sites: 1.2 in the west, 1.25 in the east."""
    rule, source = ("R19", "hub-replies-2021") if hub in WESTERN_HUBS else ("R18", "hub-replies-2022")
    add(book, source, f"{rule}: new sites of the hub", "pue_max", threshold(rule), scope=hub, applies="new")


GREEN_PATH = {2027: 0.5, 2029: 0.7, 2030: 0.8}
"""Required green share of a whole hub by year (estimate): the 80 % of new sites, reached as equipment is renewed."""

CARRIERS = ("China Mobile", "China Telecom", "China Unicom")
INDEPENDENT = "independent operators"
"""All who pay besides the carriers: internet companies, equipment makers, banks, operators of data centres."""

INDEPENDENT_MCNY = 330_000
"""What they may order in 2026, mCNY (estimate): no total is published; grows by `GROWTH`."""

NATIONAL_MCNY = 346_000
"""Capital of computing in the nation in 2025, mCNY (estimate): what came and what was replaced, at the prices of 2026.

312 EFLOPS FP16 at 0.30 bn CNY, a seventh of 195 EFLOPS FP32 at 4.5, an eighth of 672 EB at 0.3, and 1.85 million racks
at 55,000 CNY.
"""


def computing_2025(carrier: str) -> float:
    """Return the capital expenditure on computing that a carrier planned for 2025, mCNY.

    Published for all three and for China Mobile; the rest is halved between the others, whose growth is published.
    """
    where = {"item": "computing", "year": "2025"}
    whole, mobile = (100 * facts.number("carrier_capex", "value", carrier=name, **where)
                     for name in ("all three", "China Mobile"))  # fmt: skip
    return mobile if carrier == "China Mobile" else (whole - mobile) / 2


def carrier_growth() -> float:
    """Return the growth of the three carriers' computing in 2025, from 72.8 to 82.0 bn CNY."""
    return facts.number("carrier_capex", "value", carrier="all three", item="computing", year="2025") / facts.number(
        "carrier_capex", "value", carrier="all three", item="computing", year="2024"
    )


def guizhou_2022() -> float:
    """Return the big-data-field investment in Guizhou in 2022, mCNY: 20.539 bn CNY, 30 % above 2021."""
    where = {"indicator": "bigdata_field_investment", "region": "Guizhou", "status": "actual"}
    return 100 * facts.number("guizhou_investment", "value", period_end="2022-12-31", **where)


GROWTH = 0.15


def _budgets(book: Book, case: Case) -> None:
    scopes: dict[str, float] = {f"investor:{INDEPENDENT}": INDEPENDENT_MCNY}
    scopes |= {"Guizhou": guizhou_2022() * (1 + GROWTH) ** 4, "network": 20000, "power": 8000}
    growth = {year: (1 + GROWTH) ** (year - YEARS[0]) for year in YEARS}
    added = ", 2026 to 2030 added up" if case.picture else ""
    for period, factor in case.yearly(growth).items():
        for scope, limit in scopes.items():
            _budget(book, "investment-2022;xisuan", "grows 15 % a year" + added, period, scope, limit * factor)
    growth = {year: carrier_growth() ** (year - 2025) for year in YEARS}
    for period, factor in case.yearly(growth).items():
        for name in CARRIERS:
            limit = computing_2025(name) * factor
            note = "computing planned for 2025, growing as it did then for all three" + added
            _budget(book, "carrier-capex-2025;xisuan", note, period, f"investor:{name}", limit)
    book.spread(
        "budgets",
        "limit_mcny",
        0.6,
        1.8,
        "Guizhou spent 20.5 bn CNY on its big-data field in 2022, grown 15 % a year; the carriers' computing of 2025, grown"
        " 12.6 % a year; for the others no total is published; power so that plants are spread over years",
    )


def _budget(book: Book, source: str, note: str, period: int, scope: str, limit: float) -> None:
    book.add(
        "budgets", source, "estimate", note, period=period, scope=scope, limit_mcny=float(f"{limit:.3g}")
    )  # fmt: skip


def _payers(book: Book) -> None:
    """Write who pays in the nation: the carriers' part of computing; they alone pay for links and gigabit access."""
    shares = {name: round(computing_2025(name) / NATIONAL_MCNY, 3) for name in CARRIERS}
    shares[INDEPENDENT] = round(1.0 - sum(shares.values()), 3)
    for name, share in shares.items():
        carrier = name in CARRIERS
        note = (
            "computing planned for 2025 over what the nation orders in a year here; what its budget cannot carry falls to"
            " the others"
        )
        book.add(
            "payers", "carrier-capex-2025;xisuan", "estimate", note if carrier else "the rest",
            scope="all", investor=name, party="operator" if carrier else "owner", share=share,
            residual_payer=INDEPENDENT if carrier else "",
        )  # fmt: skip
        how = "82 bn CNY of the three carriers in 2025 over 346 bn that came or was replaced; owners by site not published"
        book.estimate("payers", f"all/{name}", "share", round(0.6 * share, 3), round(min(1.0, 1.25 * share), 3), how)
    for scope in ("network", "access"):
        for name, share in zip(CARRIERS, (0.334, 0.333, 0.333), strict=True):
            book.add(
                "payers", OWN, "estimate", "a third each",
                scope=scope, investor=name, party="operator", share=share,
            )  # fmt: skip
            how = "the three carriers build trunks and access; their parts are not published"
            book.estimate("payers", f"{scope}/{name}", "share", 0.1, 0.6, how)
