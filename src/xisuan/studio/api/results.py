"""API routes of results: pages, tables and files of runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import fastapi
from fastapi import Path, Query, Response
from fastapi.responses import FileResponse
from pydantic import StringConstraints

from xisuan.exchange.export_formats import FORMATS, FormatName
from xisuan.report.takeaways.takeaway_formats import TAKEAWAYS, TakeawayName
from xisuan.studio.api import answers
from xisuan.studio.api.schemas import CSV, PAGE, PARQUET, ZIP, Id, Language, TableName, Theme, Who, attachment, files
from xisuan.studio.jobs import job_types
from xisuan.studio.jobs.run_certificates import Certified
from xisuan.studio.jobs.run_summary import Verdict
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.runs import MOST_COMPARED
from xisuan.studio.storage import scenario_versions
from xisuan.studio.web.middleware import DOCUMENT_POLICY

BRIEFS = files(one.media_type for one in TAKEAWAYS.values())
EXPORTS = files(one.media_type for one in FORMATS.values())
MOST_KEYS = 200
"""Chosen sites, classes or regions."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Keys = Annotated[Sequence[Key], Query(max_length=MOST_KEYS, description="keys; all, if none")]
RunId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
DARK = "@media (prefers-color-scheme: dark)"


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""
    _add_tables(routes, services)
    _add_pages(routes, services)
    _add_charts(routes, services)
    _add_documents(routes, services)


