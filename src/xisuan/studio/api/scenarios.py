"""API routes of scenarios."""

from __future__ import annotations

from typing import Annotated, Literal

import fastapi
from fastapi import Body, Query, Response

from xisuan.scenario.variants.provinces import province_list
from xisuan.studio.api import answers
from xisuan.studio.api.schemas import NAME, ZIP, Id, New, Share, Version, Who, attachment, files
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_types
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import scenario_versions
from xisuan.text.translation import message as _


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/shipped")
    def list_shipped() -> list[answers.Shipped]:
        """List the scenarios that come with xisuan."""
        return [
            answers.Shipped(name=name, title=en, title_zh=zh)
            for name, (en, zh) in scenario_versions.shipped_titles().items()
        ]

    @routes.get("/provinces")
    def list_provinces() -> list[answers.Province]:
        """List the provinces of China, of which each can be a scenario."""
        return [
            answers.Province(code=one.code, name=one.name, name_zh=one.name_zh) for one in province_list.provinces()
        ]

    @routes.get("/scenarios")
    def list_scenarios(who: Who) -> list[answers.Scenario]:
        """List the scenarios that are yours or shared with you."""
        return answers.Scenario.each(services.scenarios(who))

    @routes.post("/scenarios", status_code=201)
    def new_scenario(who: Who, asked: New) -> answers.Created:
        """Make a scenario from a shipped one or of a province, or copy one."""
        if sum(map(bool, (asked.base, asked.province, asked.copy_of))) != 1:
            raise RefusedError(422, _("give one of base, province and copy_of"))
        if asked.periods and not asked.province:
            raise RefusedError(422, _("periods go with a province; those of other scenarios are an option"))
        if asked.province:
            return answers.Created(id=services.new_province(who, asked.name, asked.province, asked.periods))
        if asked.copy_of:
            return answers.Created(id=services.copy(who, asked.copy_of, asked.name))
        return answers.Created(id=services.new(who, asked.name, asked.base, asked.title))

    @routes.post("/scenarios/upload", status_code=201)
    def upload_scenario(
        who: Who,
        name: Annotated[str, Query(pattern=NAME)],
        data: Annotated[bytes, Body(media_type="application/octet-stream")],
    ) -> answers.Created:
        """Make a scenario from a zip of its folder or an Excel workbook, sent as the body."""
        return answers.Created(id=services.upload(who, name, data))

    @routes.get("/scenarios/{scenario_id}")
    def show_scenario(who: Who, scenario_id: Id) -> answers.ScenarioDetails:
        """Return a scenario with its options, tables and problems."""
        more = {"options": services.options(who, scenario_id), "tables": services.tables(who, scenario_id)}
        found = answers.problems(services.problems(who, scenario_id))
        return answers.ScenarioDetails.of(services.scenario(who, scenario_id), **more, problems=found)

    @routes.delete("/scenarios/{scenario_id}", status_code=204)
    def remove_scenario(who: Who, scenario_id: Id) -> None:
        """Remove a scenario and its runs from the lists."""
        services.remove(who, scenario_id)

    @routes.put("/scenarios/{scenario_id}/sharing", status_code=204)
    def share_scenario(who: Who, scenario_id: Id, asked: Share) -> None:
        """Let others see or change a scenario."""
        services.share(who, scenario_id, asked.sharing)

    @routes.get("/scenarios/{scenario_id}/download", response_class=Response, responses=files((ZIP, job_types.XLSX)))
    def download_scenario(
        who: Who, scenario_id: Id, kind: Literal["zip", "xlsx"] = "zip", version: Version = None
    ) -> Response:
        """Download a version as a zip of its folder or an Excel workbook."""
        data = services.download(who, scenario_id, kind, version)
        name = f"{services.scenario(who, scenario_id)['name']}.{kind}"
        return attachment(data, name, ZIP if kind == "zip" else job_types.XLSX)
