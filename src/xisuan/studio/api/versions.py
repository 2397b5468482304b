"""API routes of versions, tables and options of scenarios."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import Query, Response

from xisuan.studio.api import answers
from xisuan.studio.api.schemas import (
    CSV,
    Edit,
    Edits,
    Id,
    Options,
    Restore,
    Rows,
    TableName,
    Version,
    Who,
    attachment,
    files,
)
from xisuan.studio.editing import version_diff
from xisuan.studio.jobs import job_types
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.versions import Table, TableForm


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/scenarios/{scenario_id}/versions")
    def list_versions(who: Who, scenario_id: Id) -> list[answers.Version]:
        """List versions, latest first."""
        return answers.Version.each(services.versions(who, scenario_id))

    @routes.get("/scenarios/{scenario_id}/diff")
    def compare_versions(
        who: Who,
        scenario_id: Id,
        before: Annotated[int, Query(ge=1, le=10**6)],
        after: Annotated[int, Query(ge=1, le=10**6)],
    ) -> list[version_diff.Change]:
        """Return the differences between two versions."""
        return services.diff(who, scenario_id, before, after)

    @routes.post("/scenarios/{scenario_id}/restore", status_code=201)
    def restore_version(who: Who, scenario_id: Id, asked: Restore) -> answers.Saved:
        """Create a new version with the contents of an earlier one."""
        return answers.saved(services.restore(who, scenario_id, asked.version, asked.base))

    @routes.get("/scenarios/{scenario_id}/tables/{table}")
    def show_table(who: Who, scenario_id: Id, table: TableName, version: Version = None) -> Table:
        """Return a table: columns and rows, cells as text, and the line of each row in its file."""
        return services.table(who, scenario_id, table, version)

    @routes.get(
        "/scenarios/{scenario_id}/tables/{table}/file", response_class=Response, responses=files((CSV, job_types.XLSX))
    )
    def download_table(
        who: Who, scenario_id: Id, table: TableName, form: TableForm = "csv", version: Version = None
    ) -> Response:
        """Download a table as CSV or as an Excel workbook."""
        data = services.table_file(who, scenario_id, table, form, version)
        name = f"{services.scenario(who, scenario_id)['name']}-{table}.{form}"
        return attachment(data, name, f"{CSV}; charset=utf-8" if form == "csv" else job_types.XLSX)

    @routes.put("/scenarios/{scenario_id}/tables/{table}")
    def save_table(who: Who, scenario_id: Id, table: TableName, asked: Edit) -> answers.Saved:
        """Replace the rows of a table: a new version. 409 if there is a newer version than `base`."""
        return answers.saved(services.save_table(who, scenario_id, table, asked.rows, asked.base, asked.note))

    @routes.put("/scenarios/{scenario_id}/tables")
    def save_tables(who: Who, scenario_id: Id, asked: Edits) -> answers.Saved:
        """Replace the rows of several tables: one new version. 409 if there is a newer version than `base`."""
        return answers.saved(services.save_tables(who, scenario_id, asked.tables, asked.base, asked.note))

    @routes.post("/scenarios/{scenario_id}/tables/{table}/check")
    def check_table(who: Who, scenario_id: Id, table: TableName, asked: Rows) -> list[answers.ProblemFound]:
        """Return what `check` reports for a table with these rows, without saving."""
        return answers.problems(services.try_table(who, scenario_id, table, asked.rows))

    @routes.put("/scenarios/{scenario_id}/options")
    def save_options(who: Who, scenario_id: Id, asked: Options) -> answers.Saved:
        """Change options: a new version. 409 if there is a newer version than `base`."""
        return answers.saved(services.save_options(who, scenario_id, asked.options, asked.base, asked.note))
