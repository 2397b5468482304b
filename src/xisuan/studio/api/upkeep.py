"""API routes of sharing with named people, deletion for good, and the whole queue."""

from __future__ import annotations

import dataclasses

import fastapi

from xisuan.studio.api import answers
from xisuan.studio.api.schemas import Comment, Id, ShareWith, Who
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/scenarios/{scenario_id}/people")
    def list_people(who: Who, scenario_id: Id) -> list[answers.Sharer]:
        """List the people with whom your scenario is shared by name, with their access."""
        return answers.Sharer.each(services.people(who, scenario_id))

    @routes.put("/scenarios/{scenario_id}/people", status_code=204)
    def share_with(who: Who, scenario_id: Id, asked: ShareWith) -> None:
        """Let one person view or edit your scenario, or end that."""
        services.share_with(who, scenario_id, asked.name, asked.access)

    @routes.get("/usage")
    def show_usage(who: Who) -> answers.Usage:
        """Return how many runs you have and how much room your runs and scenarios take, with the limits."""
        return answers.Usage.model_validate(dataclasses.asdict(services.usage(who)))

    @routes.get("/removed")
    def list_removed(who: Who) -> list[answers.RemovedScenario]:
        """List your removed scenarios; an administrator sees those of everybody."""
        return answers.RemovedScenario.each(services.removed(who))

    @routes.post("/removed/{scenario_id}/restore", status_code=204)
    def restore_removed(who: Who, scenario_id: Id) -> None:
        """Put a removed scenario back into the lists."""
        services.restore_removed(who, scenario_id)

    @routes.delete("/removed/{scenario_id}", status_code=204)
    def delete_scenario(who: Who, scenario_id: Id) -> None:
        """Delete a removed scenario for good, with its versions, runs and files."""
        services.delete(who, scenario_id)

    @routes.delete("/runs/{run_id}", status_code=204)
    def delete_run(who: Who, run_id: Id) -> None:
        """Delete a run that has ended for good, with its files."""
        services.delete_run(who, run_id)

    @routes.get("/runs/{run_id}/comments")
    def list_comments(who: Who, run_id: Id) -> list[answers.CommentOnRun]:
        """List the comments on a run, oldest first."""
        return answers.CommentOnRun.each(services.comments(who, run_id))

    @routes.post("/runs/{run_id}/comments", status_code=201)
    def add_comment(who: Who, run_id: Id, asked: Comment) -> answers.Created:
        """Comment on a run that you can see."""
        return answers.Created(id=services.comment(who, run_id, asked.text))

    @routes.delete("/runs/{run_id}/comments/{comment_id}", status_code=204)
    def delete_comment(who: Who, run_id: Id, comment_id: Id) -> None:
        """Delete a comment of yours; an administrator deletes any."""
        services.delete_comment(who, run_id, comment_id)

    @routes.get("/queue")
    def list_active(who: Who) -> list[answers.ActiveRun]:
        """List the queued and running runs of everybody, for an administrator."""
        return answers.ActiveRun.each(services.active(who))

    @routes.post("/queue/{run_id}/stop", status_code=204)
    def stop_run(who: Who, run_id: Id) -> None:
        """Cancel a queued or running run of anybody, as an administrator."""
        services.stop(who, run_id)
