"""What HiGHS says, in our words: which solver ran, how far it is, how it ended, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gnomon.solution import Progress


class Outcome(Enum):
    """How a solve may end. Only `OPTIMAL` is an answer as it stands; `IMPRECISE` must pass our own check first."""

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
"""Every model status of HiGHS 1.15. `kUnboundedOrInfeasible` counts as infeasible: of a linear model that claim is always
checked, and one that does not hold is reported as such; of one with integers it is asked again (`engine.branched`)."""

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
    """What the model status of HiGHS named `status` means. One that is not known is a failure."""
    return OUTCOMES.get(status, Outcome.FAILED)


def words(status: str) -> str:
    """Why the solve that ended in `status` is no answer, and what to do."""
    return WORDS.get(status, f"it ended in a state that is no answer ({status.removeprefix('k')})")


def ran(log: str) -> str:
    """Which solver made the answer: mip, or the last of hipo, ipx, simplex; presolve if nothing was left to do."""
    last = {name: found[-1].start() for name, sign in _SIGNS if (found := list(sign.finditer(log)))}
    if "mip" in last:
        return "mip"
    return max(last, key=lambda name: last[name], default="presolve")


def another(asked: str, log: str) -> str | None:
    """What is wrong if the log shows another solver than the one asked, and what to do; None if it was that one."""
    found = ran(log)
    if found in (asked, "presolve"):
        return None
    tried = any(name == asked and sign.search(log) for name, sign in _SIGNS)
    if tried:
        return f"{asked} gave up and HiGHS went on with {found}: use --solver {found}"
    return f"{asked} was asked and {found} ran: install highspy and highspy-extras of one version, 1.15.1"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a solver's log that tells how far it is; None where it does not tell."""

    iterations: int
    objective: float | None
    gap: float | None


_NUMBER = r"([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf))"
_INTERIOR = re.compile(rf"^\s*(\d+)\*?\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+[\d.]+s?\s*$")
_SIMPLEX = re.compile(rf"^\s*(\d+)\s+{_NUMBER}\s+(?:Pr|Ph1|Du): ")
_MIP = re.compile(
    rf"^\s*[A-Z]?\s*\d+\s+\d+\s+\d+\s+[\d.]+%\s+{_NUMBER}\s+{_NUMBER}\s+(\S+)\s+\d+\s+\d+\s+\d+\s+(\d+)\s+"
)


def parse(line: str) -> Line | None:
    """What a log line says about the progress of an interior point, of a simplex or of branch and bound; else None."""
    if match := _INTERIOR.match(line):
        return Line(int(match[1]), float(match[2]), float(match[6]))
    if match := _SIMPLEX.match(line):
        return Line(int(match[1]), float(match[2]), None)
    if match := _MIP.match(line):
        gap = float(match[3].rstrip("%")) / 100 if match[3].endswith("%") else None
        incumbent = float(match[2])
        return Line(int(match[4]), incumbent if abs(incumbent) != float("inf") else None, gap)
    return None


def progress(log: Path, stage: str, seconds: float, iterations: int) -> Progress:
    """What the last telling line of a log says; HiPO writes none, so that its iterations are counted as they pass."""
    for line in reversed(end(log).splitlines()):
        if (told := parse(line)) is not None:
            return Progress(stage, seconds, max(iterations, told.iterations), told.objective, told.gap)
    return Progress(stage, seconds, iterations)


def end(log: Path) -> str:
    """The last lines of a log that is being written; nothing where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def tail(log: str, lines: int = 60) -> str:
    """The last lines of a whole log."""
    return "\n".join(log.splitlines()[-lines:])
