"""Gigabit access of the nine prefectures: `cities`, `city_state`, `measures`, `standard`, `city_targets`.

No row of a Guizhou city is published, only provincial and national totals. They are allocated half by family
households and half by GDP; every such figure is an estimate with a range. `Edition` holds the values known on a day:
that of 2023 uses nothing published after 27 June 2023.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.china import facts
from tools.china.book import Book, Value
from xisuan.scenario.variants.provinces.published_figures import NAMED

WAN = 10_000.0
"""One 万, the unit of the fact files."""
CITIES = {row["prefecture"].lower(): row for row in facts.records("guizhou_prefectures")}
QUALIFIED_2023 = ("guiyang", "zunyi")
"""Gigabit cities on 27 June 2023 (China Daily)."""
VERSION, VERSION_ZH = "2021", "2021年版"
NEXT, NEXT_ZH = "mean of 2023", "2023年均值"
"""Name of the standard assumed from 2028 on: the mean of the 97 cities named in 2023."""


@dataclass(frozen=True)
class Edition:
    """Values known on a day, and the assumptions on them. Totals are of the province; shares are fractions.

    `pon10g_ports`, `pon_ports`, `fixed_users`, `mobile_users`, `stations` are counts. `share_500m`, `share_5g` of
    users, `coverage` of urban households and `places` with 5G are those of a city of mean weight. `half`: True if half
    of the first period is over. `budgets`: mCNY a year on gigabit access. `station_cny`: cost of a station. `mine`:
    source key of the project's judgements.
    """

    as_of: str
    mine: str
    sources: str
    pon10g_ports: float
    pon_ports: float
    fixed_users: float
    mobile_users: float
    stations: float
    share_500m: float
    share_5g: float
    coverage: float
    places: float
    urban: float
    station_cny: float
    station_source: str
    half: bool
    budgets: dict[int, float]
    budget_source: str
    budget_note: str


def series(indicator: str, region: str, end: str) -> float:
    """Return an actual figure of access_series.csv, in its unit."""
    return facts.number("access_series", "value", indicator=indicator, region=region, period_end=end, status="actual")


def _per_head(national: float) -> float:
    """Return Guizhou's part of a national total by residents (3,856 of 140,770 in 10,000)."""
    return national * WAN * series("resident_population", "Guizhou", "2022-12-31") / NATION_WAN


NATION_WAN = 140_770.0
"""Residents of China in 10,000: sum of the provinces at the end of 2023 (provinces.csv)."""
USERS_PER_PORT = 13.6
"""Fixed users per PON port: 590 million users on 43 million ports in October 2022.

13.88 million 10G-PON ports were 32.1 % of all ports; users are from the year's bulletin.
"""


def edition_2023() -> Edition:
    """Return the edition of 27 June 2023."""
    then, now = (series("pon10g_ports", "China", end) for end in ("2021-11-30", "2023-02-28"))
    ports = _per_head(now + 4 * (now - then) / 15)
    users = series("fixed_broadband_users", "Guizhou", "2020-10-31") * WAN * 1.105**2.65
    return Edition(
        as_of="2023-06-27",
        mine="xisuan-2023",
        sources="miit-access-2023;gz-telecom-2020;gz-5g-2022",
        pon10g_ports=0.75 * ports,
        pon_ports=users / USERS_PER_PORT,
        fixed_users=users,
        mobile_users=1.1 * series("resident_population", "Guizhou", "2022-12-31") * WAN,
        stations=series("g5_base_stations", "Guizhou", "2022-12-31") * WAN,
        share_500m=0.235,
        share_5g=0.36,
        coverage=1.0,
        places=0.92,
        urban=series("urbanisation_rate", "Guizhou", "2022-12-31") / 100,
        station_cny=203_000.0,
        station_source="5g-cost-2022",
        half=True,
        budgets={2023: 2_600, 2024: 5_200, 2025: 5_200},
        budget_source="telecom-investment-2023",
        budget_note="a third of what the operators planned on the big-data field; half of it for the rest of 2023",
    )


