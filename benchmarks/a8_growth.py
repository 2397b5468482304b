"""A8: growth of a solve with hours, scenarios of the future, years and worker processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

GAP = 1e-3
HOURS = (24, 168, 744, 2184, 8760)
MEMBERS, YEARS, OF_HOURS = (1, 2, 4, 8, 16), (1, 2, 4, 8), 168
WORKERS, SHARED = (1, 2, 4), 744
QUICK = ((24, 168), (1, 2), (1, 2), (1, 2))
TIMEOUT = 4 * 3600.0
HEAD = (
    "what",
    "columns",
    "seconds",
    "processor s",
    "a million columns",
    "iterations",
    "peak GB",
    "of the others",
    "gap",
)
PICTURE = Path(__file__).with_name("results") / "growth.svg"
INK = {"hours": "#1f5a8a", "futures": "#b5541c", "years": "#4b7f3f", "seconds": "#1f5a8a", "memory": "#b5541c"}


def run(quick: bool) -> Iterator[str]:
    """Solve `china` to a gap of 1e-3 by the structured method: a table, and the picture `growth.svg`.

    Hours, futures and years are solved with two threads of one process, workers with one thread each. Futures are that many
    scenarios of one week with common capacities (`benchmarks.members`); years are consecutive periods of a week each
    (`benchmarks.years`). Seconds run from handing over the arrays to the proven solution, compilation left out; processor
    seconds are those of the first process.
    """
    hours, members, years, workers = QUICK if quick else (HOURS, MEMBERS, YEARS, WORKERS)
    by_hours = {n: _week(n, 0) for n in hours}
    by_members, by_years = (
        {n: measure(["-m", f"benchmarks.{what}", str(n), f"hours:{OF_HOURS}", str(GAP)], TIMEOUT) for n in counts}
        for what, counts in (("members", members), ("years", years))
    )
    by_workers = {n: _week(SHARED if not quick else OF_HOURS, n) for n in workers}
    rows = [_row(f"{n:,} hours", found) for n, found in by_hours.items()]
    rows += [_row(f"{_several(n, 'future')} of {OF_HOURS} hours", found) for n, found in by_members.items()]
    rows += [_row(f"{_several(n, 'year')} of {OF_HOURS} hours", found) for n, found in by_years.items()]
    rows += [_row(_several(n, "worker"), found) for n, found in by_workers.items()]
    yield table(HEAD, rows)
    if not quick:
        draw(
            PICTURE,
            {"hours": list(by_hours.values()), "futures": list(by_members.values()), "years": list(by_years.values())},
            by_workers,
        )
        yield f"![Processor seconds, memory and iterations by millions of columns]({PICTURE.name})"


def _week(hours: int, workers: int) -> Outcome:
    return measure(["-m", "benchmarks.week", "structured", f"hours:{hours}", str(GAP), str(workers)], TIMEOUT)


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def _row(what: str, found: Outcome) -> tuple[str, ...]:
    if found.failure:
        return (what, found.failure, *[""] * (len(HEAD) - 2))
    of = found.answer
    return (
        what, f"{of['columns']:,}", f"{of['seconds']:.1f}", f"{of['cpu_seconds']:.1f}",
        f"{of['cpu_seconds'] / of['columns'] * 1e6:.0f}", f"{of['iterations']:,}", f"{of['peak_mb'] / 1024:.2f}",
        f"{of.get('peak_mb_of_others', 0.0) / 1024:.2f}", f"{of['gap']:.1e}",
    )  # fmt: skip


def draw(path: Path, curves: dict[str, Sequence[Outcome]], workers: dict[int, Outcome]) -> None:
    """Draw processor seconds, memory and iterations over millions of columns.

    One line for each of `curves`; the last panel shows time and memory of several workers relative to one.
    """
    import matplotlib  # noqa: PLC0415 (its settings are needed here alone)

    matplotlib.rcParams |= {
        "svg.hashsalt": "growth",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    figure = Figure(figsize=(12.6, 3.0), layout="constrained")
    kinds = (
        ("processor seconds", lambda of: of["cpu_seconds"], True),
        ("peak of memory, GB", lambda of: of["peak_mb"] / 1024, True),
        ("iterations", lambda of: of["iterations"], False),
    )
    *panels, last = figure.subplots(1, 4)
    for at, (axes, (title, value, logarithmic)) in enumerate(zip(panels, kinds, strict=True)):
        for name, found in curves.items():
            good = [one.answer for one in found if not one.failure]
            x, y = [of["columns"] / 1e6 for of in good], [value(of) for of in good]
            axes.plot(x, y, "o-", color=INK[name], markersize=4, linewidth=1.4, label=name)
        axes.set(xscale="log", title=title, xlabel="million columns")
        axes.set(yscale="log") if logarithmic else axes.set(ylim=(0, None))
        for axis in (axes.xaxis, axes.yaxis) if logarithmic else (axes.xaxis,):
            axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_locator(NullLocator())
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False) if at == 0 else None
    _draw_workers(last, {n: found.answer for n, found in workers.items() if not found.failure})
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def _draw_workers(axes: Axes, found: dict[int, dict[str, Any]]) -> None:
    if 1 not in found:
        return
    largest = {n: max(of["peak_mb"], of.get("peak_mb_of_others", 0.0)) for n, of in found.items()}
    for name, values in (("seconds", {n: of["seconds"] for n, of in found.items()}), ("memory", largest)):
        axes.plot(list(values), [of / values[1] for of in values.values()], "o-", color=INK[name], label=name)
    axes.set(title=f"{SHARED} hours, of one worker", xlabel="workers", ylim=(0, None), xticks=list(found))
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.legend(frameon=False)
