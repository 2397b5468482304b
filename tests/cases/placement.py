"""Carbon-aware placement over cloud regions (Sukprasert et al., EuroSys'24) as a scenario folder.

Every region has one unit of load and a site that holds load / (1 − idle) units. A unit runs anywhere within the
latency limit, at the yearly mean carbon intensity of where it runs.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.cases import folders

LIMITS_MS = (5, 50, 100, 150, 200, 250, 300)


def places(source: Path) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Latency of each pair (ms), and carbon of each region in 2022 (g/kWh), of the regions that both files know."""
    latency = pd.read_csv(source / "gcp_latency_matrix.csv", index_col="origin")
    carbon = pd.read_csv(source / "mean_stats.csv", index_col="zonecode")["2022"].to_dict()
    names = [name for name in dict.fromkeys(latency.index) if name in carbon]
    first = latency.loc[~latency.index.duplicated()]
    return (
        {(one, other): float(first.loc[one, other]) for one in names for other in names},
        {name: float(carbon[name]) for name in names},
    )


def write(source: Path, limit_ms: float, idle: float, folder: Path) -> Path:
    """The scenario folder for one latency limit and one share of idle capacity."""
    latency, carbon = places(source)
    names = list(carbon)
    tables = {
        "regions": pd.DataFrame({"region": names}),
        "sites": pd.DataFrame({"site": names, "zone": names}),
        "technologies": pd.DataFrame(
            [{"technology": "server", "class": "general", "mw_per_unit": 1, "available_until": 2021}]
        ),
        "fleet": pd.DataFrame({"site": names, "technology": "server", "units": 1 / (1 - idle)}),
        "workloads": pd.DataFrame([{"workload": "work", "class": "general", "latency_ms": limit_ms}]),
        "demand": pd.DataFrame({"region": names, "workload": "work", "period": 2022, "units": 1}),
        "latency": pd.DataFrame(
            [(*pair, ms) for pair, ms in latency.items()], columns=["region", "site", "latency_ms"]
        ),
        "power": pd.DataFrame({"zone": names, "price": 0, "co2_kg_per_kwh": [carbon[name] / 1000 for name in names]}),
    }
    settings = {"base_year": 2022, "periods": [2022], "hours": "one", "objective": "carbon"}
    return folders.write(folder, settings, tables)


def mean_g_per_unit(tonnes: float, regions: int) -> float:
    """Mean emissions of a unit for an hour, g, of the tonnes of a year: one unit draws 1 MW."""
    return tonnes * 1e6 / (regions * 8760 * 1000)