def edition_2025() -> Edition:
    """Return the edition of 31 December 2025."""
    users = series("fixed_broadband_users", "Guizhou", "2024-10-31") * WAN * 1.08
    return Edition(
        as_of="2025-12-31",
        mine="xisuan",
        sources="gz-access-2025;gz-telecom-2024",
        pon10g_ports=series("pon10g_ports", "Guizhou", "2025-10-31") * WAN,
        pon_ports=users / USERS_PER_PORT,
        fixed_users=users,
        mobile_users=series("mobile_phone_users", "Guizhou", "2024-10-31") * WAN,
        stations=series("g5_base_stations", "Guizhou", "2025-10-31") * WAN,
        share_500m=0.36,
        share_5g=0.62,
        coverage=1.3,
        places=0.99,
        urban=series("urbanisation_rate", "Guizhou", "2023-12-31") / 100,
        station_cny=179_000.0,
        station_source="5g-cost-2023",
        half=False,
        budgets=dict.fromkeys(range(2026, 2031), 2_200),
        budget_source="gz-telecom-2024",
        budget_note="a third of the telecom fixed investment of 2024: 5.54 bn CNY in ten months, 6.65 bn in the year",
    )


def gdp(as_of: str) -> dict[str, float]:
    """Return the latest known GDP of each prefecture, in 100 million CNY; else the mean per head of the others."""
    found: dict[str, float] = {}
    for row in facts.records("guizhou_prefecture_facts"):
        year, known = row["as_of"], (row["published"] or "2022") <= as_of
        if row["attribute"] == "gdp" and known and year <= as_of[:4] and row["quality"] == "published":
            found.setdefault(f"{row['prefecture'].lower()}/{year}", float(row["value"]))
    latest = {city: max((key for key in found if key.startswith(f"{city}/")), default="") for city in CITIES}
    known_cities = [city for city in CITIES if latest[city]]
    mean = sum(found[latest[city]] for city in known_cities) / sum(_people(city) for city in known_cities)
    return {city: found[latest[city]] if latest[city] else mean * _people(city) for city in CITIES}


def _people(city: str) -> float:
    return float(CITIES[city]["population_2020"])


def weights(as_of: str) -> dict[str, float]:
    """Return the share of each city in provincial totals: half by family households, half by GDP."""
    money, homes = gdp(as_of), {city: float(row["family_households_2020"]) for city, row in CITIES.items()}
    total, all_homes = sum(money.values()), sum(homes.values())
    return {city: 0.5 * money[city] / total + 0.5 * homes[city] / all_homes for city in CITIES}


def write(book: Book) -> None:
    """Write the tables of `guizhou`: nine gigabit cities under the published standard."""
    tables(book, edition_2025(), zone="Guizhou", investor="China Mobile")
    standard(book, VERSION, None)


def later_standard(book: Book) -> None:
    """Write the what-if of `guizhou-gigabit-2028`: a supposed standard, which all cities are to reach."""
    write(book)
    _next_standard(book, 2028)
    book.add(
        "city_targets",
        "xisuan",
        "estimate",
        "what the later standard would ask",
        city="all",
        indicator="gigabit",
        deadline=2028,
    )
    book.estimate("city_targets", "all/gigabit", "deadline", 2027, 2030, "no date has been published: judgement")


def question_of_2023(book: Book) -> None:
    """Write state, standard and targets as of June 2023: seven more gigabit cities in that year."""
    tables(book, edition_2023(), zone="Guizhou", investor="operators")
    standard(book, VERSION, None)
    for city in CITIES:
        if city not in QUALIFIED_2023:
            aim = {"city": city, "indicator": "gigabit", "deadline": 2023}
            book.add("city_targets", "gigabit-cities-2023", "published", "the aim of the province", **aim)


