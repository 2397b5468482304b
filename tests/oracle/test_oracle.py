"""xisuan plans random scenarios as a second model does that was written from the reference alone.

A few dozen seeds run by default, thousands with `pytest -m long`. A seed that differs is drawn again with
`tests.oracle.drawn.forms.draw_both(seed, folder)`; `LEFT_OUT` says what the seeds never have, and why.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import xisuan as xs
from tests.oracle.compare import compare
from tests.oracle.drawn.dice import FEATURES
from tests.oracle.drawn.forms import draw_both
from tests.oracle.drawn.whole import scenario, write

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

LEFT_OUT: dict[str, str] = {
    "members_in_the_past": "xisuan refuses members of whom nothing is left to decide; the second model takes their mean",
}
"""Features that the seeds never have, each with the reason."""

FEW = range(60)
MANY = range(1_000, 4_000)
AT_ONCE = 20
"""Seeds of one test."""


def differences(
    seeds: range, folder: Path, without: frozenset[str] = frozenset(), method: str = "auto"
) -> tuple[list[str], int]:
    """Return what differs, with its seed, and how many of the scenarios have a plan."""
    out: list[str] = []
    plans = 0
    for seed in seeds:
        (folder / str(seed)).mkdir()
        given, flat = draw_both(seed, folder / str(seed), frozenset(LEFT_OUT) | without)
        verdict = compare(given, flat, method)
        plans += verdict.status == "optimal"
        if verdict.differs:
            out.append(f"seed {seed}, {verdict.status}: {verdict.differs}")
    return out, plans


def batches(seeds: range) -> list[range]:
    return [seeds[at : at + AT_ONCE] for at in range(0, len(seeds), AT_ONCE)]


@pytest.mark.parametrize("seeds", batches(FEW), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_few(seeds: range, tmp_path: Path) -> None:
    found, plans = differences(seeds, tmp_path)
    assert not found
    assert plans >= len(seeds) / 3


@pytest.mark.long
@pytest.mark.parametrize("seeds", batches(MANY), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_many(seeds: range, tmp_path: Path) -> None:
    found, _ = differences(seeds, tmp_path)
    assert not found


STRUCTURED = frozenset({"whole_numbers", "carbon", "residents", "members", "cities"})
"""Features that the structured method does not plan, or that may come with whole numbers."""


@pytest.mark.long
@pytest.mark.parametrize("seeds", batches(range(10_000, 10_200)), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_structured(seeds: range, tmp_path: Path) -> None:
    found, _ = differences(seeds, tmp_path, STRUCTURED, "structured")
    assert not found


@pytest.mark.long
@pytest.mark.parametrize("hours", ["weeks:1", "weeks:2", "days:3", "hours:200"])
def test_longer_hours(hours: str, tmp_path: Path) -> None:
    for seed in range(20_000, 20_010):
        settings, tables = scenario(seed, frozenset(LEFT_OUT) | STRUCTURED)
        tables.pop("blocks", None)
        write(tmp_path / str(seed), settings | {"hours": hours}, tables)
        assert not compare(tmp_path / str(seed)).differs, seed


@pytest.mark.long
@pytest.mark.parametrize("hours", ["one", "hours:4"])
def test_guizhou(hours: str, tmp_path: Path) -> None:
    """The shipped scenario with every part of it, gigabit access too, in all its periods."""
    xs.write(xs.on_hours(xs.load("guizhou-days"), xs.Hours.parse(hours)), tmp_path)
    assert not compare(tmp_path).differs


def test_features_are_known() -> None:
    assert LEFT_OUT.keys() <= FEATURES.keys()


NO_PLAN_READS = {
    "actuals": "for comparison only",
    "indicators": "what statistics measure",
    "observations": "what was published",
    "targets": "what is aimed at: `plan --reach` makes rows of `policies` of them",
    "drivers": "what ties an indicator to a plan",
    "estimates": "ranges of values",
    "levers": "how far a sweep goes",
    "borders": "what a map draws",
}
"""Tables of which nothing is drawn."""
NOTES = {"source", "reference", "title", "title_zh", "how", "how_zh", "publisher", "publisher_zh", "address", "note"}
"""Columns for people, drawn in some tables only."""
OF_OTHERS = {
    "plan.shortfall_mcny_per_unit_hour": "operation",
    "plan.excess_mcny_per_unit": "operation",
    "plan.operate_days": "operation",
    "plan.rolling": "operation",
    "plan.gap": "the call of the comparison says which",
    "report.region": "report",
    "report.language": "report",
    "title": "for people",
    "title_zh": "for people",
    "extends": "tests.oracle.drawn.forms",
    "drop": "tests.oracle.drawn.forms",
}
"""Options that are not drawn, and who reads them."""


def test_every_table_column_rule_and_option_is_drawn() -> None:
    cells: set[tuple[str, str]] = set()
    rules: set[str] = set()
    options: set[str] = set()
    for seed in range(300):
        settings, drawn = scenario(seed)
        for section in ("plan", "risk"):
            options |= {f"{section}.{name}" for name in settings.get(section, {})}
        options |= settings.keys() - {"plan", "risk"}
        rules |= {row["rule"] for row in drawn["policies"]}
        for name, rows in drawn.items():
            cells |= {(name, column) for row in rows for column in row if row[column] not in ("", None)}
    missing: set[tuple[str, str]] = set()
    for section in (REFERENCE / "tables.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        name = section.splitlines()[0]
        columns = set(re.findall(r"^\| \*{0,2}`(\w+)`", section, flags=re.MULTILINE)) - NOTES
        missing |= {(name, column) for column in columns if name not in NO_PLAN_READS} - cells
    assert not missing
    assert named("policies.md") == rules
    assert named("options.md") - OF_OTHERS.keys() <= options


def named(page: str) -> set[str]:
    """Return what the first column of a page's table names."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([\w.]+)`", text, flags=re.MULTILINE))
