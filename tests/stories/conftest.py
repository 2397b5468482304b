"""One browser for the stories of each process of pytest; one studio and one department for those of a module.

A run that one story leaves in the queue delays those of its own module only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.report import browser

PASSWORD = "correct horse battery"
QUIET = [flag for flag in browser.QUIET if flag != "--headless"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """A browser."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="NO PLAYWRIGHT: nobody has used the pages; install it"
    )
    program = browser.need()
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def _house(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.stories.test_studio import Studio, free_port

    house = Studio(tmp_path_factory.mktemp("house"), free_port(), chromium)
    house.start()
    yield house
    house.end()
    assert house.outside == []


@pytest.fixture
def studio(_house: Any) -> Any:
    """One person's studio. A story answers for its own errors, not for those of the story before."""
    _house.errors.clear()
    return _house


@pytest.fixture(scope="module")
def state(_house: Any) -> dict[str, object]:
    """The session of the person at this computer, for further windows."""
    page = _house.visit()
    found: dict[str, object] = page.context.storage_state()
    page.context.close()
    return found


@pytest.fixture(scope="module")
def department(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A studio with the accounts of lin, an administrator, and wang, a planner."""
    from tests.stories.test_studio import Studio, free_port
    from xisuan.cli.main import invoke

    found = Studio(tmp_path_factory.mktemp("department"), free_port(), chromium, ("--name", "localhost"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XISUAN_PASSWORD", PASSWORD)
        for name, role in (("lin", "administrator"), ("wang", "planner")):
            assert invoke(["studio", "--data", str(found.folder), "--add-user", name, "--role", role]) == 0
    found.start()
    yield found
    found.end()
    assert found.outside == []
