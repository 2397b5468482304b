"""Review page of a reading: the text with each figure marked, next to its observation, to accept, change or reject.

One HTML document with both languages, without a server and without requests. Everything that it shows is in one element
with the class `review`, so that another page can hold it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from markupsafe import Markup

from xisuan.indicators.catalogue import Catalogue, Place, Term
from xisuan.report.document import html_rendering
from xisuan.report.tracking.track_phrases import FIGURE_STATUSES, as_published
from xisuan.results.bulletin_reading import Observation, Reading
from xisuan.text.translation import LANGUAGES, Language, in_context, translate
from xisuan.text.translation import message as _
from xisuan.tracking.observation_rows import OBSERVATIONS, row_of

LABELS = {
    "title": _("Figures read, to be confirmed"),
    "lead": _("Compare each figure with its text. Accept it, change it or reject it. Only accepted figures are saved."),
    "accept": _("Accept"),
    "change": in_context("of a figure read", "Change"),
    "reject": _("Reject"),
    "undo": _("Undo"),
    "add": _("Add"),
    "keep": _("Keep"),
    "cancel": _("Cancel"),
    "all": _("Accept all of this passage"),
    "save": _("Save observations.csv"),
    "store": _("Save to the scenario"),
    "left": _("not placed"),
    "open": _("to decide"),
    "accepted": _("accepted"),
    "rejected": _("rejected"),
    "lacking": _(
        "Give indicator and region from their lists, the last day, and one figure with its unit. Days are YYYY-MM-DD, the "
        "first one not after the last; a rank is a whole number."
    ),
    "next": _("Add the saved file to a scenario:  xisuan read observations.csv --into SCENARIO"),
    "grew": _("growth # %"),
    "moved": _("change # points"),
    "part": _("share # %"),
    "place": _("rank #"),
    "indicator": _("indicator"),
    "region": _("region"),
    "period_start": _("first day"),
    "period_end": _("last day"),
    "value": _("value"),
    "unit": _("unit"),
    "growth_pct": _("growth, %"),
    "change_points": _("change, points"),
    "share_pct": _("share, %"),
    "rank": _("rank"),
    "bound": _("bound"),
    "status": _("status"),
    "scope": _("scope"),
    "published": _("publication date"),
}
"""Texts of the page, by the name under which its script uses them."""
FORM = (
    "indicator", "region", "period_start", "period_end", "value", "unit", "growth_pct", "change_points", "share_pct",
    "rank", "bound", "status", "scope", "published",
)  # fmt: skip
"""Columns that a person may change."""


def html(found: Reading, words: Catalogue, language: Language = "en", *, in_studio: bool = False) -> str:
    """Return the review page of a reading, which opens in `language`.

    `in_studio`: the page hands accepted observations to the page around it, which saves them to a scenario.
    """
    given = {"in_studio": in_studio} | _data(found, words, language)
    data = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return (
        html_rendering.engine()
        .get_template("review.html.j2")
        .render(
            language=language,
            title=translate(LABELS["title"], language),
            # "</script" and "<!--" in a text must not end the element that holds the data.
            data=Markup(data.replace("<", "\\u003c")),
            style=Markup(html_rendering.text("report.css") + html_rendering.text("review.css")),
            script=Markup(html_rendering.text("review.js")),
        )
    )


def write(found: Reading, path: Path, words: Catalogue, language: Language = "en") -> None:
    """Write the review page of a reading to a file."""
    path.write_text(html(found, words, language), encoding="utf-8")


def _data(found: Reading, words: Catalogue, language: Language) -> dict[str, object]:
    """Return what the script of the page shows: texts, passages, observations with their marks, and names to choose."""
    at: dict[str, list[int]] = {}
    for nth, one in enumerate(found.passages):
        at.setdefault(one.place, []).append(nth)
    text_of = {one: " ".join(found.passages[one].text.split()) for some in at.values() for one in some}

    def passage(place: str, text: str) -> int:
        some = at.get(place, [])
        return next((nth for nth in some if text_of[nth] == " ".join(text.split())), some[0] if some else -1)

    return {
        "language": language,
        "columns": OBSERVATIONS,
        "form": FORM,
        "texts": {name: {one: translate(text, one) for one in LANGUAGES} for name, text in LABELS.items()},
        "statuses": {
            name: {one: translate(FIGURE_STATUSES[name], one) for one in LANGUAGES}
            for name in ("actual", "preliminary", "projected", "target")
        },
        "indicators": _titles(list(words.terms.values())),
        "regions": _titles([*words.places.values(), *words.nations.values()]),
        "bulletins": [asdict(one) | {"title": one.title or one.file} for one in found.bulletins],
        "passages": [asdict(one) for one in found.passages],
        "observations": [
            {"passage": passage(one.place, one.text), "marks": one.marks, "row": row_of(one), "level": _level(one)}
            for one in found.observations
        ],
        "unplaced": [
            {
                "passage": passage(one.place, one.text),
                "marks": one.marks,
                "words": one.words,
                "why": {name: translate(one.why, name) for name in LANGUAGES},
            }
            for one in found.unplaced
        ],
    }  # fmt: skip


def _titles(known: Sequence[Term | Place]) -> dict[str, dict[str, str]]:
    """Return the titles of indicators or regions in both languages, by key."""
    return {
        one.indicator if isinstance(one, Term) else one.region: {"en": one.title, "zh": one.title_zh} for one in known
    }


def _level(one: Observation) -> dict[str, str]:
    """Return the level of an observation as people write it, blank if it has none."""
    bound = {"over": ">", "about": "≈", "under": "<"}.get(one.bound or "", "")
    return {name: "" if one.value is None else bound + as_published(one.value, one.unit, name) for name in LANGUAGES}
