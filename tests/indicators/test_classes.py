"""Ways of saying things, one by one: what each figure is, read by hand, and which figures are none and must be left over."""

from __future__ import annotations

import pytest

from tests.indicators.corpus import Bulletin, bulletins, key
from xisuan.indicators.reading.bulletins import read_text


@pytest.mark.parametrize("case", bulletins("classes"), ids=lambda case: case.name)
def test_what_is_read_is_just_what_is_said(case: Bulletin) -> None:
    """A case that expects nothing holds figures that are left over."""
    seen = {key(one): one for one in read_text(case.text).observations}
    assert set(seen) == {known for known, _ in case.expected}
    for known, extra in case.expected:
        said = {"g": seen[known].growth_pct, "s": seen[known].share_pct, "r": seen[known].rank}
        assert {name: said[name] for name in extra} == extra


@pytest.mark.parametrize(
    ("said", "day"), [("11.19.2023", "2023-11-19"), ("19/11/2023", "2023-11-19"), ("11/05/2023", None)]
)
def test_days_in_figures_are_read_where_they_have_one_meaning(said: str, day: str | None) -> None:
    seen = read_text(f"Published: {said}\nGuizhou has 49 key data centers.").observations
    assert [one.period_end for one in seen] == ([day] if day else [])
