"""CSV files open in Excel and in everything else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.workflow.planned import pair_plan
from xisuan.exchange.csv_tables import write_csv


def test_every_table_has_its_file(tmp_path: Path) -> None:
    """With a mark that tells Excel the encoding, and the numbers exact."""
    plan = pair_plan()
    paths = write_csv(plan, tmp_path / "out")
    assert {path.stem for path in paths} == set(plan.tables)
    assert (tmp_path / "out" / "builds.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(tmp_path / "out" / "builds.csv", keep_default_na=False)
    assert back["amount"].tolist() == plan.tables["builds"]["amount"].tolist()