def _add_tables(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/runs/{run_id}/result", response_class=Response, responses=files([ZIP]))
    def download_result(who: Who, run_id: Id) -> Response:
        """Download the run folder of a finished run as a zip."""
        return attachment(services.result(who, run_id), "result.zip", ZIP)

    @routes.get("/runs/{run_id}/tables")
    def list_run_tables(who: Who, run_id: Id) -> list[str]:
        """List the tables of a finished run."""
        return services.run_tables(who, run_id)

    @routes.get("/runs/{run_id}/tables/{table}", response_class=Response, responses=files((CSV, PARQUET)))
    def show_run_table(
        who: Who, run_id: Id, table: TableName, form: Annotated[Literal["csv", "parquet"], Query()] = "csv"
    ) -> Response:
        """Return a table of a finished run as CSV or Parquet."""
        path = services.file(who, run_id, f"{table}.parquet")
        if form == "parquet":
            return attachment(path.read_bytes(), path.name, PARQUET)
        frame = scenario_versions.parquet(path.parent, table)
        return attachment(frame.to_csv(index=False).encode(), f"{table}.csv", f"{CSV}; charset=utf-8")


def _add_pages(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/runs/{run_id}/report", response_class=Response, responses=PAGE)
    def show_report(who: Who, run_id: Id, lang: Language = "en", theme: Theme = "auto") -> Response:
        """Return the result of a run as one HTML page: report, simulation, verification or tracking."""
        return document(services.page(who, run_id, lang), theme)

    @routes.get("/runs/{run_id}/map", response_class=Response, responses=PAGE)
    def show_map(who: Who, run_id: Id, lang: Language = "en", theme: Theme = "auto") -> Response:
        """Return the hourly map as one self-contained HTML page."""
        return document(services.moving_map(who, run_id, lang), theme)

    @routes.get(
        "/runs/{run_id}/brief/{kind}",
        response_class=Response,
        responses=BRIEFS,
    )
    def download_brief(who: Who, run_id: Id, kind: TakeawayName, lang: Language = "en") -> Response:
        """Download the brief of a run as a Word document, as slides or as a PDF."""
        return attachment(
            services.takeaway(who, run_id, kind, lang), f"brief.{lang}.{kind}", TAKEAWAYS[kind].media_type
        )

    @routes.get("/runs/{run_id}/beside/{other_id}", response_class=Response, responses=PAGE)
    def show_comparison(who: Who, run_id: Id, other_id: Id, lang: Language = "en", theme: Theme = "auto") -> Response:
        """Return the page with the differences of the run from `other_id`."""
        return document(services.compare(who, (other_id, run_id), lang), theme)

    @routes.get("/compare", response_class=Response, responses=PAGE)
    def compare_runs(
        who: Who,
        runs: Annotated[
            list[RunId], Query(min_length=2, max_length=MOST_COMPARED, description="the first is the base")
        ],
        lang: Language = "en",
        theme: Theme = "auto",
    ) -> Response:
        """Return the page that compares two to six runs with the first of them, beginning with a brief."""
        return document(services.compare(who, runs, lang), theme)


def _add_charts(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/charts", response_class=Response, responses=files(("text/html", CSV)))
    def show_charts(
        who: Who,
        runs: Annotated[list[RunId], Query(min_length=1, max_length=MOST_COMPARED)],
        sites: Keys = (),
        classes: Keys = (),
        regions: Keys = (),
        members: Keys = (),
        lang: Language = "en",
        theme: Theme = "auto",
        form: Annotated[Literal["html", "csv"], Query(description="page, or values as CSV")] = "html",
    ) -> Response:
        """Return the charts of one to six runs for chosen sites, classes and regions; several runs are overlaid.

        A run for several futures is drawn as its members: those named, or all.
        """
        chosen = {"sites": sites, "classes": classes, "regions": regions}
        found = services.charts(who, runs, chosen, lang, form, members)
        if form == "csv":
            return attachment(b"\xef\xbb\xbf" + found.encode(), "charts.csv", "text/csv; charset=utf-8")
        return document(found, theme)


def _add_documents(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/runs/{run_id}/document")
    def show_document(who: Who, run_id: Id) -> dict[str, Any]:
        """Return the result of a run as the command's --json prints it."""
        return services.document(who, run_id)

    @routes.get("/runs/{run_id}/verdict")
    def show_verdict(who: Who, run_id: Id, lang: Language = "en") -> Verdict:
        """Return the headline of a finished run: main figures and sentences."""
        return services.verdict(who, run_id, lang)

    @routes.get("/runs/{run_id}/export", response_class=Response, responses=EXPORTS)
    def export_run(who: Who, run_id: Id, to: Annotated[FormatName, Query(description="format")]) -> Response:
        """Download the plan of a finished run for another tool, as `xisuan export` writes it."""
        kind = FORMATS[to]
        return attachment(services.export(who, run_id, to), kind.download, kind.media_type)

    @routes.post("/runs/{run_id}/certify")
    def certify_run(who: Who, run_id: Id) -> answers.Recheck:
        """Check a finished run again from its files alone, as `xisuan certify` does."""
        holds, findings = services.recheck(who, run_id)
        return answers.Recheck(ok=holds, findings=findings)

    @routes.get("/runs/{run_id}/certificates")
    def show_certificates(who: Who, run_id: Id) -> list[Certified]:
        """Return the certificates of a finished run: of its plan and of each operation, with the largest violation."""
        return services.certificates(who, run_id)

    @routes.get(
        "/runs/{run_id}/files/{file}",
        response_class=FileResponse,
        responses=files(job_types.KINDS.values()),
    )
    def download_file(
        who: Who, run_id: Id, file: Annotated[str, Path(pattern=r"^[a-z_.]{1,40}$", description="name of a file")]
    ) -> FileResponse:
        """Download a file of a finished run."""
        path = services.file(who, run_id, file if file in job_types.KINDS else "")
        return FileResponse(path, media_type=job_types.KINDS[file], filename=file)


INSIDE = """<script>
if (parent !== window) {
  const tell = () => parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height) + 32 }, "*");
  new ResizeObserver(tell).observe(document.body);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (target) setTimeout(() => parent.postMessage({ top: target.getBoundingClientRect().top + scrollY }, "*"), 50);
  });
}
</script>"""
"""Script of a report in a page of the studio: it tells its height, and where a link inside it leads."""
LEFT_OUT = re.compile(
    r'<p class="beside">.*?</p>|<a class="tongue".*?</a>|<meta http-equiv="Content-Security-Policy"[^>]*>', flags=re.S
)
"""Parts of a page that is a file: links to its file in the other language, and its content policy. The studio has a
language switch and a policy of its own."""


def document(html: str, theme: Theme) -> Response:
    """Return a self-contained HTML page whose content policy allows only its own script.

    It follows the system's theme unless another theme is chosen.
    """
    html = LEFT_OUT.sub("", html).replace("</body>", f"{INSIDE}</body>", 1)
    if theme != "auto":
        html = html.replace(DARK, "@media all" if theme == "dark" else "@media not all")
        html = html.replace("color-scheme: light dark", f"color-scheme: {theme}")
    return Response(html, media_type="text/html; charset=utf-8", headers={"content-security-policy": DOCUMENT_POLICY})
