"""Every verb of the command line has a function in Python, a route of the API and a control on a page of the studio."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import xisuan
from tests.studio import served
from tools.verb_faces import FACES
from xisuan.cli.main import VERBS
from xisuan.studio.dash_app import PAGE_MODULES
from xisuan.text.translation import message, translate

PAGES = Path(xisuan.__file__).parent / "studio" / "pages"


def test_every_verb_has_every_face_or_a_reason() -> None:
    assert set(FACES) == set(VERBS)
    lacking = [name for name, faces in FACES.items() if not (faces.python and faces.rest and faces.pages)]
    assert [name for name in lacking if not FACES[name].why] == []
    assert lacking == ["demo", "doctor", "studio"]


def test_every_function_is_public() -> None:
    assert {name for faces in FACES.values() for name in faces.python} <= set(xisuan.__all__)


def test_every_request_is_one_of_the_api(tmp_path: Path) -> None:
    with served.opened(tmp_path) as (services, client):
        paths = served.enter(services, client).get("/api/openapi.json").json()["paths"]
    known = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert {one for faces in FACES.values() for one in faces.rest} - known == set()


@pytest.mark.parametrize(("address", "label"), sorted({one for faces in FACES.values() for one in faces.pages}))
def test_every_control_stands_on_a_page_in_both_languages(address: str, label: str) -> None:
    path = address.replace("ID", "0" * 16).replace("TABLE", "demand")
    assert any(re.fullmatch(pattern, path) for room in PAGE_MODULES for pattern in room.ROUTES), address
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.rglob("*.py"))
    assert f'_("{label}")' in sources
    assert translate(message(label), "zh") != label
