"""Network design problems of SNDlib (native format) as scenario folders: other traffic over links in whole modules."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.cases import folders

HOURS = 8760
_LINK = re.compile(r"^\s*(\S+) \( (\S+) (\S+) \) (\S+) \S+ (\S+) \S+ \( (.*) \)$")
_DEMAND = re.compile(r"^\s*\S+ \( (\S+) (\S+) \) \S+ (\S+) \S+$")


@dataclass(frozen=True)
class Network:
    """Links: name, ends, capacity that stands, routing cost. Modules: link, name, Gbps, cost. Demands: ends, Gbps."""

    nodes: list[str]
    links: list[tuple[str, str, str, float, float]]
    modules: list[tuple[str, str, float, float]]
    demands: list[tuple[str, str, float]]


def read(source: Path) -> Network:
    """A network in the native format. Setup costs are left out, as the models with N at the fourth place ask."""
    text = source.read_text()
    sections = dict(re.findall(r"^([A-Z]+) \(\n(.*?)^\)", text, re.M | re.S))
    links, modules = [], []
    for name, start, end, stands, routing, offers in map(_fields(_LINK), sections["LINKS"].splitlines()):
        links.append((name, start, end, float(stands), float(routing)))
        numbers = [float(number) for number in offers.split()]
        modules += [(name, f"m{i + 1}", *pair) for i, pair in enumerate(zip(numbers[::2], numbers[1::2], strict=True))]
    demands = [(a, b, float(v)) for a, b, v in map(_fields(_DEMAND), sections["DEMANDS"].splitlines())]
    nodes = [line.split()[0] for line in sections["NODES"].splitlines()]
    return Network(nodes, links, modules, demands)


def _fields(pattern: re.Pattern[str]):
    def fields(line: str) -> tuple[str, ...]:
        match = pattern.match(line)
        assert match, line
        return match.groups()

    return fields


def both_ways(demands: list[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """Undirected demand as the same demand in both directions.

    An undirected link that carries f of undirected demand is a full-duplex link that carries f each way, so both
    models have the same optimum.
    """
    return [row for a, b, gbps in demands for row in ((a, b, gbps), (b, a, gbps))]


def write(source: Path, folder: Path, *, directed: bool, relaxed: bool = False) -> Path:
    """The scenario folder of a network.

    `directed`: demands go one way only. `relaxed`: links grow by any amount at the price of their cheapest module per
    Gbps, which is what the relaxation of whole modules without a limit on their number allows.
    """
    network = read(source)
    total: dict[tuple[str, str], float] = defaultdict(float)
    for a, b, gbps in network.demands if directed else both_ways(network.demands):
        total[a, b] += gbps
    links = pd.DataFrame(network.links, columns=["link", "from", "to", "capacity_gbps", "routing"])
    links["cost_mcny_per_gbps_hour"] = links.pop("routing") / HOURS
    modules = pd.DataFrame(network.modules, columns=["link", "module", "gbps", "mcny"])
    tables = {
        "regions": pd.DataFrame({"region": network.nodes}),
        "links": links,
        "traffic": pd.DataFrame([(*pair, gbps) for pair, gbps in total.items()], columns=["from", "to", "gbps"]),
    }
    if relaxed:
        rate = (modules["mcny"] / modules["gbps"]).groupby(modules["link"]).min()
        links["capex_mcny_per_gbps"] = links["link"].map(rate)
    else:
        tables["modules"] = modules
    settings = {"periods": [2026], "discount_rate": 0, "capital": "full", "hours": "one"}
    return folders.write(folder, settings, tables)
