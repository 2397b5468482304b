"""Runs of what-if questions: settings of the levers, the scenario folder of each run, and their combined result."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xisuan.report.pages import sweep_page as page_of
from xisuan.results.storage import run_store
from xisuan.results.sweep import Range, Sweep
from xisuan.scenario import load, write
from xisuan.scenario.queries import levers
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.schema.provenance_tables import LEAST
from xisuan.scenario.schema.provenance_tables import MOST as GREATEST
from xisuan.scenario.variants import lever_settings
from xisuan.scenario.variants.members import refuse
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import Language
from xisuan.text.translation import message as _
from xisuan.workflow.sweep import Design
from xisuan.workflow.sweep_rows import gathered, planned

MOST = 100
"""Runs of one question."""
MOST_LEVERS = 4
"""Maximum number of levers of one question, limited by the length of a run's label."""
MEMBER = "member.json"
_PERCENT = re.compile(r"[+-]?\d{1,3}(\.\d{1,3})?")

_ONE = rf"(?:{'|'.join(levers.BY_NAME)}) [+-]\S+ %"
LABEL = re.compile(rf"{_ONE}(?:, {_ONE})*")
"""Label of a run of a question, and of runs that use its plan."""

Moves = Mapping[str, float]
"""Lever setting of a run: percent by lever."""


@dataclass(frozen=True, slots=True)
class LeverRange:
    """A lever with an effect in a scenario, and its range in percent."""

    name: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A run of a question: its levers, its status, and its result folder or the reason why it has no result."""

    moves: Moves
    status: str
    result: str
    why: str = ""


def settings(design: Design) -> list[Moves]:
    """Return the settings of a design, the scenario as given first, each once. Raises RefusedError or ScenarioError."""
    if not 1 <= len(design.ranges) <= MOST_LEVERS:
        raise RefusedError(422, _("move 1 to {most} levers in one question", most=MOST_LEVERS))
    names = [one.lever for one in design.ranges]
    if len(set(names)) < len(names):
        raise RefusedError(422, _("give each lever only once"))
    rows = design.members().round(3).drop_duplicates()
    if len(rows) > MOST:
        raise RefusedError(
            422,
            _(
                "these are {count} runs; ask for {most} at most, with fewer levers or fewer steps",
                count=len(rows),
                most=MOST,
            ),
        )
    return [dict(zip(names, map(float, row), strict=True)) for row in rows.itertuples(index=False, name=None)]


def alone(ranges: Sequence[Range], count: int) -> Design:
    """Return each lever in `count` even steps of its range, the others as given."""
    moves = []
    for at, one in enumerate(ranges):
        for step in range(count):
            value = one.low + (one.high - one.low) * step / max(1, count - 1)
            moves.append(tuple(value if other == at else 0.0 for other in range(len(ranges))))
    return Design("list", tuple(ranges), moves=tuple(moves))


def listed(moves: Sequence[Moves]) -> Design:
    """Return the design of given settings; a lever that a setting does not have stays as given."""
    names = list(dict.fromkeys(name for one in moves for name in one))
    steps = tuple(tuple(one.get(name, 0.0) for name in names) for one in moves)
    ends = [Range(name, min(of), max(of)) for name, of in zip(names, zip(*steps, strict=True), strict=True)]
    return Design("list", tuple(ends), moves=steps)


def read_list(text: str, names: Mapping[str, str]) -> list[Moves]:
    """Return the settings in a block of text: a heading of levers, then a line of percent for each run.

    Cells are apart by tabs, as a spreadsheet copies them, or by commas. `names`: heading → lever. Raises RefusedError.
    """
    lines = [re.split(r"\t|[,，]", line) for line in text.splitlines() if line.strip()]
    head = [cell.strip() for cell in lines[0]] if lines else []
    if len(set(head)) < len(head):
        raise RefusedError(422, _("give each lever only once"))
    unknown = next((name for name in head if name not in names), None)
    if unknown is not None or len(lines) < 2:
        raise RefusedError(
            422,
            _(
                "{name}: give a first line with inputs ({known}), then a line of percent for each run",
                name=shown(unknown or ""),
                known=", ".join(names),
            ),
        )
    return [_setting(number, cells, [names[name] for name in head]) for number, cells in enumerate(lines[1:], 2)]


def _setting(number: int, cells: Sequence[str], levers: Sequence[str]) -> Moves:
    """Return the setting of one line. Raises RefusedError."""
    texts = [cell.strip().removesuffix("%").strip().replace("−", "-") for cell in cells]
    steps = [float(text) if _PERCENT.fullmatch(text) else math.nan for text in texts]
    if len(steps) != len(levers) or not all(LEAST <= step <= GREATEST for step in steps):
        raise RefusedError(
            422,
            _(
                "line {number} of the list: give {count} numbers from {low:g} to {high:g}, in percent",
                number=number,
                count=len(levers),
                low=LEAST,
                high=GREATEST,
            ),
        )
    return dict(zip(levers, steps, strict=True))


def known(folder: str) -> list[LeverRange]:
    """Return the levers that have an effect in the scenario of a folder. Raises ScenarioError."""
    return [LeverRange(lever.name, lever.least, lever.most) for lever in levers.moved(load.load(folder))]


def pull(folder: str, moves: Sequence[Moves], places: Sequence[str]) -> None:
    """Write the scenario of `folder` with moved levers into each place. Raises ScenarioError before any is written."""
    scenario = load.load(folder)
    refuse(scenario)
    made = [lever_settings.pull_all(scenario, each) for each in moves]
    for each, place in zip(made, places, strict=True):
        Path(place).parent.mkdir(parents=True)
        write.write(each, place)


def label(moves: Moves) -> str:
    """Return the label of a run of a question: `lever +10 %, other -5 %`."""
    return ", ".join(f"{lever} {step:+g} %" for lever, step in moves.items())


def asked(label: str) -> dict[str, float]:
    """Return the lever setting of a run from its label."""
    words = (part.split(" ") for part in label.split(", "))
    return {lever: float(step) for lever, step, _ in words}


def recognised(label: str) -> dict[str, float]:
    """Return the lever setting of a run if its label is one; else empty."""
    return asked(label) if LABEL.fullmatch(label) else {}


def place(moves: Moves) -> tuple[object, ...]:
    """Return the sort key of a run of a question: the scenario as given first, then by lever values."""
    return any(moves.values()), *moves.values()


def found(folder: str, runs: Sequence[Asked]) -> Sweep:
    """Return the finished runs of a question as a sweep of the scenario of `folder`."""
    scenario = load.load(folder)
    names = list(runs[0].moves)
    rows = {number: row for number, run in enumerate(runs) if (row := _row(number, run))}
    ranges = tuple(Range(name, *_ends([run.moves[name] for run in runs])) for name in names)
    design, hours = _kind([run.moves for run in runs]), str(scenario.settings.hours)
    given: dict[str, str | int | None] = {"design": design, "members": len(runs), "seed": None, "hours": hours}
    return Sweep(scenario, ranges, given, gathered(rows, names))


def page(folder: str, runs: Sequence[Asked], language: Language, place: str) -> str:
    """Draw the page of a question's runs into the folder `place`, unless it exists. Return its path."""
    digest = hashlib.sha256(repr([(run.moves, run.status) for run in runs]).encode()).hexdigest()[:16]
    path = Path(place, f"{language}.{digest}.sweep.html")
    if not path.is_file():
        text = page_of.html(found(folder, runs), language)
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        partial.rename(path)
    return str(path)


