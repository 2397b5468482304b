"""One studio for the tests that only ask, and change nothing that others see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.services.all_services import Services


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient]]:
    """Services and a client at this computer."""
    with served.opened(tmp_path_factory.mktemp("studio")) as (services, client):
        yield services, served.enter(services, client)


@pytest.fixture(scope="package")
def scenario(studio: tuple[Services, TestClient]) -> str:
    """A scenario made from `starter`."""
    return served.made(studio[1])
