"""Result of a run on its page: report, downloads, certificates, and jobs that use its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from xisuan.exchange.export_formats import FORMATS
from xisuan.report import terms
from xisuan.report.confidence.certificates import power_of_ten
from xisuan.report.takeaways.takeaway_formats import TAKEAWAYS
from xisuan.scenario.queries import subject_tables
from xisuan.studio import labels
from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_types
from xisuan.studio.jobs.run_certificates import Certified
from xisuan.studio.pages import compare, page_components
from xisuan.studio.pages.work import option_form
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Message, Series, Translator, in_context
from xisuan.text.translation import message as _

VERDICTS: Mapping[str, Message] = {
    "robust": _("robust"),
    "interchangeable": in_context("cli", "interchangeable"),
    "none": in_context("cli", "nothing built"),
}
"""Verdict on a build."""
OPERATIONS: Mapping[str, Message] = {
    "plan": _("plan"),
    "schedule": _("planned hours"),
    "others": _("other days"),
    "week": _("typical week"),
}
"""What a certificate is of."""
FOLLOWING: Mapping[str, Message] = {
    "operate": _("Operate on other hours"),
    "alternatives": _("Find alternatives"),
    "simulate": _("Simulate jobs"),
    "verify": _("Simulate failures"),
    "track": _("Track indicators"),
}
"""Jobs that use the plan of a run."""
KINDS = {True: "done", False: "failed", None: "noted"}
"""Style of a certificate that holds, fails, or does not exist."""
REPORT, WORKBOOK = _("Report (HTML)"), _("Tables (Excel)")
"""Formats of the brief to download."""
FILES = {
    ("run", "en"): ((REPORT, "report.html"), (WORKBOOK, "tables.xlsx")),
    ("run", "zh"): ((REPORT, "report.zh.html"), (WORKBOOK, "tables.xlsx")),
    ("track", ""): ((_("Observations (CSV)"), "observed.csv"),),
}
"""Files of a finished run to download, by verb and language of the page; its tables are added to them."""


def result(now: Asking, services: Services, person: Person, row: Row) -> list[Any]:
    """Return the result of a run: report, files, jobs that use its plan, and links to other runs for comparison."""
    say = now.say
    if row["verb"] == job_types.ALTERNATIVES.name:
        titles = services.asset_titles(person, row["scenario_id"], row["version"], now.language)
        return [_alternatives(say, services.document(person, row["id"]), titles)]
    here, seen = f"/api/runs/{row['id']}", f"?lang={now.language}&theme={now.theme}"
    planned = row["verb"] == job_types.RUN.name
    single = planned and not services.several(person, row["id"])
    tools = [_files(now, services, person, row), *(_beside(say, services, person, row, single) if planned else [])]
    head = html.Div(tools, className="line spread")
    report = page_components.report_frame(say, f"{here}/report{seen}", say(_("Report")))
    if not planned:
        return [head, report]
    tabs = dmc.Tabs(
        [
            dmc.TabsList(
                [dmc.TabsTab(say(_("Report")), value="report"), dmc.TabsTab(say(_("Hourly map")), value="map")]
            ),
            dmc.TabsPanel(report, value="report"),
            dmc.TabsPanel(
                page_components.report_frame(say, f"{here}/map{seen}", say(_("Hourly map")), whole=False), value="map"
            ),
        ],
        value="report",
        keepMounted=False,
    )
    more = [_after(now, services, person, row)] if single else []
    checked = certified(say, services.certificates(person, row["id"]))
    return [head, html.Div(id="then-said", role="alert"), *checked, *more, tabs]


def _alternatives(say: Translator, found: Mapping[str, Any], titles: Mapping[str, str]) -> Any:
    """Return the smallest and the largest size of each capacity among all plans near the optimum.

    `titles`: code → title of sites, links and technologies.
    """
    heads = [_("asset"), _("where"), _("technology"), _("verdict"), _("unit"), _("planned"), _("least"), _("most")]
    rows = [
        [
            say(terms.named(terms.ASSETS, one["asset"])),
            titles.get(one["where"], one["where"]),
            titles.get(one["technology"], one["technology"]),
            say(VERDICTS[one["verdict"]]),
            one["unit"],
            *(f"{one[name]:,.4g}" for name in ("planned", "least", "most")),
        ]
        for one in found["alternatives"]
    ]
    lead = say(
        _(
            "Sizes of each build in all plans that cost at most {share:.3g} % more. A robust build keeps half of its "
            "size in each of them; an interchangeable one can be replaced.",
            share=100 * found["within"],
        )
    )
    wrong = (
        [] if found["certificate_ok"] is not False else [page_components.note(say(_("The plan's certificate fails.")))]
    )
    table = page_components.table([say(head) for head in heads], rows, say(_("Nothing is built in this plan.")))
    return html.Section([html.P(lead, className="lead"), *wrong, table])


def certified(say: Translator, found: Sequence[Certified]) -> list[Any]:
    """Return the certificates of the plan and its operations as badges, with an alarm and its findings if one fails."""
    wrong = [one for one in found if one.ok is False]
    alarm = [html.Li([f"{_operation(say, one)}: ", say(Series(tuple(one.findings)))]) for one in wrong]
    badges = [html.Span(_checked(say, one), className=f"badge {KINDS[one.ok]}") for one in found]
    line = html.Div(
        [html.Span(say(_("Independent check:")), className="soft"), *badges], className="line", id="run-certified"
    )
    again = page_components.button(say(_("Check again")), "run-recheck", size="compact-sm")
    line.children = [*line.children, again, html.Span(id="run-rechecked", role="status")]
    return [
        line,
        *(
            [
                page_components.note(
                    html.Ul(alarm), title=say(_("Do not use the figures of a failed check before its cause is known"))
                )
            ]
            if wrong
            else []
        ),
    ]


def _operation(say: Translator, one: Certified) -> str:
    name = say(OPERATIONS[one.of])
    return f"{one.member} · {name}" if one.member else name


def _checked(say: Translator, one: Certified) -> str:
    """Return the text of one certificate's badge."""
    if one.ok is None:
        return say(_("{what}: not checked", what=_operation(say, one)))
    what = _operation(say, one)
    most = "–" if one.max_violation is None else power_of_ten(one.max_violation)
    return say(
        _("{what}: passed, {violation}", what=what, violation=most)
        if one.ok
        else _("{what}: FAILED, {violation}", what=what, violation=most)
    )


