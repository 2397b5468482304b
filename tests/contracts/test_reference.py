"""The generated reference pages are what the code says today, and cover all of it."""

import pytest

from tools import reference
from xisuan.scenario import settings


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_a_page_is_up_to_date(name: str) -> None:
    """Run `make docs` and commit the pages where this fails."""
    page = reference.FOLDER / f"{name}.md"
    assert page.read_text(encoding="utf-8") == reference.PAGES[name]()


def test_every_option_is_documented() -> None:
    """Each field of the settings, and of its sections, has a line."""
    documented = {option.name for option in settings.OPTIONS}
    fields = set(settings.Settings.__dataclass_fields__) - {"plan", "risk", "report"}
    fields |= {f"plan.{name}" for name in settings.PlanOptions.__dataclass_fields__}
    fields |= {f"risk.{name}" for name in settings.RiskOptions.__dataclass_fields__}
    fields |= {f"report.{name}" for name in settings.ReportOptions.__dataclass_fields__}
    assert fields == documented