def table(folder: str, runs: Sequence[Asked]) -> str:
    """Return the members of a question as CSV."""
    text: str = found(folder, runs).members.to_csv(index=False)
    return text


def _row(number: int, run: Asked) -> dict[str, object]:
    """Return the row of a finished run in the table of a question; empty for other runs."""
    head = {"member": number, **run.moves}
    if run.status == "done":
        return {**head, **_member(Path(run.result))}
    return {**head, "status": run.status, "why": run.why} if run.status in ("infeasible", "unsolved") else {}


def _member(result: Path) -> dict[str, object]:
    """Return a sweep's row for the plan of a run folder, cached next to it, as reading a plan takes seconds."""
    place = result.with_name(MEMBER)
    if not place.is_file():
        partial = place.with_suffix(".partial")
        partial.write_text(json.dumps(planned(run_store.load_run(result).plan), ensure_ascii=False), encoding="utf-8")
        partial.rename(place)
    row: dict[str, object] = json.loads(place.read_text(encoding="utf-8"))
    return row


def _kind(moves: Sequence[Moves]) -> str:
    """Return the kind of design of these settings: each lever alone, a grid, or a list."""
    if all(sum(step != 0.0 for step in each.values()) <= 1 for each in moves):
        return "each"
    steps = [{each[name] for each in moves[1:]} for name in moves[0]]
    return "grid" if len(moves) - math.prod(map(len, steps)) in (0, 1) else "list"


def _ends(steps: Sequence[float]) -> tuple[float, float]:
    return min(steps), max(steps)
