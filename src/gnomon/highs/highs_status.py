"""Interpretation of HiGHS's status and log: solver used, progress, outcome, and advice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gnomon.solution import Progress


class Outcome(Enum):
    """Outcome of a run. Only `OPTIMAL` is an answer as reported; `IMPRECISE` must pass the checks of this package first."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    IMPRECISE = "imprecise"
    STOPPED = "stopped"
    FAILED = "failed"


OUTCOMES = {
    "kOptimal": Outcome.OPTIMAL,
    "kModelEmpty": Outcome.OPTIMAL,
    "kInfeasible": Outcome.INFEASIBLE,
    "kUnboundedOrInfeasible": Outcome.INFEASIBLE,
    "kUnbounded": Outcome.UNBOUNDED,
    "kUnknown": Outcome.IMPRECISE,
    "kObjectiveBound": Outcome.STOPPED,
    "kObjectiveTarget": Outcome.STOPPED,
    "kTimeLimit": Outcome.STOPPED,
    "kIterationLimit": Outcome.STOPPED,
    "kSolutionLimit": Outcome.STOPPED,
    "kInterrupt": Outcome.STOPPED,
    "kHighsInterrupt": Outcome.STOPPED,
    "kMemoryLimit": Outcome.FAILED,
    "kNotset": Outcome.FAILED,
    "kLoadError": Outcome.FAILED,
    "kModelError": Outcome.FAILED,
    "kPresolveError": Outcome.FAILED,
    "kSolveError": Outcome.FAILED,
    "kPostsolveError": Outcome.FAILED,
}
"""All model statuses of HiGHS 1.15. `kUnboundedOrInfeasible` counts as infeasible. For a linear program that claim is
always checked; with integers the run is repeated without presolve (`highs_run.run_branch_and_bound`)."""

WORDS = {
    "kUnbounded": "the cost can fall without end, so a price or a limit is missing: give every purchase a cost",
    "kUnknown": "it could not reach the accuracy asked",
    "kTimeLimit": "the time limit was reached: give it more time, a wider --gap, or fewer hours",
    "kIterationLimit": "the iteration limit was reached: try another --solver, or a wider --gap",
    "kInterrupt": "it was interrupted",
    "kHighsInterrupt": "it was interrupted",
    "kMemoryLimit": "the memory limit was reached: plan fewer hours",
    "kSolveError": "the solver met a numerical failure: try another --solver (ipx, simplex)",
    "kPresolveError": "its presolve failed: try another --solver (simplex)",
    "kPostsolveError": "its postsolve failed: try another --solver (simplex)",
    "kModelError": "it refused the numbers of the model: look at the scaling advice of `check`",
    "kLoadError": "it refused the numbers of the model: look at the scaling advice of `check`",
}

_SIGNS = (
    ("mip", re.compile(r"^(MIP .*has \d+ rows|Solving MIP model)", re.M)),
    ("hipo", re.compile(r"^(Running HiPO|Hipo: )", re.M)),
    ("ipx", re.compile(r"^(IPX version|Ipx: )", re.M)),
    ("simplex", re.compile(r"^(Using EKK|Using (dual|primal) simplex|Solving with .*simplex)", re.M)),
)


def outcome(status: str) -> Outcome:
    """Return the outcome for a model status of HiGHS. An unknown status is a failure."""
    return OUTCOMES.get(status, Outcome.FAILED)


def explain_status(status: str) -> str:
    """Return the reason why a run with this status has no answer, and the remedy."""
    return WORDS.get(status, f"it ended in a state that is no answer ({status.removeprefix('k')})")


def solver_in_log(log: str) -> str:
    """Return the solver that made the answer: mip, or the last of hipo, ipx, simplex; presolve if it solved the model."""
    last = {name: found[-1].start() for name, sign in _SIGNS if (found := list(sign.finditer(log)))}
    if "mip" in last:
        return "mip"
    return max(last, key=lambda name: last[name], default="presolve")


def other_solver_problem(asked: str, log: str) -> str | None:
    """Return the problem and the remedy if the log shows another solver than `asked`; None otherwise."""
    found = solver_in_log(log)
    if found in (asked, "presolve"):
        return None
    tried = any(name == asked and sign.search(log) for name, sign in _SIGNS)
    if tried:
        return f"{asked} gave up and HiGHS went on with {found}: use --solver {found}"
    return f"{asked} was asked and {found} ran: install highspy and highspy-extras of one version, 1.15.1"


@dataclass(frozen=True, slots=True)
class LogLine:
    """Progress in one line of a solver's log; None where it is not reported."""

    iterations: int
    objective: float | None
    gap: float | None


_NUMBER = r"([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf))"
_INTERIOR = re.compile(rf"^\s*(\d+)\*?\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+[\d.]+s?\s*$")
_SIMPLEX = re.compile(rf"^\s*(\d+)\s+{_NUMBER}\s+(?:Pr|Ph1|Du): ")
_MIP = re.compile(
    rf"^\s*[A-Z]?\s*\d+\s+\d+\s+\d+\s+[\d.]+%\s+{_NUMBER}\s+{_NUMBER}\s+(\S+)\s+\d+\s+\d+\s+\d+\s+(\d+)\s+"
)


def parse(line: str) -> LogLine | None:
    """Return the progress in a log line of an interior point, simplex or branch and bound; None in other lines."""
    if match := _INTERIOR.match(line):
        return LogLine(int(match[1]), float(match[2]), float(match[6]))
    if match := _SIMPLEX.match(line):
        return LogLine(int(match[1]), float(match[2]), None)
    if match := _MIP.match(line):
        gap = float(match[3].rstrip("%")) / 100 if match[3].endswith("%") else None
        incumbent = float(match[2])
        return LogLine(int(match[4]), incumbent if abs(incumbent) != float("inf") else None, gap)
    return None


def progress(log: Path, stage: str, seconds: float, iterations: int) -> Progress:
    """Return the progress in the last such line of a log. HiPO writes none, so its iterations are counted by a callback."""
    for line in reversed(end(log).splitlines()):
        if (told := parse(line)) is not None:
            return Progress(stage, seconds, max(iterations, told.iterations), told.objective, told.gap)
    return Progress(stage, seconds, iterations)


def end(log: Path) -> str:
    """Return the last lines of a log that is being written; empty without a file."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def tail(log: str, lines: int = 60) -> str:
    """Return the last lines of a complete log."""
    return "\n".join(log.splitlines()[-lines:])
