"""API routes of versions, tables and options of scenarios."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import fastapi
from fastapi import Query

from xisuan.errors import Problem
from xisuan.studio.api.schemas import Edit, Edits, Id, Options, Restore, Rows, TableName, Version, Who, problems, public
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""

    @routes.get("/scenarios/{scenario_id}/versions")
    def list_versions(who: Who, scenario_id: Id) -> list[dict[str, Any]]:
        """List versions, latest first."""
        return [public(row) for row in services.versions(who, scenario_id)]

    @routes.get("/scenarios/{scenario_id}/diff")
    def compare_versions(
        who: Who,
        scenario_id: Id,
        before: Annotated[int, Query(ge=1, le=10**6)],
        after: Annotated[int, Query(ge=1, le=10**6)],
    ) -> list[dict[str, str]]:
        """Return the differences between two versions."""
        return [dataclasses.asdict(change) for change in services.diff(who, scenario_id, before, after)]

    @routes.post("/scenarios/{scenario_id}/restore", status_code=201)
    def restore_version(who: Who, scenario_id: Id, asked: Restore) -> dict[str, Any]:
        """Create a new version with the contents of an earlier one."""
        return _saved(services.restore(who, scenario_id, asked.version, asked.base))

    @routes.get("/scenarios/{scenario_id}/tables/{table}")
    def show_table(who: Who, scenario_id: Id, table: TableName, version: Version = None) -> dict[str, Any]:
        """Return a table: columns and rows, cells as text, and the line of each row in its file."""
        return dataclasses.asdict(services.table(who, scenario_id, table, version))

    @routes.put("/scenarios/{scenario_id}/tables/{table}")
    def save_table(who: Who, scenario_id: Id, table: TableName, asked: Edit) -> dict[str, Any]:
        """Replace the rows of a table: a new version. 409 if there is a newer version than `base`."""
        return _saved(services.save_table(who, scenario_id, table, asked.rows, asked.base, asked.note))

    @routes.put("/scenarios/{scenario_id}/tables")
    def save_tables(who: Who, scenario_id: Id, asked: Edits) -> dict[str, Any]:
        """Replace the rows of several tables: one new version. 409 if there is a newer version than `base`."""
        return _saved(services.save_tables(who, scenario_id, asked.tables, asked.base, asked.note))

    @routes.post("/scenarios/{scenario_id}/tables/{table}/check")
    def check_table(who: Who, scenario_id: Id, table: TableName, asked: Rows) -> list[dict[str, Any]]:
        """Return what `check` reports for a table with these rows, without saving."""
        return problems(services.try_table(who, scenario_id, table, asked.rows))

    @routes.put("/scenarios/{scenario_id}/options")
    def save_options(who: Who, scenario_id: Id, asked: Options) -> dict[str, Any]:
        """Change options: a new version. 409 if there is a newer version than `base`."""
        return _saved(services.save_options(who, scenario_id, asked.options, asked.base, asked.note))


def _saved(found: tuple[int, list[Problem]]) -> dict[str, Any]:
    return {"version": found[0], "problems": problems(found[1])}