def happened(book: Book) -> None:
    """Write the gigabit cities on record with their dates, for comparison; no plan reads them."""
    named = [(city, "2023-06", "gigabit-cities-2023") for city in QUALIFIED_2023]
    for city, date, source in (*named, *((city, "2025-10", "gz-access-2025") for city in CITIES)):
        note = "1: the page says so" + ("" if city in QUALIFIED_2023 else "; in which year it became one was not found")
        book.add("actuals", source, "derived", note, place=city, period=int(date[:4]), date=date, **NAMED)


def tables(book: Book, edition: Edition, zone: str, investor: str) -> None:
    """Write tables `cities`, `city_state`, `measures` as of an edition."""
    for city, row in CITIES.items():
        _city(book, edition, city, row, zone, investor)
        _state(book, edition, city)
    _measures(book, edition)
    _budgets(book, edition)
    _ranges(book, edition)


def _budgets(book: Book, edition: Edition) -> None:
    """Write the yearly spending of the operators on gigabit access (estimate: no budget is published)."""
    for period, limit in edition.budgets.items():
        source = f"{edition.budget_source};{edition.mine}"
        row = {"period": period, "scope": "access", "limit_mcny": limit}
        book.add("budgets", source, "estimate", edition.budget_note, **row)
    how = "telecom fixed investment was 8.33 bn CNY in 2019; the share of access is a judgement"
    book.spread("budgets", "limit_mcny", 0.5, 1.6, how, scope="access")


