"""Place and payer of each cost."""

from __future__ import annotations

from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Label

SITES = {
    **dict.fromkeys(("build_hall", "retrofit", "open", "build", "build_supply", "build_energy"), 0),
    **dict.fromkeys(
        ("hall", "installed", "supply", "grid", "peak", "contract", "contract_power", "generation", "discharge"), 0
    ),
    **dict.fromkeys(("serve", "hold"), 1),
}
"""Variables of a site, with the position of the site in their labels."""
LINKS = {"build_link": 0, "link_modules": 0, "flow": 1, "stock_flow": 1, "traffic_flow": 1}
CITIES = {"deploy": 0, "lay": 0, "deployed": 0}
KINDS = (("sites", SITES), ("links", LINKS), ("cities", CITIES))


def place(variable: str, label: Label) -> str:
    """Return the site, link or city of an item, or else the first part of its label."""
    for _, where in KINDS:
        if variable in where:
            return label[where[variable]]
    return label[0]


def payer(reading: Reading, variable: str, label: Label) -> str:
    """Return the investor of the site, link or city of an item; blank for anything else."""
    for table, where in KINDS:
        if variable in where:
            return str(reading.tables[table].first((label[where[variable]],), "investor") or "")
    return ""
