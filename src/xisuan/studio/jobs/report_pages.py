"""Pages of finished runs: drawn by the report where the command did not write them, and cached next to the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xisuan.errors import StoreError
from xisuan.extras import MissingExtraError
from xisuan.report.pages import hourly_map_page, run_page, verification_page
from xisuan.report.simulation import trace_page
from xisuan.report.takeaways.takeaway_formats import TakeawayName
from xisuan.report.takeaways.write_report import write_report
from xisuan.report.tracking import track_page
from xisuan.results.storage import run_store, trace_store
from xisuan.results.storage.two_stage_store import load_tried
from xisuan.results.storage.verification_store import load_verification
from xisuan.scenario import load
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import Language
from xisuan.tracking.track import track

WRITTEN = {
    ("run", "en"): "report.html",
    ("run", "zh"): "report.zh.html",
    ("simulate", "en"): "trace.html",
    ("trace", "en"): "trace.html",
    ("verify", "en"): "verification.html",
    ("operate", "en"): "operate.html",
    ("operate", "zh"): "operate.zh.html",
    ("track", "en"): "track.html",
    ("track", "zh"): "track.zh.html",
}
"""Pages that the command itself writes; the studio calls it in English."""


@dataclass(frozen=True, slots=True)
class Of:
    """Source of a page: a verb's result, the scenario folder, and the run folder of the plan used (or blank)."""

    verb: str
    result: str
    scenario: str
    plan: str


def ready(of: Of, language: Language) -> Path | None:
    """Return the path of a page that exists already."""
    written = WRITTEN.get((of.verb, language))
    for path in (Path(of.result, written) if written else None, _kept(of.result, f"{language}.page.html")):
        if path is not None and path.is_file():
            return path
    return None


def page(of: Of, language: Language) -> str:
    """Draw the page of a result in a language. Return its path."""
    return _keep(_kept(of.result, f"{language}.page.html"), _drawn(of, language))


def _drawn(of: Of, language: Language) -> str:
    if of.verb in ("simulate", "trace"):
        return trace_page.html(trace_store.load_trace(of.result), language)
    if of.verb == "verify":
        return verification_page.html(load_verification(of.result), language)
    plan = run_store.load_run(of.plan).plan if of.plan else None
    return track_page.html(track(load.load(of.scenario), None, plan), language)


def moving_map(result: str, language: Language) -> str:
    """Draw the hourly map of a run folder, unless it exists. Return its path, or blank if there is nothing to show."""
    place = _kept(result, f"{language}.map.html")
    if place.is_file():
        return str(place)
    found = hourly_map_page.html(run_page.central(load_tried(result)), language)
    return "" if found is None else _keep(place, found)


def takeaway(result: str, kind: TakeawayName, language: Language) -> str:
    """Write the brief of a run folder as a document, slides or a PDF, unless it exists. Return its path.

    Raises RefusedError where the server lacks what the format needs.
    """
    place = _kept(result, f"{language}.brief.{kind}")
    if not place.is_file():
        partial = place.with_name(f"{language}.partial.{kind}")
        try:
            write_report(load_tried(result), partial, language)
        except (MissingExtraError, StoreError) as missing:
            raise RefusedError(501, str(missing)) from None
        partial.rename(place)
    return str(place)


def _kept(result: str, name: str) -> Path:
    return Path(result).with_name(name)


def _keep(place: Path, text: str) -> str:
    partial = place.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.rename(place)
    return str(place)
