"""Random small PyPSA networks with every family of linear constraints."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pypsa

FEATURES = (
    "lines", "links", "units", "cyclic", "stores", "closed", "ramps", "co2", "weights", "minimum", "inflow", "volume",
    "limits", "energy", "negative",
)  # fmt: skip
"""Parts that a network may have, each switched on or off on its own."""


def network(seed: int, hours: int, buses: int, features: frozenset[str], periods: int = 1) -> pypsa.Network:
    """Return a network whose demand can be met at a high price in every hour. periods: investment periods."""
    rng = np.random.default_rng(seed)
    n = pypsa.Network()
    stamps = pd.date_range("2030-01-01", periods=hours, freq="h")
    if periods > 1:
        years = [2030 + 10 * i for i in range(periods)]
        n.set_snapshots(pd.MultiIndex.from_product([years, stamps], names=["period", "timestep"]))
        n.investment_periods = years
        n.investment_period_weightings["years"] = 10
        n.investment_period_weightings["objective"] = [0.9**i for i in range(periods)]
    else:
        n.set_snapshots(stamps)
    if "weights" in features:
        n.snapshot_weightings.loc[:, ["objective", "generators", "stores"]] = rng.choice([1.0, 2.0, 3.0])
    n.add("Carrier", "gas", co2_emissions=0.2)
    n.add("Carrier", "AC")
    names = [f"b{i}" for i in range(buses)]
    for i, bus in enumerate(names):
        n.add("Bus", bus, carrier="AC", v_nom=380.0)
        _supply(n, rng, bus, i, features, periods)
        if "units" in features and rng.random() < 0.8:
            _unit(n, rng, bus, features)
        if "stores" in features and rng.random() < 0.8:
            _store(n, rng, bus, features)
    _branches(n, rng, names, features)
    _limits(n, rng, features)
    return n


def _series(n: pypsa.Network, values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=n.snapshots)


def _supply(
    n: pypsa.Network, rng: np.random.Generator, bus: str, number: int, features: frozenset[str], periods: int
) -> None:
    """Add a load, a dear generator of last resort, wind, and gas with what `features` ask for."""
    count = len(n.snapshots)
    first = {"build_year": 2030, "lifetime": 100} if periods > 1 else {}
    n.add("Load", f"d{bus}", bus=bus, p_set=_series(n, 20 + 30 * rng.random(count)))
    n.add("Generator", f"shed{bus}", bus=bus, p_nom=1e3, marginal_cost=500.0 + number, **first)
    wind = np.round(np.clip(rng.normal(0.4, 0.3, count), 0, 1), 3)
    n.add(
        "Generator", f"wind{bus}", bus=bus, p_nom_extendable=True, capital_cost=3.0 * count * rng.uniform(0.5, 2),
        p_max_pu=_series(n, wind), p_nom_max=60.0 if "limits" in features else np.inf,
        p_nom_min=5.0 if "limits" in features else 0.0, marginal_cost=-0.5 if "negative" in features else 0.01, **first,
    )  # fmt: skip
    extendable = bool(rng.random() < 0.5)
    more = {"ramp_limit_up": 0.3, "ramp_limit_down": 0.4} if "ramps" in features else {}
    more |= {"p_min_pu": 0.1} if "minimum" in features else {}
    more |= {"e_sum_max": 12.0 * count} if "energy" in features else {}
    n.add(
        "Generator", f"gas{bus}", bus=bus, carrier="gas", p_nom=30.0, p_nom_extendable=extendable, efficiency=0.5,
        capital_cost=2.0 * count, marginal_cost=rng.uniform(20, 60), **more, **first,
    )  # fmt: skip
    if periods > 1:
        n.add(
            "Generator", f"new{bus}", bus=bus, p_nom_extendable=True, capital_cost=1.5 * count, marginal_cost=15.0,
            build_year=2040, lifetime=30,
        )  # fmt: skip


def _unit(n: pypsa.Network, rng: np.random.Generator, bus: str, features: frozenset[str]) -> None:
    cyclic = "cyclic" in features
    n.add(
        "StorageUnit", f"u{bus}", bus=bus, p_nom=10.0, p_nom_extendable=bool(rng.random() < 0.5), max_hours=4,
        efficiency_store=0.9, efficiency_dispatch=0.95, standing_loss=0.01, capital_cost=40.0,
        cyclic_state_of_charge=cyclic, state_of_charge_initial=0.0 if cyclic else 8.0, marginal_cost=0.1,
        inflow=_series(n, 3 * rng.random(len(n.snapshots))) if "inflow" in features else 0.0,
    )  # fmt: skip


def _store(n: pypsa.Network, rng: np.random.Generator, bus: str, features: frozenset[str]) -> None:
    closed = "closed" in features
    n.add(
        "Store", f"s{bus}", bus=bus, e_nom=50.0, e_nom_extendable=bool(rng.random() < 0.5), e_cyclic=closed,
        e_initial=0.0 if closed else 10.0, capital_cost=5.0, standing_loss=0.02, marginal_cost=0.05,
    )  # fmt: skip


def _branches(n: pypsa.Network, rng: np.random.Generator, names: list[str], features: frozenset[str]) -> None:
    """Add a ring of lines, which has a cycle from three buses on, and a link both ways."""
    pairs = [(a, b) for a, b in zip(names, [*names[1:], names[0]], strict=True) if a != b][
        : len(names) if len(names) > 2 else 1
    ]
    if "lines" in features:
        for i, (a, b) in enumerate(pairs):
            extendable = bool(rng.random() < 0.5)
            n.add(
                "Line", f"l{i}", bus0=a, bus1=b, x=rng.uniform(0.05, 0.3), r=0.01, s_nom=15.0, length=50.0,
                s_nom_extendable=extendable, capital_cost=30.0, s_max_pu=0.8, carrier="AC",
            )  # fmt: skip
    if "links" in features and len(names) > 1:
        n.add(
            "Link", "k", bus0=names[0], bus1=names[-1], p_nom=10.0, p_nom_extendable=bool(rng.random() < 0.5),
            p_min_pu=-1.0, capital_cost=50.0, marginal_cost=0.01,
        )  # fmt: skip


def _limits(n: pypsa.Network, rng: np.random.Generator, features: frozenset[str]) -> None:
    if "co2" in features:
        hours = float(n.snapshot_weightings.generators.sum())
        n.add(
            "GlobalConstraint", "co2", type="primary_energy", carrier_attribute="co2_emissions", sense="<=",
            constant=float(rng.uniform(1.0, 5.0)) * hours * len(n.buses),
        )  # fmt: skip
    if "volume" in features and "lines" in features and n.lines.s_nom_extendable.any():
        n.add(
            "GlobalConstraint", "volume", type="transmission_volume_expansion_limit", carrier_attribute="AC", sense="<=",
            constant=float(rng.uniform(500.0, 3000.0)),
        )  # fmt: skip
