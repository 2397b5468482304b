"""API routes of bulletins: read one, show it for review, add accepted figures."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import Body, Path, Query, Response

from xisuan.studio.api import answers
from xisuan.studio.api.results import document
from xisuan.studio.api.schemas import PAGE, Id, Language, Theme, Who
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.post("/scenarios/{scenario_id}/read", status_code=201)
    def read_bulletin(
        who: Who,
        scenario_id: Id,
        name: Annotated[str, Query(min_length=1, max_length=200, description="name of the file")],
        data: Annotated[bytes, Body(media_type="application/octet-stream")],
        published: Annotated[str, Query(max_length=10, description="day of publication, YYYY-MM-DD")] = "",
        region: Annotated[str, Query(max_length=64, description="region of a text that names none")] = "",
    ) -> answers.Reading:
        """Read a bulletin, sent as the body: its figures as `read --json` gives them, and the id of its review page."""
        reading_id, found = services.read_bulletin(who, scenario_id, data, name, published, region)
        return answers.Reading(id=reading_id, **found.document)

    @routes.get("/scenarios/{scenario_id}/readings/{reading_id}", response_class=Response, responses=PAGE)
    def show_reading(
        who: Who,
        scenario_id: Id,
        reading_id: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")],
        lang: Language = "en",
        theme: Theme = "auto",
    ) -> Response:
        """Return the page on which the figures of a bulletin are accepted, changed or rejected."""
        return document(services.reading(who, scenario_id, reading_id, lang), theme)

    @routes.post("/scenarios/{scenario_id}/observations", status_code=201)
    def add_observations(
        who: Who,
        scenario_id: Id,
        rows: Annotated[bytes, Body(media_type="text/csv")],
        base: Annotated[int, Query(ge=1, le=10**6, description="version that the rows are added to")],
    ) -> answers.Saved:
        """Add accepted figures, a table of observations as CSV: a new version. 409 if there is a newer one."""
        text = rows.decode("utf-8-sig", "replace")
        return answers.saved(services.add_observations(who, scenario_id, text, base))
