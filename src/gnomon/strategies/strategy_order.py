"""Order in which strategies are tried on a linear program: the only place where a solver is chosen.

`strategies_in_turn` lists their names for a `Request`, `predict` returns their expected time and memory, and
`gnomon.methods.method_choice` runs them.

| strategy           | condition                                   | if it does not prove the gap                         |
|--------------------|---------------------------------------------|------------------------------------------------------|
| dive               | `is_dive`                                   | its best integer solution, otherwise an error        |
| mip                | integers, and no dive                       | its best integer solution, otherwise an error        |
| structured         | `is_structured_first`, `is_structured_last` | the next one, if time and memory permit              |
| hipo, ipx, simplex | `HIGHS`, by purpose and size                | the next one                                         |

After the last one the answer with the least gap counts. The strategies after `dive` and `mip` solve the linear programs
around them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from gnomon.errors import SolverError
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options, Purpose, Solver
from gnomon.runtime import memory
from gnomon.strategies import resource_estimates
from gnomon.strategies.resource_estimates import Expectation
from gnomon.strategies.time_memory_laws import LAWS
from gnomon.transforms import integer_part

SMALL = 40_000
"""Non-zeros up to which simplex comes first: it is as fast there, and its answer is a vertex. On larger models it may
stall and take several times as long as IPX."""
LARGE = 500_000
"""Non-zeros from which HiPO comes before IPX, and from which a part with integers is too large for branch and bound. On
smaller models IPX is as fast, needs a third of the memory, and leaves row residuals a thousand times smaller."""

Name = Literal["dive", "mip", "structured", "hipo", "ipx", "simplex"]
HIGHS: dict[Purpose, tuple[tuple[Solver, ...], tuple[Solver, ...], tuple[Solver, ...]]] = {
    "plan": (("simplex", "ipx"), ("ipx", "hipo", "simplex"), ("hipo", "ipx", "simplex")),
    "fixed orders": (("simplex", "ipx"), ("ipx", "hipo", "simplex"), ("ipx", "hipo", "simplex")),
    "operation": (("simplex", "ipx"), ("ipx", "simplex"), ("ipx", "simplex")),
    "conflict": (("simplex", "ipx"), ("simplex", "ipx"), ("ipx",)),
}
"""Solvers of HiGHS in turn, for models below `SMALL` non-zeros, below `LARGE`, and above.

With fixed orders or capacities a model has hardly an interior, which HiPO needs. In the search for a conflict a vertex
is preferred, because it has few multipliers."""


DIVE_SOLVES = 20
"""Maximum number of linear programs of a dive after the relaxation; the last is for the plan."""


def has_structured_options(options: Options) -> bool:
    """Return True if an option is set that only the structured method uses."""
    return options.workers > 1 or options.scratch is not None


@dataclass(frozen=True)
class Request:
    """A linear program to be solved, as far as the choice depends on it.

    rows, columns, nonzeros: its size; integers: number of integer columns. method: `auto`, `structured` or `direct`.
    objective: `cost`, or another one, which the structured method does not take.
    """

    rows: int
    columns: int
    nonzeros: int
    integers: int = 0
    options: Options = field(default_factory=Options)
    method: str = "auto"
    objective: str = "cost"
    program: LinearProgram | None = None

    @classmethod
    def of(cls, flat: LinearProgram, options: Options, method: str = "auto", objective: str = "cost") -> Request:
        """Return the request for a program that exists."""
        return cls(*flat.shape, flat.nonzeros, int(flat.integer.sum()), options, method, objective, flat)

    @cached_property
    def is_structured_preferred(self) -> bool:
        """Return True if the structured method is expected to be faster than HiGHS, or alone fits into memory."""
        options = replace(self.options, solver="auto")
        ours, theirs = (
            resource_estimates.predict(self.rows, self.columns, self.nonzeros, name, options=options)
            for name in ("structured", highs_solvers(self.nonzeros, options)[0])
        )
        return resource_estimates.is_structured_better(ours, theirs, memory.available() / 1e6)

    @property
    def unfit(self) -> str:
        """Return the reason why the structured method does not take the program: integers, objective, solver, or none."""
        if self.integers:
            return "integers"
        if self.objective != "cost":
            return "objective"
        return "solver" if self.options.solver != "auto" else ""

    @property
    def is_structured_first(self) -> bool:
        """Return True if the structured method is tried before HiGHS, alone or around branch and bound."""
        if self.method != "auto":
            return self.method == "structured"
        if not self.unfit:
            return has_structured_options(self.options) or self.is_structured_preferred
        around = self.integers > 0 and self.objective == "cost" and self.options.solver in ("auto", "mip")
        return around and self.is_structured_preferred

    @property
    def is_structured_last(self) -> bool:
        """Return True if the structured method is tried where no solver of HiGHS proves a plan."""
        return (
            self.method == "auto" and self.options.purpose == "plan" and not self.unfit and not self.is_structured_first
        )

    @property
    def is_dive(self) -> bool:
        """Return True if the part with the integers is too large for branch and bound."""
        if self.program is None or not self.integers or self.options.solver != "auto" or not self.is_structured_first:
            return False
        return integer_part.integer_nonzeros(self.program, integer_part.with_integers(self.program)) >= LARGE


def strategies_in_turn(request: Request) -> tuple[Name, ...]:
    """Return the strategies for a linear program, in the order in which they are tried."""
    before, after = request.is_structured_first, request.is_structured_last
    return (
        *(("dive",) if request.is_dive else ("mip",) if request.integers else ()),
        *(("structured",) if before else ()),
        *(() if request.method == "structured" else highs_solvers(request.nonzeros, request.options)),
        *(("structured",) if after else ()),
    )


def highs_solvers(nonzeros: int, options: Options) -> tuple[Solver, ...]:
    """Return the solvers of HiGHS that a linear program of this size is given to, one after another."""
    if options.solver not in ("auto", "mip"):
        return (options.solver,)
    return HIGHS[options.purpose][0 if nonzeros < SMALL else 1 if nonzeros < LARGE else 2]


def predict(request: Request) -> Expectation:
    """Return the expected time and memory of the strategies for a request."""
    names = strategies_in_turn(request)
    return resource_estimates.predict(
        request.rows,
        request.columns,
        request.nonzeros,
        names[1] if names[0] in ("dive", "mip") else names[0],
        request.integers,
        request.options,
        resolves=DIVE_SOLVES if names[0] == "dive" else 0,
    )


def least_highs_memory_mb(nonzeros: int, options: Options) -> float:
    """Return the minimum additional memory in MB of HiGHS for a model that exists."""
    return LAWS[highs_solvers(nonzeros, replace(options, solver="auto"))[0]].bytes[0] * nonzeros / 1e6


def require_highs_memory(nonzeros: int, options: Options, end: str) -> None:
    """Raise SolverError if HiGHS, as the next strategy, needs more than the free memory; the process could be killed.

    end: the reason why the structured method ended.
    """
    needed, free = least_highs_memory_mb(nonzeros, options) / 1e3, memory.available() / 1e9
    if needed > free:
        raise SolverError(
            f"structured: {end}; HiGHS would come next, but needs {needed:,.1f} GB at least, and {free:,.1f} are free:"
            " try a wider --gap, or fewer hours"
        )
