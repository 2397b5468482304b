"""API routes of runs: submit, follow, cancel."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import Query

from xisuan.studio.api import answers
from xisuan.studio.api.schemas import Id, Submit, TraceJob, Who, Work
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/runs")
    def list_runs(
        who: Who,
        scenario: Annotated[str, Query(max_length=16)] = "",
        sweep: Annotated[str, Query(max_length=16)] = "",
    ) -> list[answers.Run]:
        """List runs, latest first, optionally of one scenario or one sweep."""
        return answers.Run.each(services.runs(who, scenario, sweep))

    @routes.post("/scenarios/{scenario_id}/runs", status_code=202)
    def submit_run(who: Who, scenario_id: Id, asked: Submit) -> answers.Queued:
        """Queue verbs: `id` of the first run, `ids` of all. A verb that needs a plan waits for the run before it."""
        ids = services.submit(who, scenario_id, asked.version, asked.label, asked.asked())
        return answers.Queued(id=ids[0], ids=ids)

    @routes.post("/scenarios/{scenario_id}/trace", status_code=202)
    def simulate_trace(who: Who, scenario_id: Id, asked: TraceJob) -> answers.Created:
        """Queue the simulation of the jobs of a trace."""
        return answers.Created(id=services.simulate_trace(who, scenario_id, asked.name, asked.content(), asked.options))

    @routes.post("/runs/{run_id}/then", status_code=202)
    def follow_run(who: Who, run_id: Id, asked: Work) -> answers.Queued:
        """Queue verbs that work on the plan of a finished run: operate, alternatives, simulate, verify, track."""
        ids = services.follow(who, run_id, asked.asked())
        return answers.Queued(id=ids[0], ids=ids)

    @routes.get("/runs/{run_id}")
    def show_run(who: Who, run_id: Id) -> answers.RunDetails:
        """Return a run with its progress: stages, last line, gap over time, estimated end, or reason of failure."""
        row = services.run(who, run_id)
        more = {"progress": services.progress(who, row), "failure": services.failure(who, run_id)}
        return answers.RunDetails.of(row, **more)

    @routes.post("/runs/{run_id}/cancel", status_code=204)
    def cancel_run(who: Who, run_id: Id) -> None:
        """Cancel a queued or running run."""
        services.cancel(who, run_id)

    @routes.post("/runs/{run_id}/again", status_code=204)
    def repeat_run(who: Who, run_id: Id) -> None:
        """Queue a failed or cancelled run again."""
        services.again(who, run_id)
