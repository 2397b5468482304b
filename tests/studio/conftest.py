"""One studio for the tests that only ask, and change nothing that others see."""

from __future__ import annotations

from collections.abc import Iterator

import argon2
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio import auth
from xisuan.studio.services.all_services import Services

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="package", autouse=True)
def _passwords_hashed_cheaply() -> Iterator[None]:
    """Hash passwords at the least cost: at the real one, which `test_passwords_are_kept_by_argon2` states, the tests of
    accounts spend five sixths of their time on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "_hasher", lambda: CHEAP)
        yield


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient]]:
    """Services and a client at this computer."""
    with served.opened(tmp_path_factory.mktemp("studio")) as (services, client):
        yield services, served.enter(services, client)


@pytest.fixture(scope="package")
def scenario(studio: tuple[Services, TestClient]) -> str:
    """A scenario made from `starter`."""
    return served.made(studio[1])
