"""Run on a remote studio: upload the scenario, follow the progress, download the run folder."""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from xisuan.errors import InfeasibleError, Relief, SolverError, StoreError, XisuanError
from xisuan.progress import Report, tell
from xisuan.results.storage import sealed_folders
from xisuan.scenario import write
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

TOKEN = "XISUAN_TOKEN"
PULSE = 1.0
"""Seconds between two questions how far it is."""
PATIENCE = 60.0
"""Seconds that a server may be away (to be started again, say) before it is given up."""


class Studio:
    """Client of a studio's API; it authenticates with the token of the environment."""

    def __init__(self, address: str) -> None:
        token = os.environ.get(TOKEN, "")
        if urlsplit(address).scheme not in ("http", "https"):
            raise StoreError(f"{address} is no address of a studio; give one such as http://127.0.0.1:8050")
        if not token:
            raise StoreError(f"a studio asks who you are: make a token on its page Account and put it into {TOKEN}")
        self._address, self._token = address.rstrip("/"), token

    def ask(self, path: str, document: Mapping[str, Any] | None = None, data: bytes | None = None) -> bytes:
        """Return the answer to a request, waiting for a server that is away. Raises StoreError with the studio's
        message.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        body = data if document is None else json.dumps(document).encode()
        if body is not None:
            headers["Content-Type"] = "application/octet-stream" if document is None else "application/json"
        request = urllib.request.Request(f"{self._address}/api{path}", body, headers)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                    found: bytes = answer.read()
                    return found
            except urllib.error.HTTPError as refused:
                raise StoreError(f"{self._address}: {_words(refused)}") from None
            except (urllib.error.URLError, TimeoutError, ConnectionError) as problem:
                if body is not None or time.monotonic() > end:
                    reason = getattr(problem, "reason", problem)
                    raise StoreError(f"{self._address} does not answer: {reason}") from None
                time.sleep(PULSE)

    def document(self, path: str, document: Mapping[str, Any] | None = None, data: bytes | None = None) -> Any:
        """Return the answer to a request as JSON."""
        return json.loads(self.ask(path, document, data))


def _words(refused: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(refused.read())["message"])
    except (ValueError, KeyError, TypeError):
        return f"{refused.code} {refused.reason}"


def run(scenario: Scenario, server: str, out: Path, progress: Report) -> None:
    """Run `scenario` on the studio at `server` and put the run folder at `out`.

    Raises StoreError if the studio refuses or cannot be reached, InfeasibleError and SolverError as a local run does.
    """
    studio = Studio(server)
    tell(progress, "send", _("sending the scenario to {server}", server=server))
    name = quote(scenario.settings.name)
    made = studio.document(f"/scenarios/upload?name={name}", data=_packed(scenario))["id"]
    run_id = studio.document(f"/scenarios/{made}/runs", {"label": f"{scenario.settings.name}, by command"})["id"]
    found = _followed(studio, run_id, progress)
    if found["status"] == "failed":
        raise _failure(found)
    if found["status"] == "cancelled":
        raise StoreError(f"the run was cancelled on {server}")
    tell(progress, "fetch", _("fetching the run folder"))
    data = studio.ask(f"/runs/{run_id}/result")
    with sealed_folders.replacing(out) as fresh:
        _unpack(data, fresh)
        sealed_folders.check_seal(fresh)


def _failure(found: Mapping[str, Any]) -> XisuanError:
    """Return the error that a local run would raise."""
    answer = found["failure"] or {}
    if answer.get("error") == "infeasible":
        reliefs = [Relief(**{**one, "amounts": tuple(map(tuple, one["amounts"]))}) for one in answer["reliefs"]]
        return InfeasibleError(answer["sentence"], answer["conflict"], reliefs)
    kind = StoreError if answer.get("error") == "scenario" else SolverError
    return kind(f"on the studio: {found['reason']}")


def _followed(studio: Studio, run_id: str, progress: Report) -> dict[str, Any]:
    """Wait for the end of a run, pass its progress on, and return the run."""
    while True:
        found: dict[str, Any] = studio.document(f"/runs/{run_id}")
        if found["status"] not in ("queued", "running"):
            return found
        last = found["progress"]["last"]
        if found["status"] == "queued":
            tell(progress, "queue", _("queued, {ahead} runs before this one", ahead=found["ahead"]))
        elif last is not None:
            tell(progress, last["stage"], last["text"], last["fraction"], last["gap"])
        time.sleep(PULSE)


def _packed(scenario: Scenario) -> bytes:
    """Return the scenario with all its tables as a zip archive of its folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / scenario.settings.name
        write.write(scenario, folder)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, f"{folder.name}/{path.name}")
        return out.getvalue()


def _unpack(data: bytes, folder: Path) -> None:
    """Unpack the files of a run folder. Raises StoreError for a path outside it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise StoreError(f"the studio sent a file that leads out of the run folder: {name}")
            target = folder.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
