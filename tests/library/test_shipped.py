"""The shipped scenarios: made from data/facts alone, sourced in every row, every estimate with its range."""

from __future__ import annotations

import sys
from collections import defaultdict
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.library.shipped import FACTS, KEYS, LIBRARY, NAMES, annotation, book, builder, loaded, numbers, tables, text
from xisuan.scenario import load
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.scenario.timeline import last_day

STATISTICS = ("indicators", "observations", "targets", "drivers")
"""They may know what was published after the date of the scenario: the reader hides it as of that day."""

EACH = pytest.mark.parametrize("name", NAMES)


@EACH
def test_building_it_again_gives_the_shipped_bytes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process; `test_gigabit` starts a builder as a program."""
    monkeypatch.setattr(sys, "argv", ["build", "--out", str(tmp_path)])
    builder(name).main()
    shipped = {path.name: path.read_bytes() for path in (LIBRARY / name).iterdir() if path.is_file()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped


@EACH
def test_the_folder_holds_tables_only(name: str) -> None:
    assert {".toml"} <= {path.suffix for path in (LIBRARY / name).iterdir()} <= {".csv", ".toml"}


@EACH
def test_what_it_has_and_what_it_inherits_is_what_its_builder_says(name: str, tmp_path: Path) -> None:
    """Written whole, without a base, the tables are those of the shipped folder over the scenarios it extends."""
    (tmp_path / "scenario.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
    book(name).write(tmp_path)
    (tmp_path / "profiles.csv").write_bytes((LIBRARY / "china" / "profiles.csv").read_bytes())
    whole, _ = load.examine(tmp_path)
    shipped = loaded(name)
    assert whole is not None
    for table in set(whole.tables) - {"profiles", "sources", *STATISTICS}:
        keys = list(BY_NAME[table].row_keys) or ["profile", "months", "hours"]
        ours, theirs = (scenario[table].sort_values(keys).reset_index(drop=True) for scenario in (whole, shipped))
        if table in ("estimates", "profile_rules"):
            of = theirs["table"] if table == "estimates" else pd.Series("profile_rules", index=theirs.index)
            left = theirs[of.isin(["profiles", "profile_rules"]) & ~_keys(theirs, keys).isin(set(_keys(ours, keys)))]
            theirs = theirs.drop(index=left.index).reset_index(drop=True)
        pd.testing.assert_frame_equal(ours, theirs, obj=table)


def _keys(frame: pd.DataFrame, keys: list[str]) -> pd.Series:
    return frame[keys].astype(str).agg("/".join, axis=1)


@EACH
def test_it_can_be_planned_without_a_remark_but_on_what_a_date_hides(name: str) -> None:
    """`guizhou-week` is operated by a controller that sees less far than training may wait, a whole week."""
    remarks = {note.code for note in loaded(name).notes}
    assert ("wait-beyond-horizon" in remarks) is (name == "guizhou-week")
    assert remarks <= {"rows-hidden", "base-rows-hidden", "wait-beyond-horizon"}
    assert name != "china" or not remarks  # Guizhou's statistics go on after its date


@EACH
def test_every_row_says_how_its_figures_were_had(name: str) -> None:
    for table in tables(name):
        assert set(text(name, table)["quality"]) <= {"published", "derived", "estimate"}, table


@EACH
def test_every_row_has_sources_that_are_listed_and_every_source_is_used(name: str) -> None:
    cited = {
        key
        for table in tables(name)
        if table != "sources"
        for cell in text(name, table)[annotation(table)]
        for key in cell.split(";")
    }
    assert cited | {"pue-model", "worldclim"} == set(text(name, "sources")["source"])


@EACH
def test_only_the_record_of_what_happened_rests_on_later_pages(name: str) -> None:
    as_of = loaded(name).settings.as_of
    assert as_of is not None
    dates = {source: last_day(date) for source, date in text(name, "sources")[["source", "date"]].to_numpy()}
    later = {source for source, day in dates.items() if day is not None and day > as_of}
    for table in set(tables(name)) - {"sources", "actuals", *STATISTICS}:
        cited = {key for cell in text(name, table)[annotation(table)] for key in cell.split(";")}
        assert not cited & later, table


@EACH
@pytest.mark.parametrize("table", sorted(KEYS))
def test_every_estimated_row_has_a_range(name: str, table: str) -> None:
    if table not in tables(name):
        pytest.skip(f"{name} has no table {table}")
    patterns = text(name, "estimates").query("table == @table")["key"].tolist()
    for row in text(name, table).query("quality == 'estimate'").to_dict("records"):
        key = "/".join(row[part] for part in KEYS[table])
        assert any(fnmatchcase(key, pattern) for pattern in patterns), key


@cache
def by_key(name: str, table: str) -> dict[str, list[dict[str, str]]]:
    """The rows of each key of a table."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in text(name, table).to_dict("records"):
        found["/".join(row[part] for part in KEYS[table])].append(row)
    return found


@EACH
def test_every_range_is_a_range_with_a_reason_and_holds_its_value(name: str) -> None:
    estimates = numbers(name, "estimates")
    assert (estimates["low"] <= estimates["high"]).all()
    assert estimates["how"].str.len().gt(10).all()
    for row in text(name, "estimates").to_dict("records"):
        if row["table"] not in KEYS or "*" in row["key"] or row["table"] == "profile_rules":
            continue
        rows = by_key(name, row["table"])[row["key"]]
        assert rows, row
        for held in rows:
            assert float(row["low"]) - 1e-9 <= float(held[row["column"]]) <= float(row["high"]) + 1e-9, row


def test_the_facts_keep_their_sources() -> None:
    for path in set(FACTS.glob("*.csv")) - {FACTS / "words_zh.csv"}:  # words, which state nothing
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert {"source", "quality"} <= set(rows.columns), path.name
        assert (rows["source"] != "").all(), path.name
