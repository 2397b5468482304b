"""Comparison page of two runs, drawn by the report."""

from __future__ import annotations

from typing import Any

import dash

from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_names
from xisuan.studio.pages import page_components
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import message as _


def page(
    now: Asking, services: Services, person: Person, query: dict[str, str], run_id: str, other_id: str
) -> list[Any]:
    """Return the page that compares a run with another."""
    say = now.say
    rows = [services.run(person, each) for each in (run_id, other_id)]
    names = [page_components.link(job_names.run_name(say, row), f"/runs/{row['id']}") for row in rows]
    page = f"/api/runs/{run_id}/beside/{other_id}?lang={now.language}&theme={now.theme}"
    return [
        page_components.heading(say(_("Comparison")), kicker=[names[0], say(_(" and ")), names[1]]),
        page_components.report_frame(say, page, say(_("Comparison"))),
    ]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register no callbacks: the page has nothing to click."""


ROUTES = {r"/runs/(?P<run_id>[0-9a-f]{16})/beside/(?P<other_id>[0-9a-f]{16})": page}
