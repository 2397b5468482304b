"""Figures that a person has accepted in the studio: all of them are saved, or none is, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from xisuan.studio.editing import bulletin_readings
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import translate
from xisuan.tracking import statistics_folder

HEAD = "indicator,region,period_start,period_end,basis,value,unit,status,words,published,source\n"
STATIONS = "g5_base_stations,gansu,2024-12-31,2024-12-31,point,62900,1,actual,6.29万个,2025-02-10,b\n"
REVENUE = "telecom_revenue,gansu,2024-01-01,2024-12-31,cumulative,218.5,{unit},actual,218.5亿元,2025-02-10,b\n"


def test_a_changed_figure_is_saved_with_its_words(tmp_path: Path) -> None:
    folder = statistics_folder.new("gansu", tmp_path)
    done = bulletin_readings.added(HEAD + STATIONS + REVENUE.format(unit="亿元"), str(folder))
    table = done.files["observations.csv"]
    assert isinstance(table, bytes)
    assert (done.added, done.replaced) == (2, 0)
    assert "telecom_revenue,gansu,2024-01-01,2024-12-31,cumulative,21850,mCNY" in table.decode()


@pytest.mark.parametrize("rows", [STATIONS + REVENUE.format(unit="万户"), REVENUE.format(unit="万户")])
def test_a_figure_that_cannot_be_saved_is_named_and_nothing_is_saved(rows: str, tmp_path: Path) -> None:
    folder = statistics_folder.new("gansu", tmp_path)
    with pytest.raises(RefusedError) as refused:
        bulletin_readings.added(HEAD + rows, str(folder))
    assert refused.value.status == 422
    assert "218.5 万户: the unit is not one of the indicator" in str(refused.value)
    assert "218.5 万户：" in translate(refused.value.message, "zh")
