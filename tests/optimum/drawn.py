"""Small random scenarios as text tables, with blanks, dates and every part of the model drawn in or out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]
Table = list[dict[str, Any]]


class Drawing:
    """A scenario being drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.tables: dict[str, Table] = {}
        self.periods = [[2026], [2026, 2027], [2026, 2028], [2026, 2027, 2030]][self.rng.integers(4)]
        self.regions = ["a", "b", "c"][: self.rng.integers(2, 4)]
        self.sites = ["s1", "s2", "s3"][: self.rng.integers(1, 4)]
        self.network = self.chance(0.6)
        self.powered = self.chance(0.85)
        self.profiles = {f"p{i}": self.shape() for i in range(3)}

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def num(self, low: float, high: float, blank: float = 0.0) -> Any:
        """A number with few digits, or with the chance `blank` nothing."""
        return "" if blank and self.chance(blank) else float(f"{self.rng.uniform(low, high):.3g}")

    def pick(self, *values: Any) -> Any:
        return values[self.rng.integers(len(values))]

    def shape(self) -> np.ndarray:
        """A profile of the year: all its days differ, none of its values is 0."""
        return np.round(0.2 + 0.8 * self.rng.random(8760), 3)

    def dated(self, row: dict[str, Any], **changed: tuple[float, float]) -> Table:
        """The row, and perhaps a later one with other numbers in the columns `changed`."""
        rows = [{**row, "period": ""}]
        if self.chance(0.35):
            later = {column: self.num(*span) for column, span in changed.items() if row.get(column, "") != ""}
            rows.append({**row, **later, "period": self.pick(2027, 2028, 2030)})
        return rows

    def draw(self) -> tuple[dict[str, Any], Frames]:
        """Options and tables."""
        for part in (
            self.places,
            self.halls,
            self.technologies,
            self.fleet,
            self.workloads,
            self.demand,
            self.links,
            self.power,
            self.supply,
            self.budgets,
            self.policies,
        ):
            part()
        settings: dict[str, Any] = {
            "name": "drawn",
            "base_year": self.pick(2025, 2026),
            "discount_rate": self.pick(0.0, 0.06, 0.1),
            "periods": self.periods,
            "last_period_years": self.pick(1, 1, 3),
            "hours": self.pick("one", "hours:3", "hours:5", "hours:8"),
            "capital": self.pick("annuity", "annuity", "full"),
            "objective": "carbon" if self.powered and self.chance(0.1) else "cost",
            "plan": {"power_price": self.pick("list", "contract")},
        }
        if self.chance(0.2):
            self.tables["blocks"] = [
                {"block": "x", "first_hour": 4000, "hours": 4, "weight": 1000},
                {"block": "y", "first_hour": 8756, "hours": 4, "weight": 1190},
            ]
        for row in self.tables.get("links", []):  # drawn last: all else stays what its seed has always drawn
            row["min_gbps"] = self.num(0.3, 1.5, 0.6)
        frames = {
            name: pd.DataFrame(rows, dtype=object).fillna("").astype(str) for name, rows in self.tables.items() if rows
        }
        frames["profiles"] = pd.DataFrame({"hour": np.arange(8760), **self.profiles})
        return settings, frames

    def places(self) -> None:
        self.tables["regions"] = [{"region": r, "node": "n" if r == "c" and self.network else ""} for r in self.regions]
        nodes = ["n", "m"] if self.network else []
        self.tables["nodes"] = [{"node": n} for n in nodes]
        self.nodes = [*(r for r in self.regions if r != "c"), *nodes] if self.network else []
        rows: Table = []
        for s in self.sites:
            row = {
                "site": s,
                "hub": self.pick("", "east", "west") if s != "s1" else "east",
                "node": self.pick(*self.nodes) if self.nodes else "",
                "zone": self.pick("z1", "z2") if self.powered else "",
                "it_limit_mw": self.num(5, 30, 0.6),
                "pue": self.pick("", self.num(1.1, 1.6), "warm"),
                "capex_factor": self.num(0.8, 1.3, 0.5),
                "fixed_cost_mcny": self.num(1, 20) if self.chance(0.2) else "",
                "investor": self.pick("", "one", "two") if s != "s1" else "one",
                "water_l_per_kwh": self.num(0.1, 1, 0.3),
            }
            rows += self.dated(row, pue=(1.1, 1.6), capex_factor=(0.8, 1.3))
        self.tables["sites"] = rows
        self.profiles["warm"] = 1.0 + 0.6 * self.profiles["p0"]

    def halls(self) -> None:
        rows: Table = []
        for s in self.sites:
            if self.chance(0.6):
                row = {
                    "site": s,
                    "existing_mw": self.num(3, 9, 0.3),
                    "capex_mcny_per_mw": self.num(10, 40),
                    "opex_mcny_per_mw_year": self.num(0.1, 1, 0.3),
                    "life_years": self.pick(2, 3.5, 20),
                    "lead_years": self.pick("", "", "", 1, 0.5),
                    "limit_mw": self.num(10, 40, 0.7),
                    "phase_mw": self.num(1, 3) if self.chance(0.15) else "",
                }
                if self.chance(0.4):
                    row |= {"retrofit_capex_mcny_per_mw": self.num(0.2, 2), "retrofit_pue": self.num(1.0, 1.3)}
                later = self.dated(row, capex_mcny_per_mw=(10, 40), opex_mcny_per_mw_year=(0.1, 1))
                rows += later
        self.tables["halls"] = rows

    def technologies(self) -> None:
        rows: Table = []
        self.names = [("server", "general"), ("gpu", "intelligent")]
        for name, kind in (("server2", "general"), ("gpu2", "intelligent"), ("disk", "storage")):
            if self.chance(0.5):
                self.names.append((name, kind))
        for name, kind in self.names:
            row = {
                "technology": name,
                "class": kind,
                "unit": kind,
                "mw_per_unit": self.num(0.005, 0.05),
                "idle_share": self.num(0.1, 0.8, 0.3),
                "attainable_utilisation": self.num(0.6, 1, 0.3),
                "fp32_per_unit": self.num(0.001, 0.01),
                "capex_mcny_per_unit": self.num(0.5, 5),
                "opex_mcny_per_unit_year": self.num(0.01, 0.3, 0.3),
                "life_years": self.pick(1, 2, 3, 4.5, 8),
                "lead_years": self.pick("", "", "", "", 1),
                "kind": "stock" if kind == "storage" else self.pick("", "flow"),
                "module_units": self.num(2, 9) if self.chance(0.1) else "",
            }
            if name.endswith("2"):
                row |= {"available_from": self.pick("", 2027), "available_until": self.pick("", 2027, 2029)}
            rows += self.dated(row, capex_mcny_per_unit=(0.5, 5), mw_per_unit=(0.005, 0.05), idle_share=(0.1, 0.8))
        self.tables["technologies"] = rows
        limits: Table = []
        for s in self.sites:
            for name, _ in self.names:
                if self.chance(0.2):
                    row = {
                        "site": s,
                        "technology": name,
                        "max_units": self.num(60, 300, 0.5),
                        "max_build_units": self.num(40, 200, 0.5),
                        "min_units": self.num(1, 20) if self.chance(0.2) else "",
                    }
                    limits += self.dated(row, max_build_units=(40, 200))
        self.tables["limits"] = limits

    def fleet(self) -> None:
        rows: Table = []
        for s in self.sites:
            for name, _ in self.names:
                for opened in ("", 2024, 2027):
                    if self.chance(0.25):
                        rows.append(
                            {
                                "site": s,
                                "technology": name,
                                "opened": opened,
                                "units": self.num(5, 60),
                                "retires": self.pick("", 2028, 2030) if opened == 2027 else self.pick("", 2027, 2028),
                                "may_retire": self.pick("", "yes", "no"),
                            }
                        )
        self.tables["fleet"] = rows

    def workloads(self) -> None:
        names = [name for name, _ in self.names]
        rows: Table = []
        for name, target in (
            ("web", "general"),
            ("batch", "general"),
            ("train", self.pick("intelligent", "gpu")),
            *([("store", "storage")] if "disk" in names else []),
        ):
            data = self.chance(0.7)
            row = {
                "workload": name,
                "class": target,
                "latency_ms": self.num(4, 14) if self.chance(0.5 if name != "batch" else 0.1) else "",
                "defer_hours": self.pick("", 1, 2, 3, 7, 30) if name in ("batch", "train") else "",
                "gbps_per_unit": self.num(0.001, 0.01) if data else "",
                "return_gbps_per_unit": self.num(0.001, 0.01) if data and self.chance(0.7) else "",
                "unserved_mcny_per_unit_hour": self.num(0.0002, 0.01) if self.chance(0.6) else "",
            }
            rows += self.dated(row, gbps_per_unit=(0.001, 0.01))
        self.tables["workloads"] = rows
        if self.chance(0.3):
            costs: Table = []
            for r in self.regions:
                for s in self.sites:
                    row = {
                        "region": r,
                        "site": s,
                        "workload": self.pick("web"),
                        "mcny_per_unit_hour": self.num(1e-6, 1e-4),
                    }
                    costs += self.dated(row, mcny_per_unit_hour=(1e-6, 1e-4))
            self.tables["serving_cost"] = costs
        if self.chance(0.4) or not self.network:
            self.tables["latency"] = [
                {"region": r, "site": s, "latency_ms": self.num(2, 14)}
                for r in self.regions
                for s in self.sites
                if self.chance(0.5) or not self.network
            ]

    def demand(self) -> None:
        rows: Table = []
        for w in dict.fromkeys(row["workload"] for row in self.tables["workloads"]):
            for r in self.regions:
                if self.chance(0.75):
                    for y in self.periods:
                        rows.append(
                            {
                                "region": r,
                                "workload": w,
                                "period": y,
                                "units": self.num(5, 60),
                                "profile": "" if w == "store" else self.pick("", "p1", "p2"),
                            }
                        )
        rows.append({"region": "a", "workload": "web", "period": 2040, "units": 5, "profile": ""})
        self.tables["demand"] = rows

    def links(self) -> None:
        if not self.network:
            return
        ends = [(a, b) for i, a in enumerate(self.nodes) for b in self.nodes[i + 1 :]]
        rows: Table = []
        modules: Table = []
        for number, (a, b) in enumerate(ends):
            if number >= len(self.nodes) and self.chance(0.4):
                continue
            row = {
                "link": f"l{number}",
                "from": a,
                "to": b,
                "length_km": self.num(200, 1500),
                "latency_ms": self.num(1, 8, 0.6),
                "capacity_gbps": self.pick(0, self.num(0.1, 1.5)),
                "limit_gbps": self.num(2, 5, 0.7),
                "capex_mcny_per_gbps": self.num(1, 6, 0.3),
                "life_years": self.pick(2, 10),
                "lead_years": self.pick("", "", 1),
                "cost_mcny_per_gbps_hour": self.num(1e-6, 1e-4, 0.3),
                "investor": "carrier" if number == 0 else self.pick("", "one"),
            }
            rows += self.dated(row, capex_mcny_per_gbps=(1, 6), cost_mcny_per_gbps_hour=(1e-6, 1e-4))
            if self.chance(0.15):
                modules.append(
                    {
                        "link": f"l{number}",
                        "module": "w",
                        "gbps": self.num(0.2, 0.6),
                        "mcny": self.num(0.3, 2),
                        "max_count": self.pick("", 3),
                    }
                )
        self.tables["links"] = rows
        self.tables["modules"] = modules
        if self.chance(0.4):
            a, b = self.nodes[0], self.nodes[-1]
            self.tables["traffic"] = self.dated(
                {
                    "from": a,
                    "to": b,
                    "gbps": self.num(0.02, 0.2),
                    "profile": self.pick("", "p1"),
                    "routing": self.pick("", "free", "shortest"),
                },
                gbps=(0.02, 0.2),
            )

    def power(self) -> None:
        if not self.powered:
            return
        rows: Table = []
        for z in ("z1", "z2"):
            row = {
                "zone": z,
                "price": self.pick(self.num(0.2, 0.8), "tariff"),
                "contract_price_cny_per_kwh": self.num(0.2, 0.7, 0.4),
                "demand_charge_cny_per_kw_month": self.num(10, 50, 0.3),
                "co2_kg_per_kwh": self.pick(self.num(0.2, 0.8), "mix"),
                "grid_limit_mw": self.num(3, 15, 0.8),
                "green_premium_cny_per_kwh": self.num(0.01, 0.1, 0.2),
            }
            rows += self.dated(
                row, price=(0.2, 0.8), co2_kg_per_kwh=(0.2, 0.8), demand_charge_cny_per_kw_month=(10, 50)
            )
        self.tables["power"] = rows
        self.profiles["tariff"] = 0.2 + self.profiles["p1"]
        self.profiles["mix"] = 0.3 + 0.5 * self.profiles["p2"]

    def supply(self) -> None:
        rows: Table = []
        for s in self.sites if self.powered else ():
            for source in ("solar", "wind", "battery"):
                if self.chance(0.25):
                    row = {
                        "site": s,
                        "source": source,
                        "capex_mcny_per_mw": self.num(0.5, 6),
                        "opex_mcny_per_mw_year": self.num(0.01, 0.1, 0.3),
                        "capex_mcny_per_mwh": self.num(0.2, 1.5) if source == "battery" else "",
                        "life_years": self.pick(3, 20),
                        "lead_years": self.pick("", "", 1),
                        "existing_mw": self.num(0.1, 1, 0.4),
                        "existing_mwh": self.num(0.1, 1, 0.3) if source == "battery" else "",
                        "limit_mw": self.num(1.5, 3, 0.4),
                        "limit_mwh": self.num(1.5, 6, 0.4) if source == "battery" else "",
                        "efficiency": self.num(0.85, 0.98, 0.2) if source == "battery" else "",
                        "cost_mcny_per_mwh": self.num(1e-6, 1e-4, 0.3),
                        "profile": "" if source == "battery" else self.pick("", "p0", 0.4),
                    }
                    rows += self.dated(row, capex_mcny_per_mw=(0.5, 6))
        self.tables["supply"] = rows

    def budgets(self) -> None:
        scopes = [
            "all",
            "halls",
            "compute",
            "east",
            "investor:one",
            *(["network", "investor:carrier"] if self.network else []),
        ]
        scopes += ["power"] if self.tables["supply"] else []
        self.tables["budgets"] = [
            {"period": y, "scope": scope, "limit_mcny": self.num(20, 900, 0.2)}
            for scope in scopes
            for y in (2026, 2028)
            if self.chance(0.08)
        ]

    def policies(self) -> None:
        spans = {
            "occupancy_min": (0.3, 0.9),
            "utilisation_min": (0.05, 0.5),
            "hub_share_min": (0.2, 0.9),
            "intelligent_share_min": (0.1, 0.6),
            "green_share_min": (0.1, 0.8),
            "pue_max": (1.15, 1.5),
            "carbon_cap_t": (2e3, 6e4),
            "carbon_cap_market_t": (2e3, 6e4),
            "carbon_price_cny_per_t": (20, 200),
            "water_cap_m3": (2e3, 6e4),
            "link_load_max": (0.5, 0.95),
            "site_reserve_min": (0.02, 0.2),
        }
        hubs = [row["hub"] for row in self.tables["sites"] if row["hub"]]
        rows: Table = []
        unpowered = {
            "occupancy_min",
            "utilisation_min",
            "hub_share_min",
            "intelligent_share_min",
            "link_load_max",
            "site_reserve_min",
        }
        for rule, span in spans.items():
            if (rule not in unpowered and not self.powered) or (rule == "link_load_max" and not self.network):
                continue
            scopes = (
                ["all", *self.sites, *hubs]
                if rule != "link_load_max"
                else ["all", *(r["link"] for r in self.tables.get("links", []))]
            )
            if rule == "hub_share_min":
                scopes = ["all", *hubs]
            for scope in dict.fromkeys(scopes):
                if self.chance(0.15 if scope == "all" else 0.05):
                    applies = (
                        self.pick("", "all", "new")
                        if rule in ("green_share_min", "pue_max", "utilisation_min", "occupancy_min")
                        else ""
                    )
                    rows += self.dated(
                        {"rule": rule, "scope": scope, "value": self.num(*span), "applies": applies}, value=span
                    )
        self.tables["policies"] = rows
