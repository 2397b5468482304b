"""English prose and bulletins, one way of saying things a case: what each figure is, and which are none of a region."""

from __future__ import annotations

import pytest

from tests.indicators.corpus import Bulletin, bulletins, key
from xisuan.indicators.reading.bulletins import read_text


@pytest.mark.parametrize("case", [*bulletins("prose_en"), *bulletins("official_en")], ids=lambda case: case.name)
def test_what_is_read_is_just_what_is_said(case: Bulletin) -> None:
    """A case that expects nothing holds figures that are left over."""
    seen = {key(one): one for one in read_text(case.text).observations}
    assert set(seen) == {known for known, _ in case.expected}
    for known, extra in case.expected:
        said = {"g": seen[known].growth_pct, "s": seen[known].share_pct, "r": seen[known].rank}
        assert {name: said[name] for name in extra} == extra
