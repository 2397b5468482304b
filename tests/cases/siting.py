"""Capacitated facility location of the OR-Library as a scenario folder: sites with an opening cost, divisible work."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.cases import folders

HOURS = 8760


def write(source: Path, folder: Path) -> Path:
    """The scenario folder of a file: m and n; capacity and cost of m sites; demand and m total costs of n customers."""
    numbers = iter(source.read_text().split())
    m, n = int(next(numbers)), int(next(numbers))
    sites = [(f"site-{i + 1}", float(next(numbers)), float(next(numbers))) for i in range(m)]
    customers = []
    for j in range(n):
        demand = float(next(numbers))
        customers.append((f"customer-{j + 1}", demand, [float(next(numbers)) for _ in sites]))
    costs = [
        (region, site, "work", cost / demand / HOURS)
        for region, demand, whole in customers
        for (site, _, _), cost in zip(sites, whole, strict=True)
    ]
    tables = {
        "regions": pd.DataFrame({"region": [region for region, _, _ in customers]}),
        "sites": pd.DataFrame([(site, cost) for site, _, cost in sites], columns=["site", "fixed_cost_mcny"]),
        "technologies": pd.DataFrame([{"technology": "server", "class": "general"}]),
        "limits": pd.DataFrame(
            [(site, "server", capacity) for site, capacity, _ in sites], columns=["site", "technology", "max_units"]
        ),
        "workloads": pd.DataFrame([{"workload": "work", "class": "general"}]),
        "demand": pd.DataFrame(
            [(region, "work", 2026, demand) for region, demand, _ in customers],
            columns=["region", "workload", "period", "units"],
        ),
        "serving_cost": pd.DataFrame(costs, columns=["region", "site", "workload", "mcny_per_unit_hour"]),
    }
    settings = {"periods": [2026], "discount_rate": 0, "capital": "full", "hours": "one"}
    return folders.write(folder, settings, tables)
