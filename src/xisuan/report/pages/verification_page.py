"""When something fails: what cannot be served, what comes late, what the day costs, and the cheapest spare."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.report.confidence import certificates
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled
from xisuan.report.words import Words
from xisuan.results.verification import Verification
from xisuan.text.numbers import MISSING, Figures, plain
from xisuan.text.translation import Language

SENTENCES, PLACES = 4, 3
"""Failures that get a sentence, and places that one names."""
UNNOTICED = 1e-3
"""Million CNY of a day that are not worth a figure in a sentence."""


def section(found: Verification, language: Language) -> Section:
    """What a verification found, as a section of a page."""
    say, names = Words(language), Names(found.plan.scenario, language)
    first = found.cases[found.cases["round"] == 0]
    blocks: list[Block] = [Text(say("verify.lead"), tone="lead")]
    blocks.append(Text(items=tuple(_sentences(found, first, say, names))))
    blocks.append(_cases(first, say("verify.cases"), say, names))
    blocks.append(certificates.of_cases(found.cases, say, lambda row: _down(row, say, names)))
    blocks += [*_places(found, say, names), *_work(found, say, names), *_after(found, say, names)]
    blocks.append(Text(say("verify.limits"), tone="note"))
    return Section("verify", say("verify.title"), blocks=tuple(blocks))


def html(found: Verification, language: Language = "en") -> str:
    """The same as one HTML document that needs nothing else."""
    say, given = Words(language), found.given
    limit = Figures(language).share(float(given["limit"]))
    return html_rendering.rendered(
        language=language, say=say,
        title=say("verify.page_title", name=titled(found.plan.scenario.settings, language), period=given["period"]),
        subtitle=say("verify.subtitle", limit=limit, rounds=given["rounds"]),
        badges=[(say("verify.holds" if found.holds else "verify.breaks"), "good" if found.holds else "bad")],
        sections=[section(found, language), Section("given", say("verify.given"), blocks=(_given(found, say),))],
        footer=say("trace.footer"),
    )  # fmt: skip


GIVEN_SHARES, GIVEN_MONEY = ("limit",), ("first_cost_mcny", "last_cost_mcny")
"""What was asked, or came of it, that is a share and that is money."""


def _given(found: Verification, say: Words) -> Table:
    """What was asked, in words."""
    show, rows = Figures(say.language), []
    for key, value in found.given.items():
        if value == "":
            continue
        if key in GIVEN_SHARES:
            text = show.share(float(value))
        elif key in GIVEN_MONEY:
            text = show.money(float(value))
        elif isinstance(value, float):
            text = plain(value)
        else:
            text = say.known("given", str(value)) if key == "place" else str(value)
        rows.append(Row((Cell(say.known("given", key)), Cell(text))))
    return Table("", (Column(""), Column("")), tuple(rows), style="pairs")


def _work_name(key: str, say: Words, names: Names) -> str:
    """A workload, or other traffic."""
    return say("word.traffic") if key == "traffic" else names.of("workloads", key)


def _why(found: Verification, say: Words) -> str:
    """Why it ended, a sentence in the language of the page."""
    return f"{found.reason.zh}。" if say.language == "zh" else f"{found.reason.en[:1].upper()}{found.reason.en[1:]}."


def _sentences(found: Verification, first: pd.DataFrame, say: Words, names: Names) -> list[str]:
    """The failures that take most away, and those that everything survives where there are few."""
    return [_sentence(found, row, say, names) for row in _worst_first(first).head(SENTENCES).to_dict("records")]


def _worst_first(cases: pd.DataFrame) -> pd.DataFrame:
    """The failures among the cases: those that take most away, then those whose spare is dearest, then those of most late
    jobs.
    """
    failures = cases[cases["what"] != "nothing"]
    return failures.sort_values(["unserved_share", "spare_mcny", "late_more"], ascending=False, kind="stable")


def _sentence(found: Verification, row: dict[Any, Any], say: Words, names: Names) -> str:
    show, name = Figures(say.language), names.place(str(row["name"]))
    work = found.work[(found.work["round"] == row["round"]) & (found.work["what"] == row["what"])]
    work = work[(work["name"] == row["name"]) & (work["unserved_share"] > 0) & work["owed"]]
    if not len(work) and not row["why"]:
        said = _served(name, float(row["extra_mcny"]), say)
        late = "" if row["holds"] else say("verify.sentence_late", share=show.share(row["late_more"]))
        return f"{said}{'' if say.language == 'zh' else ' '}{late}".rstrip()
    worst = work.sort_values("unserved_share", ascending=False).head(1)
    lost = {
        "share": show.share(float(worst["unserved_share"].sum())),
        "workload": _work_name(str(worst["workload"].iloc[0]), say, names) if len(worst) else MISSING,
    }
    why = row["why_zh" if say.language == "zh" else "why"]
    if why and not row["spare_mcny"] > 0.0:
        return say("verify.sentence_beyond", name=name, why=why, **lost)
    what = show.listed(_spots(found, row, show, say, names))
    words = {"name": name, "money": show.money(row["spare_mcny"]), "what": what, **lost}
    return say("verify.sentence_part", why=why, **words) if why else say("verify.sentence_spare", **words)


def _spots(found: Verification, row: dict[Any, Any], show: Figures, say: Words, names: Names) -> list[str]:
    """Where the spare of a failure stands, the dearest first."""
    spare = found.spare[(found.spare["round"] == row["round"]) & (found.spare["name"] == row["name"])]
    by_place = spare.groupby("where")["capex_mcny"].sum().sort_values(ascending=False)
    compute = spare[spare["asset"] == "compute"].groupby("where")["mw"].sum()
    parts = []
    for where in by_place.head(PLACES).index:
        place = names.place(str(where))
        gbps = float(spare.loc[(spare["where"] == where) & (spare["asset"] == "link"), "amount"].sum())
        if gbps > 0:
            parts.append(say("verify.spare_link", name=place, gbps=plain(gbps)))
        else:
            parts.append(say("verify.spare_site", name=place, mw=show.mw(float(compute.get(where, 0.0)))))
    if len(by_place) > PLACES:
        parts.append(say("verify.and_more", n=len(by_place) - PLACES))
    return parts


def _served(name: str, extra: float, say: Words) -> str:
    """A failure that everything survives, and what it costs."""
    key = "sentence_free" if abs(extra) < UNNOTICED else "sentence_none" if extra > 0 else "sentence_less"
    return say(f"verify.{key}", name=name, extra=Figures(say.language).money(abs(extra)))


def _down(row: dict[Any, Any], say: Words, names: Names) -> str:
    """What is down in a case."""
    return say("verify.nothing") if row["what"] == "nothing" else names.place(str(row["name"]))


def _cases(cases: pd.DataFrame, title: str, say: Words, names: Names) -> Table:
    show = Figures(say.language)
    cases = pd.concat([cases[cases["what"] == "nothing"], _worst_first(cases)])
    heads = (
        ("down", ""), ("unserved", "of_workload"), ("late", "of_jobs"), ("hits", ""), ("extra", "of_the_day"),
        ("spare", ""), ("spare", "capital"), ("verdict", ""),
    )  # fmt: skip
    columns = tuple(
        Column(say(f"verify.{head}"), say(f"verify.{unit}") if unit else "", number=0 < at < len(heads) - 1)
        for at, (head, unit) in enumerate(heads)
    )
    rows = []
    for row in cases.to_dict("records"):
        usual = row["what"] == "nothing"
        name = _down(row, say, names)
        extra = 0.0 if abs(row["extra_mcny"]) < UNNOTICED else row["extra_mcny"]
        spare = (show.mw(row["spare_mw"]) if row["spare_mw"] > 0.0 else MISSING,
                 show.money(row["spare_mcny"]) if row["spare_mcny"] > 0.0 else MISSING)  # fmt: skip
        cells = (
            name, show.share(row["unserved_share"]), show.share(row["late_share"] if usual else row["late_more"]),
            plain(row["hits"]), MISSING if usual else show.money(extra) if extra else "0", *spare,
            say("verify.yes" if row["holds"] else "verify.no"),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells), kind="total" if usual else "plain"))
    return Table(title, columns, tuple(rows), note=say("verify.cheaper") if cheaper(cases) else "")


def cheaper(cases: pd.DataFrame) -> bool:
    """Whether a day with something down costs less to run than usual, which asks for a word."""
    return bool((cases["extra_mcny"] <= -UNNOTICED).any())


def _places(found: Verification, say: Words, names: Names) -> list[Block]:
    """The spare that each failure of the plan as given needs."""
    show = Figures(say.language)
    spare = found.spare[found.spare["round"] == 0]
    if not len(spare):
        return []
    heads = ("down", "place", "what", "amount")
    columns = (*(Column(say(f"verify.{head}")) for head in heads), Column("MW", number=True))
    columns = (*columns, Column(say("verify.capital_of"), number=True))
    rows = []
    for row in spare.sort_values(["name", "capex_mcny"], ascending=[True, False]).to_dict("records"):
        name = str(row["technology"])
        what = names.of("technologies", name) if name else say.known("asset", str(row["asset"]))
        cells = (
            names.place(str(row["name"])), names.place(str(row["where"])), what,
            f"{plain(row['amount'])} {say.known('amount_unit', str(row['unit']))}",
            _mw(row["mw"]), show.money(row["capex_mcny"]),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells)))
    return [Table(say("verify.places"), columns, tuple(rows), folded=len(rows) > 12)]


def _work(found: Verification, say: Words, names: Names) -> list[Block]:
    """Unserved and late work of each failure that takes something away."""
    show = Figures(say.language)
    work = found.work[(found.work["round"] == 0) & (found.work["what"] != "nothing")]
    work = work[(work["unserved_share"] > 0) | (work["late_more"] > 1e-3)]
    if not len(work):
        return []
    heads = (("down", ""), ("workload", ""), ("unserved", "unit_hours"), ("unserved", "share"), ("late", "of_jobs"))
    columns = tuple(
        Column(say(f"verify.{head}"), say(f"verify.{unit}") if unit else "", number=at > 1)
        for at, (head, unit) in enumerate(heads)
    )
    rows = tuple(
        Row(tuple(Cell(cell) for cell in (
            names.place(str(row["name"])), _work_name(str(row["workload"]), say, names), plain(row["unserved_unit_hours"]),
            show.share(row["unserved_share"]), show.share(row["late_more"]),
        )))
        for row in work.to_dict("records")
    )  # fmt: skip
    return [Table(say("verify.work"), columns, rows, folded=len(rows) > 12)]


def _after(found: Verification, say: Words, names: Names) -> list[Block]:
    """What planning again came to."""
    show, rounds = Figures(say.language), int(found.given["rounds"])
    verdict = say("verify.holds" if found.holds else "verify.breaks")
    if rounds == 0:
        return [Text(say("verify.not_again", verdict=verdict)), Text(_why(found, say), tone="note")]
    more = float(found.given["last_cost_mcny"]) - float(found.given["first_cost_mcny"])
    values = {"rounds": rounds, "verdict": verdict, "more": show.money(more)}
    blocks: list[Block] = [Text(say("verify.after", **values)), Text(_why(found, say), tone="note")]
    last = found.cases[found.cases["round"] == rounds]
    if len(last):
        blocks.append(_cases(last, say("verify.cases_last"), say, names))
    blocks += _asked(found, say, names)
    heads = ("place", "what")
    columns = (*(Column(say(f"verify.{head}")) for head in heads), Column("MW", number=True))
    columns = (*columns, Column(say("verify.capital_of"), number=True))
    rows = tuple(
        Row(tuple(Cell(cell) for cell in (
            names.place(str(row["where"])), say.known("asset", str(row["asset"])), _mw(row["mw"]),
            show.money(row["capex_mcny"]),
        )))
        for row in found.added.sort_values("capex_mcny", ascending=False).to_dict("records")
    )  # fmt: skip
    return [*blocks, Table(say("verify.added"), columns, rows, folded=len(rows) > 12)] if rows else blocks


def _asked(found: Verification, say: Words, names: Names) -> list[Block]:
    """The most that any round asked for."""
    asked = found.asked.groupby(["rule", "where", "technology"], sort=False)["value"].max().reset_index()
    if not len(asked):
        return []
    kinds = found.plan.scenario["technologies"]
    units = dict(zip(kinds["technology"].astype(str), kinds["unit"].astype(str), strict=True))
    rows = []
    for row in asked.to_dict("records"):
        place, kind, value = names.place(str(row["where"])), str(row["technology"]), float(row["value"])
        if row["rule"] == "site_reserve_min":
            cells = (say("verify.everywhere"), say("verify.reserve"), Figures(say.language).share(value))
        elif row["rule"] == "min_gbps":
            cells = (place, say.known("asset", "link"), f"{plain(value)} Gbps")
        else:
            unit = say.known("amount_unit", units.get(kind, "") or "units")
            cells = (place, names.of("technologies", kind), f"{plain(value)} {unit}")
        rows.append(Row(tuple(map(Cell, cells))))
    columns = (Column(say("verify.place")), Column(say("verify.what")), Column(say("verify.at_least"), number=True))
    return [Table(say("verify.asked"), columns, tuple(rows), folded=len(rows) > 12)]


def _mw(value: float) -> str:
    """IT power, where there is any: a link has none."""
    return plain(value) if value > 0.0 or value < 0.0 else MISSING
