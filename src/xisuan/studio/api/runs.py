"""Runs over the API: asked for, followed, cancelled."""

from __future__ import annotations

from typing import Annotated, Any

import fastapi
from fastapi import Query

from xisuan.studio.api.schemas import Id, Submit, Who, Work, public
from xisuan.studio.services.all_services import Desk


def add(routes: fastapi.APIRouter, desk: Desk) -> None:
    """Add them to the routes."""

    @routes.get("/runs")
    def list_runs(
        who: Who,
        scenario: Annotated[str, Query(max_length=16)] = "",
        sweep: Annotated[str, Query(max_length=16)] = "",
    ) -> list[dict[str, Any]]:
        """Runs, latest first; of one scenario or one sweep where that is given."""
        return [public(row) for row in desk.runs(who, scenario, sweep)]

    @routes.post("/scenarios/{scenario_id}/runs", status_code=202)
    def submit_run(who: Who, scenario_id: Id, asked: Submit) -> dict[str, Any]:
        """Queue the verbs asked: `id` of the first, `ids` of all. What works on a plan waits for the one before it."""
        ids = desk.submit(who, scenario_id, asked.version, asked.label, asked.asked())
        return {"id": ids[0], "ids": ids}

    @routes.post("/runs/{run_id}/then", status_code=202)
    def follow_run(who: Who, run_id: Id, asked: Work) -> dict[str, Any]:
        """Queue verbs that work on the plan of a finished run: simulate, verify, track."""
        ids = desk.follow(who, run_id, asked.asked())
        return {"id": ids[0], "ids": ids}

    @routes.get("/runs/{run_id}")
    def show_run(who: Who, run_id: Id) -> dict[str, Any]:
        """A run, with where it is: stages, last line, the solver's gap over time, expected end; or why it failed."""
        more = {"progress": desk.progress(who, run_id), "failure": desk.failure(who, run_id)}
        return {**public(desk.run(who, run_id)), **more}

    @routes.post("/runs/{run_id}/cancel", status_code=204)
    def cancel_run(who: Who, run_id: Id) -> None:
        """End a run that waits or works."""
        desk.cancel(who, run_id)

    @routes.post("/runs/{run_id}/again", status_code=204)
    def repeat_run(who: Who, run_id: Id) -> None:
        """Start a run that failed or was cancelled again."""
        desk.again(who, run_id)