def _city(book: Book, edition: Edition, city: str, row: dict[str, str], zone: str, investor: str) -> None:
    days = float(f"{CREW_DAYS * _people(city) / WAN:.3g}")
    for period, share in ((None, 0.5), (2024, 1.0)) if edition.half else ((None, 1.0),):
        book.add(
            "cities",
            f"census-2020;{edition.mine}",
            "estimate",
            "crews by residents" + (", half of the year was left" if share < 1 else ""),
            city=city,
            period=period,
            title=row["prefecture"],
            title_zh=row["name_cn"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            area_km2=float(row["area_km2"]),
            investor=investor,
            zone=zone,
            crew_days_year=share * days,
        )


CREW_DAYS = 420.0
"""Crew-days a year for 10,000 residents (estimate).

The 30,000 stations planned for 2023 take 233 at 30 days each; fibre takes four fifths as much again.
"""


def _state(book: Book, edition: Edition, city: str) -> None:
    homes, weight = float(CITIES[city]["family_households_2020"]), weights(edition.as_of)
    part = homes / sum(float(row["family_households_2020"]) for row in CITIES.values())
    rich = (weight[city] / part) ** 0.5
    people = _people(city)
    counts: dict[str, Value] = {
        "population": people,
        "urban_households": edition.urban * homes,
        "homes_gigabit": edition.coverage * rich * edition.urban * homes,
        "pon_ports": edition.pon_ports * part,
        "pon10g_ports": min(edition.pon10g_ports * weight[city], 0.95 * edition.pon_ports * part),
        "key_places": _places(people),
        "key_places_5g": min(edition.places * rich, 1.0) * _places(people),
        "g5_stations": _stations(edition, city),
        "fixed_users": edition.fixed_users * part,
        "users_500m": min(edition.share_500m * rich * rich, 0.9) * edition.fixed_users * part,
        "mobile_users": edition.mobile_users * people / sum(_people(one) for one in CITIES),
        "g5_users": min(edition.share_5g * rich, 0.9)
        * edition.mobile_users
        * people
        / sum(_people(one) for one in CITIES),
    }
    named = VERSION if edition.as_of >= "2025-10" or city in QUALIFIED_2023 else None
    status = "gz-access-2025" if edition.as_of >= "2025-10" else "gigabit-cities-2023"
    book.add(
        "city_state",
        f"census-2020;{edition.sources};{status};{edition.mine}",
        "estimate",
        "provincial totals shared out, half by family households and half by GDP",
        city=city,
        **{name: round(value) if isinstance(value, float) else value for name, value in counts.items()},
        named_under=named,
    )


def _places(people: float) -> float:
    """Return the number of key places (estimate): one for 40,000 residents."""
    return people / 40_000.0


def _stations(edition: Edition, city: str) -> float:
    """Return the number of stations: Zunyi's in 2023 as published, the rest of the province by weight."""
    weight = weights(edition.as_of)
    if not edition.half:
        return edition.stations * weight[city]
    zunyi = facts.number("guizhou_prefecture_facts", "value", prefecture="Zunyi", attribute="g5_base_stations")
    if city == "zunyi":
        return zunyi
    return (edition.stations - zunyi) * weight[city] / (1.0 - weight["zunyi"])


def _ranges(book: Book, edition: Edition) -> None:
    """Write the range of every estimated column, as factors on its value."""
    for column, low, high, how in RANGES:
        book.spread("city_state", column, low, high, f"{how}; as of {edition.as_of}")
    book.spread("cities", "crew_days_year", 0.6, 1.5, f"crews by residents: judgement; as of {edition.as_of}")


RANGES = (
    (
        "urban_households",
        0.8,
        1.15,
        "family households × provincial urbanisation; household size and rate differ by place",
    ),
    ("homes_gigabit", 0.65, 1.3, "coverage of a mean city × (weight / households)^½; above 100 % is normal"),
    ("pon_ports", 0.8, 1.25, "fixed users over 13.6 users a port as in the nation, by households"),
    ("pon10g_ports", 0.6, 1.35, "total shared out half by households, half by GDP"),
    ("key_places", 0.7, 1.4, "one for 40,000 residents: judgement"),
    ("key_places_5g", 0.85, 1.08, "over 80 % in all cities named by 2022, over 99.5 % in those of 2023"),
    ("g5_stations", 0.75, 1.3, "provincial stations less Zunyi's, shared out"),
    ("fixed_users", 0.9, 1.15, "last published provincial count, carried on at its growth"),
    ("users_500m", 0.65, 1.35, "nation 24.8 % in October 2022, tilted by weight over households"),
    ("mobile_users", 0.95, 1.1, "by residents"),
    ("g5_users", 0.8, 1.2, "near the national share of its time, tilted by (weight / households)^½"),
)
"""Column, low and high as factors, and the basis of the value."""


def _measures(book: Book, edition: Edition) -> None:
    """Write the measures; paces are the best on record of the province or the nation, by residents."""
    for name, more in _catalogue(edition).items():
        source, quality, note = SOURCES[name]
        source = source.replace("STATION", edition.station_source)
        pace = float(more.pop("pace"))  # type: ignore[arg-type]
        for city in CITIES:
            yearly = pace * _people(city) / WAN
            for period, share in ((None, 0.5), (2024, 1.0)) if edition.half else ((None, 1.0),):
                values = {key: value for key, value in more.items() if value is not None}
                book.add(
                    "measures",
                    f"{source};{edition.mine}",
                    quality,
                    note,
                    measure=name,
                    city=city,
                    period=period,
                    pace_units_year=float(f"{share * yearly:.4g}"),
                    **values,
                )
    for name, column, low, high, how in MEASURE_RANGES:
        book.spread("measures", column, low, high, how, measure=name)


USERS, FIRST, RATE = 12.5, 0.2, 0.25
"""Take-up of gigabit users after 10G-PON ports, by least squares on the national series.

Data: 33.89 and 102 million users on 7.207 and 16.59 million ports in November 2021 and February 2023; ports are
assumed to be built evenly since the middle of 2019. The fit is within 13 %; the counts of May 2023 and June 2025, not
used, are off by 10 and 8 %. The users of 500 Mbps and above are assumed to follow alike.
"""


def _catalogue(edition: Edition) -> dict[str, dict[str, Value]]:
    lag: dict[str, Value] = {"takeup_first": FIRST, "takeup_rate": RATE}
    return {
        "pon_upgrade": lag
        | {
            "title": "PON port upgraded to 10G-PON",
            "title_zh": "PON端口升级为10G-PON",
            "unit": "ports",
            "kind": "fixed",
            "capex_cny_per_unit": 5_000.0,
            "opex_cny_per_unit_year": 150.0,
            "life_years": 8,
            "pace": 60.0,
            "crew_days_per_unit": 0.8,
            "power_kw_per_unit": 0.01,
            "pon10g_ports_per_unit": 1,
            "homes_gigabit_per_unit": 16,
            "users_500m_per_unit": USERS,
        },
        "pon_new": lag
        | {
            "title": "new 10G-PON port with its fibre",
            "title_zh": "新建10G-PON端口及光分配网",
            "unit": "ports",
            "kind": "fixed",
            "capex_cny_per_unit": 22_000.0,
            "opex_cny_per_unit_year": 300.0,
            "life_years": 15,
            "pace": 20.0,
            "crew_days_per_unit": 6.0,
            "power_kw_per_unit": 0.01,
            "pon10g_ports_per_unit": 1,
            "pon_ports_per_unit": 1,
            "homes_gigabit_per_unit": 16,
            "users_500m_per_unit": USERS,
        },
        "g5_station": lag
        | {
            "title": "5G base station",
            "title_zh": "5G基站",
            "unit": "stations",
            "kind": "radio",
            "capex_cny_per_unit": edition.station_cny,
            "opex_cny_per_unit_year": 15_000.0,
            "life_years": 10,
            "pace": 7.8,
            "crew_days_per_unit": 30.0,
            "power_kw_per_unit": 3.5,
            "g5_stations_per_unit": 1,
            "g5_users_per_unit": 200,
        },
        "key_place": {
            "title": "5G in a key place",
            "title_zh": "重点场所5G覆盖",
            "unit": "places",
            "kind": "radio",
            "capex_cny_per_unit": 1_200_000.0,
            "life_years": 10,
            "pace": 0.06,
            "crew_days_per_unit": 120.0,
            "power_kw_per_unit": 5.0,
            "key_places_5g_per_unit": 1,
            "g5_stations_per_unit": 3,
        },
        "user_500m": {
            "title": "user moved to 500 Mbps and above",
            "title_zh": "宽带用户提速到500M及以上",
            "unit": "users",
            "kind": "fixed",
            "capex_cny_per_unit": 160.0,
            "life_years": 5,
            "pace": 330.0,
            "crew_days_per_unit": 0.02,
            "users_500m_per_unit": 1,
        },
        "user_5g": {
            "title": "mobile user moved to 5G",
            "title_zh": "移动用户升级5G",
            "unit": "users",
            "kind": "radio",
            "capex_cny_per_unit": 300.0,
            "life_years": 4,
            "pace": 1_100.0,
            "crew_days_per_unit": 0.0,
            "g5_users_per_unit": 1,
        },
    }


SOURCES = {
    "pon_upgrade": ("pon-tender-2022;miit-access-2023", "estimate", "price below the ceiling of 17,000 CNY a port"),
    "pon_new": ("pon-tender-2022;ftth-2009", "estimate", "port and 16 homes at a little above 1,000 CNY a home"),
    "g5_station": (
        "STATION;station-power-2019",
        "estimate",
        "national 5G investment over new stations; 3.5 kW typical",
    ),
    "key_place": ("STATION", "estimate", "three stations indoors at twice their cost"),
    "user_500m": (
        "pon-line-2011;miit-access-2023",
        "estimate",
        "access equipment of a line; pace of the nation's users",
    ),
    "user_5g": ("STATION", "estimate", "subsidy of a handset: judgement"),
}
"""Sources, quality and note of each measure."""

MEASURE_RANGES = (
    (
        "pon_upgrade",
        "capex_cny_per_unit",
        0.4,
        2.4,
        "no price of a port is published: a tender's ceiling says below 17,000",
    ),
    (
        "pon_upgrade",
        "pace_units_year",
        0.6,
        1.5,
        "60 ports for 10,000 residents: half of what the nation added in 2022",
    ),
    (
        "pon_upgrade",
        "users_500m_per_unit",
        0.6,
        1.2,
        "national gigabit users after ports, off by 13 %; poorer places lag",
    ),
    ("pon_new", "capex_cny_per_unit", 0.5, 1.6, "Shanghai planned 2,000 CNY a subscriber in 2009, old and high"),
    ("pon_new", "pace_units_year", 0.5, 1.5, "a third of the pace of upgrades: judgement"),
    ("pon_new", "users_500m_per_unit", 0.6, 1.2, "as for upgrades"),
    ("g5_station", "capex_cny_per_unit", 0.8, 1.5, "284,000, 203,000 and 179,000 CNY in 2021, 2022 and 2023"),
    ("g5_station", "pace_units_year", 0.6, 1.2, "30,000 stations were planned for 2023 in the province"),
    ("key_place", "capex_cny_per_unit", 0.5, 2.0, "three stations at twice their cost: judgement"),
    ("key_place", "pace_units_year", 0.5, 2.0, "a quarter of the places in a year: judgement"),
    ("user_500m", "capex_cny_per_unit", 0.6, 2.5, "160 CNY a line in 2011; a modem costs as much"),
    ("user_500m", "pace_units_year", 0.5, 1.4, "the nation's gigabit users grew by a tenth of all users in a year"),
    ("user_5g", "capex_cny_per_unit", 0.3, 3.0, "part of the price of a handset: judgement"),
    ("user_5g", "pace_units_year", 0.5, 1.5, "a tenth of mobile users in a year, as in the nation"),
)
"""Measure, column, low and high as factors, and the basis of the value."""


def standard(book: Book, version: str, period: int | None) -> None:
    """Write the thresholds of 2021: two published, one derived, three recalled."""
    recalled = {"pon10g_port_share", "user_500m_share", "g5_user_share"}
    for row in facts.records("gigabit_standard"):
        if row["version"] != "2021" or not row["threshold"]:
            continue
        name, value = row["indicator_id"], float(row["threshold"])
        source = "gigabit-annex-2021" if name in recalled else "gigabit-plan-2021"
        source = "gigabit-result-2022" if name == "key_place_5g_access" else source
        note = (
            "recalled, not confirmed in a source; nine published rows fit it"
            if name in recalled
            else row["indicator_cn"]
        )
        book.add(
            "standard",
            source,
            row["quality"],
            note,
            indicator=name,
            period=period,
            version=version,
            version_zh=VERSION_ZH,
            threshold=value,
            op=row["threshold_op"],
        )
        if name in recalled:
            how = "recalled from the annex of the plan of 2021; the lowest of nine published rows is 25 to 27"
            book.estimate("standard", f"{name}/{period or ''}", "threshold", 20, 30, how)


def _next_standard(book: Book, period: int) -> None:
    """Write the later thresholds (estimate: none is published): the mean of the cities of 2023, for every city."""
    mean = facts.record("gigabit_batches", scope="2023 notice")
    values = {
        "home_gigabit_coverage": 100.0,
        "pon10g_port_share": float(mean["pon10g_port_share_pct"]),
        "key_place_5g_access": 99.5,
        "g5_bs_per_10k": float(mean["g5_bs_per_10k"]),
        "user_500m_share": float(mean["user_500m_share_pct"]),
        "g5_user_share": float(mean["g5_user_share_pct"]),
    }
    for name, value in values.items():
        book.add(
            "standard",
            "gigabit-result-2023;xisuan",
            "estimate",
            "mean of the 97 cities named in 2023, asked as a threshold: what if",
            indicator=name,
            period=period,
            version=NEXT,
            version_zh=NEXT_ZH,
            threshold=value,
            op=">=",
        )
        high = 1.1 * value if name in MAY_EXCEED else min(1.1 * value, 100.0)
        book.estimate("standard", f"{name}/{period}", "threshold", 0.75 * value, high, "no later standard published")


MAY_EXCEED = ("home_gigabit_coverage", "g5_bs_per_10k")
"""Indicators that are no share of a whole, and can exceed 100."""
