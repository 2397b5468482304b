"""One studio for the tests that only ask, and change nothing that others see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.services.all_services import Desk


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, TestClient]]:
    """Desk and a client at this computer."""
    with served.opened(tmp_path_factory.mktemp("studio")) as (desk, client):
        yield desk, served.enter(desk, client)


@pytest.fixture(scope="package")
def scenario(studio: tuple[Desk, TestClient]) -> str:
    """A scenario made from `starter`."""
    return served.made(studio[1])
