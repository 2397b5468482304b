"""Exports of a run's plan to the formats of other tools, as bytes of one file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xisuan.exchange.export_formats import FORMATS, FormatName
from xisuan.extras import MissingExtraError
from xisuan.results.storage import run_store
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import downloads
from xisuan.text.translation import message as _


def export(result: str, name: FormatName) -> bytes:
    """Return the plan of a run folder in a format. Raises RefusedError if its library is not installed."""
    found, kind = run_store.load_run(result), FORMATS[name]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / kind.download
        target = path if kind.endings else path.with_suffix("")
        try:
            kind.write(found, target)
        except MissingExtraError as missing:
            problem = _("{package} is not installed on this server", package=missing.package)
            raise RefusedError(409, problem) from None
        return path.read_bytes() if kind.endings else downloads.folder_zip(target)
