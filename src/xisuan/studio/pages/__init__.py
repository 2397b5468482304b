"""The pages: what people see of the desk."""

from __future__ import annotations

import fastapi

from xisuan.studio.desk import Desk


def install(app: fastapi.FastAPI, desk: Desk) -> tuple[str, ...]:
    """Add the pages to the server; the hashes of their inline scripts."""
    return ()
