"""Names of a trace's things on its page: sites, workloads, regions, equipment, policies, failures."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xisuan.report import run_inputs, terms
from xisuan.report.document.entity_names import wide
from xisuan.results.trace import Trace
from xisuan.text.numbers import plain
from xisuan.text.translation import Translator, unfilled
from xisuan.text.translation import message as _

COUNTED = {
    "skipped": unfilled("Malformed lines skipped: {n}; the first of them are named."),
    "left_out": unfilled("Lines that hold no job to run: {n} (run time unknown, or no server used)."),
    "cut": unfilled(
        "Jobs cut: {n}; each was larger than any site it could reach and was cut into equal ones, each a "
        "job of its own."
    ),
    "left": unfilled(
        "Jobs that the plan leaves: {n}; they are of work with a price of its own, come as the demand "
        "says, and are dropped."
    ),
    "dropped": unfilled(
        "Jobs dropped: {n}; each asked for more than any site it could reach has in all, and could never "
        "run there, not even were it empty."
    ),
}

Titles = Mapping[tuple[str, str], str]
"""Kind (site, workload, region, technology) and key → what people call it."""

DOWN = re.compile(r"(site|link) (.+?) from hour (\d+) for (\d+) h(?:; |$)")


def titles(trace: Trace, say: Translator) -> Titles:
    """Return the titles that a trace holds; a trace of jobs on one site has none."""
    out: dict[tuple[str, str], str] = {}
    if "places" in trace.tables:
        out |= _of([("site", *row) for row in _rows(trace, "places", "site")], say)
    if "names" in trace.tables:
        out |= _of(list(trace.tables["names"].itertuples(index=False, name=None)), say)
    return out


def _rows(trace: Trace, table: str, key: str) -> list[tuple[str, ...]]:
    return list(trace.tables[table][[key, "title", "title_zh"]].itertuples(index=False, name=None))


def _of(rows: list[tuple[str, ...]], say: Translator) -> dict[tuple[str, str], str]:
    chosen = {(kind, key): (zh if say.language == "zh" else "") or en or zh or key for kind, key, en, zh in rows}
    return {at: wide(str(name)) if say.language == "zh" else str(name) for at, name in chosen.items()}


def station(key: str, known: Titles, say: Translator) -> str:
    """Return the name of a site and its equipment, or of the one site of a trace of jobs."""
    site, _slash, technology = key.partition("/")
    if not technology:
        return say(_("the site")) if key == "site" else key
    return f"{known.get(('site', site), site)} · {known.get(('technology', technology), technology)}"


def downs(trace: Trace, say: Translator) -> str:
    """Return what was taken down and when, in words."""
    known = titles(trace, say)
    said = [
        say(_("{name}, from hour {start} for {hours} h", name=known.get((what, name), name), start=start, hours=hours))
        for what, name, start, hours in DOWN.findall(str(trace.given.get("down", "")))
    ]
    return ("；" if say.language == "zh" else "; ").join(said)


def given(trace: Trace, key: str, value: object, say: Translator) -> str:
    """Return a given option as text, translated if it is a word."""
    if key == "down":
        return downs(trace, say)
    if key == "scenario":
        return titles(trace, say).get(("scenario", str(value)), str(value))
    if key in ("place", "queue", "packing", "format"):
        return say(terms.named(run_inputs.INPUTS, str(value)))
    if isinstance(value, float):
        return plain(value)
    return f"{value:,}" if isinstance(value, int) and key not in ("period", "seed") else str(value)


def notes(trace: Trace, say: Translator) -> list[str]:
    """Return the remarks on a trace, and the jobs that were not taken or never ran."""
    counted = ("skipped", "left_out", "cut", "left", "dropped")
    numbers = {name: float(trace.figures.get(name, 0.0)) for name in counted}  # means, where there are replications
    numbers["dropped"] -= numbers["left"]
    said = [say(_(COUNTED[name], n=plain(number))) for name, number in numbers.items() if number]
    return [*(say(terms.named(run_inputs.NOTES, note)) for note in trace.notes), *said]
