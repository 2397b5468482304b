"""API routes of what-if questions: start one, and read the combined result of its runs."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import Path, Response

from xisuan.studio.api import answers
from xisuan.studio.api.results import document
from xisuan.studio.api.schemas import CSV, PAGE, Id, Language, Question, Theme, Who, files
from xisuan.studio.editing import what_if_runs
from xisuan.studio.services.all_services import Services

SweepId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="id of a question, as asking it gives it")]


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/scenarios/{scenario_id}/levers")
    def list_levers(who: Who, scenario_id: Id) -> list[what_if_runs.LeverRange]:
        """List the levers that have an effect in the latest version: name and range in percent."""
        return services.levers(who, scenario_id)

    @routes.post("/scenarios/{scenario_id}/sweeps", status_code=202)
    def submit_sweep(who: Who, scenario_id: Id, asked: Question) -> answers.Created:
        """Queue a run for each setting of some levers, the scenario as given first."""
        return answers.Created(id=services.sweep(who, scenario_id, asked.asked()))

    @routes.get("/sweeps/{sweep_id}")
    def show_sweep(who: Who, sweep_id: SweepId) -> list[answers.Run]:
        """Return the runs of a question, in order."""
        return answers.Run.each(services.question(who, sweep_id))

    @routes.get("/sweeps/{sweep_id}/table", response_class=Response, responses=files([CSV]))
    def show_sweep_table(who: Who, sweep_id: SweepId) -> Response:
        """Return the results of the finished runs as CSV: a row a run with its levers, figures and orders."""
        return Response(services.question_table(who, sweep_id), media_type="text/csv; charset=utf-8")

    @routes.get("/sweeps/{sweep_id}/report", response_class=Response, responses=PAGE)
    def show_sweep_report(who: Who, sweep_id: SweepId, lang: Language = "en", theme: Theme = "auto") -> Response:
        """Return the results of the finished runs as one HTML page: the page of a sweep."""
        return document(services.question_page(who, sweep_id, lang), theme)