def _files(now: Asking, services: Services, person: Person, row: Row) -> Any:
    """Return download links: the page, workbook or observations, and the tables as Parquet."""
    say, here = now.say, f"/api/runs/{row['id']}"
    own = FILES.get((row["verb"], now.language), FILES.get((row["verb"], ""), ()))
    files = [page_components.download(say(label), f"{here}/files/{name}") for label, name in own]
    if row["verb"] == job_types.RUN.name:
        files += [
            page_components.download(
                say(one.label), f"{here}/brief/{kind}?lang={now.language}", f"brief.{now.language}.{kind}"
            )
            for kind, one in TAKEAWAYS.items()
        ]
    else:
        name = f"{row['verb']}.{now.language}.html"
        files.insert(0, page_components.download(say(_("Report (HTML)")), f"{here}/report?lang={now.language}", name))
    if row["verb"] == job_types.RUN.name and not services.several(person, row["id"]):
        links = [page_components.download(one.title, f"{here}/export?to={name}") for name, one in FORMATS.items()]
        files.append(html.Details([html.Summary(say(_("Export"))), html.Div(links, className="files")]))
    tables = [
        page_components.download(name, f"{here}/tables/{name}?form=parquet")
        for name in services.run_tables(person, row["id"])
    ]
    if tables:
        files.append(html.Details([html.Summary(say(_("Tables (Parquet)"))), html.Div(tables, className="files")]))
    return html.Div(files, className="files")


def _beside(say: Translator, services: Services, person: Person, row: Row, single: bool) -> list[Any]:
    """Return the link to the charts with a filter, and the choice of another finished run to compare with, if any.

    A run for several futures, which is not `single`, has no plan to compare.
    """
    rows = services.comparable(person) if single else []
    others = compare.choices(say, [one for one in rows if one["id"] != row["id"]])
    words = say(_("Compare with another run"))
    choice = dmc.Select(id="beside", data=others, placeholder=words, searchable=True, **{"aria-label": words})
    charts = page_components.link(say(_("Charts by site, class and region")), f"/runs/{row['id']}/charts")
    return [html.Div([charts, *([choice] if others else [])], className="line")]


def _after(now: Asking, services: Services, person: Person, row: Row) -> Any:
    """Return the jobs that use a run's plan, and buttons for more; indicators only if it has figures of them."""
    say = now.say
    done = [
        html.Span(
            [
                page_components.link(say(labels.VERBS[one["verb"]]), f"/runs/{one['id']}"),
                " ",
                page_components.badge(say, one["status"]),
            ]
        )
        for one in services.followers(person, row["id"])
    ]
    line = html.Div([html.Span(say(_("With this plan:")), className="soft"), *done], className="line after")
    if not person.plans:
        return line
    tables = services.tables(person, row["scenario_id"], row["version"])
    tracks = subject_tables.can_be_tracked(lambda table: table in tables)
    able = [name for name, verb in job_types.VERBS.items() if verb.plan and (name != job_types.TRACK.name or tracks)]
    buttons = [page_components.button(say(FOLLOWING[name]), {"then": name}, size="compact-sm") for name in able]
    line.children = [line.children[0], *buttons, *done]
    known = services.choices(person, row["scenario_id"], row["version"])
    forms = [part for name in able for part in (html.H3(say(FOLLOWING[name])), option_form.form(say, name, known))]
    return html.Div([line, html.Details([html.Summary(say(_("Options of these jobs"))), *forms])])
