"""What the things of a trace are called on its page: sites, workloads, regions, equipment, policies, failures."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xisuan.report.document.entity_names import wide
from xisuan.report.words import Words
from xisuan.results.trace import Trace
from xisuan.text.numbers import plain

Titles = Mapping[tuple[str, str], str]
"""Kind (site, workload, region, technology) and key → what people call it."""

DOWN = re.compile(r"(site|link) (.+?) from hour (\d+) for (\d+) h(?:; |$)")


def titles(trace: Trace, say: Words) -> Titles:
    """Those that the trace knows; a trace of jobs on one site knows none."""
    out: dict[tuple[str, str], str] = {}
    if "places" in trace.tables:
        out |= _of([("site", *row) for row in _rows(trace, "places", "site")], say)
    if "names" in trace.tables:
        out |= _of(list(trace.tables["names"].itertuples(index=False, name=None)), say)
    return out


def _rows(trace: Trace, table: str, key: str) -> list[tuple[str, ...]]:
    return list(trace.tables[table][[key, "title", "title_zh"]].itertuples(index=False, name=None))


def _of(rows: list[tuple[str, ...]], say: Words) -> dict[tuple[str, str], str]:
    chosen = {(kind, key): (zh if say.language == "zh" else "") or en or zh or key for kind, key, en, zh in rows}
    return {at: wide(str(name)) if say.language == "zh" else str(name) for at, name in chosen.items()}


def station(key: str, known: Titles, say: Words) -> str:
    """A site and its equipment; the one site of a trace of jobs."""
    site, _, technology = key.partition("/")
    if not technology:
        return say("trace.the_site") if key == "site" else key
    return f"{known.get(('site', site), site)} · {known.get(('technology', technology), technology)}"


def downs(trace: Trace, say: Words) -> str:
    """What was taken down and when, in words."""
    known = titles(trace, say)
    said = [
        say("trace.one_down", name=known.get((what, name), name), start=start, hours=hours)
        for what, name, start, hours in DOWN.findall(str(trace.given.get("down", "")))
    ]
    return ("；" if say.language == "zh" else "; ").join(said)


def given(trace: Trace, key: str, value: object, say: Words) -> str:
    """A value that was given, in words where it is one."""
    if key == "down":
        return downs(trace, say)
    if key == "scenario":
        return titles(trace, say).get(("scenario", str(value)), str(value))
    if key in ("place", "queue", "packing", "format"):
        return say.known("given", str(value))
    if isinstance(value, float):
        return plain(value)
    return f"{value:,}" if isinstance(value, int) and key not in ("period", "seed") else str(value)


def notes(trace: Trace, say: Words) -> list[str]:
    """What is to be known of a trace, and what was not taken or never ran."""
    counted = ("skipped", "left_out", "cut", "left", "dropped")
    numbers = {name: float(trace.figures.get(name, 0.0)) for name in counted}  # means, where there are replications
    numbers["dropped"] -= numbers["left"]
    said = [say(f"trace.note_{name}", n=plain(number)) for name, number in numbers.items() if number]
    return [*(say.known("note", note) for note in trace.notes), *said]
