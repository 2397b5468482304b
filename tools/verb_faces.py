"""Verbs of xisuan and where each is found: command line, Python, REST API, pages of the studio."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.studio.jobs.job_options import LONGEST_ROWS, Option


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces of one verb.

    `python`: names in `xisuan`. `rest`: routes of the API as METHOD /path. `pages`: address pattern of a page of the
    studio and the English label of the control on it. `why`: reason for a face that the verb has not.
    """

    python: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    why: str = ""


_RUNS = "POST /api/scenarios/{scenario_id}/runs"
_THEN = "POST /api/runs/{run_id}/then"
_RUN_PAGE = "/runs/ID"

FACES: dict[str, Faces] = {
    "run": Faces(("run", "run_two_stage"), (_RUNS,), (("/scenarios/ID", "Run"),)),
    "new": Faces(("new",), ("POST /api/scenarios",), (("/", "New scenario"),)),
    "show": Faces(
        ("load",),
        ("GET /api/scenarios/{scenario_id}/tables/{table}", "GET /api/scenarios/{scenario_id}/tables/{table}/file"),
        (("/scenarios/ID/tables/TABLE", "Tables"), ("/scenarios/ID/tables/TABLE", "Download (CSV)")),
    ),
    "check": Faces(
        ("examine",),
        ("POST /api/scenarios/{scenario_id}/tables/{table}/check",),
        (("/scenarios/ID/tables/TABLE", "Check"),),
    ),
    "plan": Faces(("plan", "two_stage"), (_RUNS,), (("/scenarios/ID", "Quick run"),)),
    "certify": Faces(("certify_run",), ("POST /api/runs/{run_id}/certify",), ((_RUN_PAGE, "Check again"),)),
    "operate": Faces(("operate",), (_THEN,), ((_RUN_PAGE, "Operate on other hours"),)),
    "simulate": Faces(
        ("simulate", "serve"),
        (_THEN, "POST /api/scenarios/{scenario_id}/trace"),
        ((_RUN_PAGE, "Simulate jobs"), ("/scenarios/ID", "Simulate a trace")),
    ),
    "verify": Faces(("verify",), (_THEN,), ((_RUN_PAGE, "Simulate failures"),)),
    "alternatives": Faces(("alternatives",), (_THEN,), ((_RUN_PAGE, "Find alternatives"),)),
    "sweep": Faces(
        ("sweep",), ("POST /api/scenarios/{scenario_id}/sweeps",), (("/scenarios/ID/whatif", "Start the runs"),)
    ),
    "read": Faces(
        ("read_bulletin",), ("POST /api/scenarios/{scenario_id}/read",), (("/scenarios/ID/read", "Read a bulletin"),)
    ),
    "track": Faces(
        ("track",),
        (_RUNS, _THEN),
        (("/scenarios/ID", "Track indicators"), (_RUN_PAGE, "Track indicators")),
    ),
    "compare": Faces(
        ("compare", "write_comparison"),
        ("GET /api/compare", "GET /api/runs/{run_id}/beside/{other_id}"),
        (("/compare", "Compare"), (_RUN_PAGE, "Compare with another run")),
    ),
    "report": Faces(("write_report",), ("GET /api/runs/{run_id}/report",), ((_RUN_PAGE, "Report"),)),
    "export": Faces(("load_run",), ("GET /api/runs/{run_id}/export",), ((_RUN_PAGE, "Export"),)),
    "demo": Faces(("run",), why="a `run` of `guizhou` is the same work"),
    "doctor": Faces(why="it tests the installation of the machine where it is called"),
    "studio": Faces(("serve",), why="the studio is started before its API and its pages can be used"),
}
"""Verb of the command line → its other faces."""


def values(one: Option) -> str:
    """Return the values that an option may have."""
    if one.choices:
        return ", ".join(one.choices)
    if one.kind in ("whole", "number"):
        return f"{one.low:g} to {one.high:g}"
    return {
        "flag": "true, false",
        "day": "YYYY-MM-DD",
        "hours": "year, weeks:N, days:N, hours:N, one",
        "text": f"such as {one.example}",
        "names": f"list of {one.example}",
        "texts": f"list of texts such as {one.example}",
        "rows": f"rows of a CSV file with the columns {one.example}, at most {LONGEST_ROWS:,} characters",
    }[one.kind]
