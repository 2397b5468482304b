"""Irreducible infeasible subset (IIS) of statements, in the caller's words.

A statement is what a user can change: rows, or finite bounds of columns, that the caller gives one text. Rows without a
text (balances, definitions, x ≥ 0) always hold and are never part of the result.

The search starts with relaxations (`relax`), because a year is too long to search and a contradiction in a relaxation
is one of the model. The rungs are: rows of periods, mean hours, tightest hours with the mean ones, the whole model;
each first for one period, then for one period with the rows over all periods, then for all. On the first infeasible
rung the Farkas multipliers of simplex name few statements (Gleeson and Ryan 1990), and each is tried without (deletion
filter, Chinneck and Dravnieks 1991). Every contradiction is checked by weak duality with code that shares nothing with
the solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs import feasibility
from gnomon.infeasibility import irreducibility, part_proofs, relaxation_ladder
from gnomon.infeasibility.relaxation_ladder import PROOF, WHOLE, Part, Statements, ladder
from gnomon.model.block_model import Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.proof import weak_duality

Kin = Callable[[str], Hashable]
"""Function that maps statements to groups that a user changes together, such as one rule in several periods."""

EVIDENT = ("what is decided for periods", "the mean hour", "the tightest hours")
"""Rungs that are tried before a long solve, period by period, because they take seconds."""
SECONDS = 60.0
"""Default time limit of a search."""
SIMPLEX = 60_000
"""Non-zeros above which an interior point reduces a part before simplex sees it."""
NAMED = 3_000_000
"""Non-zeros of a certificate's rows above which these name the conflict without a further search."""
FURTHER = 60_000
"""Non-zeros of a whole model in which a conflict found in a relaxation is searched again with integers. Fewer statements
may suffice there, and simplex takes a fraction of a second."""
PATIENCE = 0.3
"""Share of the remaining time for one rung below the whole, so that a stalled simplex leaves time for the next."""
CRUMB = 1e-13
"""Share of the largest multiplier below which simplex multipliers count as rounding."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot hold together.

    minimal: every proper subset is feasible in the part searched last (`within`), so that none is innocent there.
    everywhere: every proper subset is feasible in the whole model with its integers. hours: (period, hour) of the
    original hours involved. more, less: statements whose rows need a larger, or a smaller, right side for the others to
    hold; a statement may be in both. They cover neither bounds of columns nor contradictions of integers only. Without
    statements, rows without a text contradict one another or, if not `minimal`, time ran out.
    """

    statements: tuple[str, ...]
    minimal: bool
    within: str
    hours: tuple[tuple[int, int], ...] = ()
    everywhere: bool = False
    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()


def explain(
    model: Model,
    statements: Statements,
    *,
    kin: Sequence[Kin] = (),
    seconds: float | None = None,
    proof: Array | None = None,
) -> Conflict:
    """Return an irreducible set of statements of an infeasible model that contradict one another.

    `statements` names rows, and bounds of columns, by block, item and period. Groups of `kin` are removed together
    before single statements, so that few groups remain; several `kin` are applied in the given order. After `seconds`
    the result so far is returned with `minimal` False: it may have more statements than needed, or none. proof: Farkas
    multipliers of the model's rows, if known; they select the rows of a large model to search. Raises SolverError
    without a conflict, if the model is feasible within rounding.
    """
    search = _LadderSearch(statements, kin, _end_time(seconds))
    integers = any(block.integer for block in model.columns.values())
    for whole_numbers in (False, True) if integers else (False,):
        for within, part in ladder(model, statements, search.texts, proof=proof):
            found = search.smallest(part if whole_numbers else part.relaxed(), within)
            if found is None:
                continue
            return search.conflict(*search.in_the_whole(found, model, whole_numbers))
    if search.undecided == WHOLE or proof is not None or not relaxation_ladder.is_searchable(model):
        return Conflict((), False, WHOLE)
    raise SolverError("nothing in the model contradicts anything else: it can be satisfied, at least within rounding")


def explain_small_part(
    model: Model, statements: Statements, *, kin: Sequence[Kin] = (), seconds: float | None = None
) -> Conflict | None:
    """Return a conflict that shows in the rows of periods, or in the mean or tightest hours of one period.

    Most conflicts do. None if no such conflict exists, or if `seconds` run out; the model may still be infeasible.
    """
    search = _LadderSearch(statements, kin, _end_time(seconds))
    for within, part in ladder(model, statements, search.texts):
        if model.periods > 1 and within in EVIDENT[1:]:
            continue
        if not within.startswith(EVIDENT) or time.perf_counter() > search.until:
            return None
        if (found := search.smallest(part.relaxed(), within)) is not None:
            return search.conflict(*search.in_the_whole(found, model, whole_numbers=False))
    return None


def is_conflict(
    model: Model,
    statements: Statements,
    said: Sequence[str],
    within: str,
    tight: Sequence[int],
    *,
    seconds: float | None = None,
) -> bool | None:
    """Return True if the statements `said` contradict one another in the part of `model` named `within`.

    `model` is like the one in which they were found, with other coefficients; `tight`: the tightest hours of that one.
    A model without such a part is searched as a whole. None if `seconds` run out.
    """
    search = _LadderSearch(statements, (), _end_time(seconds))
    some = next(some for name, some in ladder(model, statements, search.texts, tight) if name in (within, WHOLE))
    numbers = np.array(sorted(search.texts[text] for text in said if text in search.texts), dtype=np.int64)
    try:
        return search.contradicts(some.relaxed(), numbers) or (
            bool(some.flat.integer.any()) and search.contradicts(some, numbers)
        )
    except _OutOfTimeError:
        return None


def _end_time(seconds: float | None) -> float:
    """Return the end time of a search that may take `seconds` (None: `SECONDS`)."""
    return time.perf_counter() + (SECONDS if seconds is None else seconds)


class _OutOfTimeError(Exception):
    """The time limit passed before the search found anything."""


@dataclass(frozen=True, slots=True)
class _NumberedConflict:
    """A conflict with numbered statements."""

    numbers: Index
    finished: bool
    within: str
    hours: tuple[tuple[int, int], ...]
    leaning: Mapping[int, tuple[bool, bool]]


@dataclass
class _LadderSearch:
    """Search over the rungs. `undecided`: the rung that exceeded its time; `texts`: number of each statement."""

    statements: Statements
    kin: Sequence[Kin]
    until: float
    texts: dict[str, int] = field(default_factory=dict)
    undecided: str = ""

    def smallest(self, part: Part, within: str, statements: Index | None = None) -> _NumberedConflict | None:
        """Return an irreducible set among the statements (None: all) of the part; None if feasible or undecided in time."""
        now = time.perf_counter()
        until = self.until if within in (WHOLE, PROOF) else now + PATIENCE * max(0.0, self.until - now)
        try:
            narrow = _proving_part(part, until, statements, further=within != PROOF or part.flat.nonzeros <= NAMED)
            if narrow is not None and narrow.proof is not None and narrow.flat.nonzeros > NAMED:
                return _all_used(narrow, narrow.proof, within)
            started = None if narrow is None else self._start(narrow, until, statements)
        except _OutOfTimeError:
            started, self.undecided = None, within
        if started is None:  # the rows of a certificate are contradictory in any case
            return _all_used(part, part.proof, within) if within == PROOF and part.proof is not None else None
        search, blamed = started
        search.until = self.until
        texts = list(self.texts)
        # Deletion filter: first by groups, at last by single statements.
        for kin in [*self.kin, _own_group]:
            families: dict[Hashable, list[int]] = {}
            for number in blamed.tolist():
                families.setdefault(kin(texts[number]), []).append(number)
            blamed = search.shrink(sorted(families.values(), key=len, reverse=True))
            if len(families) == sum(map(len, families.values())):
                break
        return _NumberedConflict(blamed, search.finished, within, search.hours, search.leaning)

    def in_the_whole(
        self, found: _NumberedConflict, model: Model, whole_numbers: bool
    ) -> tuple[_NumberedConflict, bool]:
        """Return as few of the found statements as suffice in the whole model, and True if each is proven to be needed.

        `whole_numbers`: they were found with integers. A small model is searched with its integers. In a large one each
        of a few statements is tried without.
        """
        nonzeros = size(model)[2]
        if nonzeros > irreducibility.LARGEST or (nonzeros > FURTHER and len(found.numbers) > irreducibility.FEW):
            return found, False
        whole = relaxation_ladder.statements_part(model, None, self.statements, self.texts)
        if nonzeros <= FURTHER:
            already = found.within == WHOLE
            relaxed = [] if already or whole_numbers else [whole.relaxed()]
            integers = [whole] if whole.flat.integer.any() and not (already and whole_numbers) else []
            proven = found.finished
            for part in relaxed + integers:
                fewer = self.smallest(part, WHOLE, found.numbers)
                proven = fewer is not None and fewer.finished
                if fewer is not None:  # branch and bound gives no multipliers
                    found = replace(fewer, leaning=fewer.leaning or found.leaning)
            return found, proven
        while found.finished and len(found.numbers) <= irreducibility.FEW:
            proven, others = irreducibility.all_needed(whole, found.numbers, self.until - time.perf_counter())
            fewer = None if others is None else self.smallest(whole.relaxed(), WHOLE, others)
            if fewer is None:
                return found, proven
            found = fewer
        return found, False

    def contradicts(self, part: Part, statements: Index) -> bool:
        """Return True if these statements contradict one another in the part."""
        narrow = _proving_part(part, self.until, statements)
        return narrow is not None and self._start(narrow, self.until, statements) is not None

    def _start(self, part: Part, until: float, statements: Index | None) -> tuple[_Search, Index] | None:
        """Return a search and a contradiction among the statements (None: all); None if they are feasible."""
        search = _Search(part, until)
        blamed = search.contradiction(search.every() if statements is None else statements)
        return None if blamed is None else (search, blamed)

    def conflict(self, found: _NumberedConflict, everywhere: bool) -> Conflict:
        """Return the conflict in words."""
        names = list(self.texts)
        said = tuple(names[at] for at in found.numbers)
        leans = [found.leaning.get(int(at), (False, False)) for at in found.numbers]
        more, less = (frozenset(name for name, ways in zip(said, leans, strict=True) if ways[way]) for way in (0, 1))
        return Conflict(said, found.finished, found.within, found.hours, everywhere, more, less)


def _own_group(text: str) -> Hashable:
    """Return the statement as a group of its own."""
    return text


class _Search:
    """Search for an irreducible contradiction in one part."""

    def __init__(self, part: Part, until: float) -> None:
        self.until = until
        self.finished = self.satisfied = True
        self.hours: tuple[tuple[int, int], ...] = ()
        self.leaning: Mapping[int, tuple[bool, bool]] = {}
        self.part = part
        self._simplex = feasibility.Feasibility(part.flat)

    def every(self) -> Index:
        """Return all statements in the part."""
        both = np.concatenate([self.part.row_statement, self.part.column_statement])
        return np.unique(both[both >= 0])

    def shrink(self, families: list[list[int]]) -> Index:
        """Return the statements of those families that are needed: halves are tried without, then smaller groups."""
        blamed = np.array(sorted(number for family in families for number in family), dtype=np.int64)
        step = max(1, len(families) // 2)
        while True:
            at = 0
            while at < len(families):
                if not self.finished or time.perf_counter() > self.until:
                    self.finished = False
                    return blamed
                rest = families[:at] + families[at + step :]
                try:
                    fewer = self.contradiction(np.array(sorted(n for family in rest for n in family), dtype=np.int64))
                except _OutOfTimeError:
                    self.finished = False
                    return blamed
                if fewer is None:
                    self.finished &= self.satisfied
                    at += step
                    continue
                blamed = fewer
                left = set(fewer.tolist())
                kept = [[n for n in family if n in left] for family in families]
                at = sum(bool(family) for family in kept[:at])
                families = [family for family in kept if family]
            if step == 1:
                return blamed
            step //= 2

    def contradiction(self, statements: Index) -> Index | None:
        """Return those of the statements that suffice for a contradiction; None if none is proven (see `satisfied`)."""
        flat = self.part.only_statements(statements)
        try:
            ray = self._simplex.contradiction(flat, max(1.0, self.until - time.perf_counter()))
        except SolverError as undecided:  # undecided does not mean satisfied
            raise _OutOfTimeError from undecided
        self.satisfied = ray is None
        if ray is None:
            return None
        if self._simplex.integers:
            return statements
        return self._proven(flat, ray, statements)

    def _proven(self, flat: LinearProgram, ray: Array, statements: Index) -> Index | None:
        """Return the statements that these multipliers use, if they prove a contradiction."""
        ray = np.where(np.abs(ray) > CRUMB * np.abs(ray).max(), ray, 0.0)
        # The ray must prove infeasibility, and still do so with only the statements that it uses.
        if weak_duality.contradiction(flat, ray) <= 0.0:
            return None
        fewer = part_proofs.statements_used(self.part, flat, ray)
        if weak_duality.contradiction(self.part.only_statements(fewer), ray) <= 0.0:
            fewer = statements
        self.hours = part_proofs.hours(self.part, ray)
        self.leaning = part_proofs.directions(ray, self.part.row_statement, fewer)
        return fewer


def _all_used(part: Part, proof: Array, within: str) -> _NumberedConflict:
    """Return all statements that a certificate uses, or all of the part if these do not suffice, without a search."""
    proof = weak_duality.feasible_multipliers(part.flat, proof)
    used = part_proofs.statements_used(part, part.flat, proof)
    if weak_duality.contradiction(part.only_statements(used), proof) <= 0.0:
        every = np.concatenate([part.row_statement, part.column_statement])
        used = np.unique(every[every >= 0])
    return _NumberedConflict(
        used, False, within, part_proofs.hours(part, proof), part_proofs.directions(proof, part.row_statement, used)
    )


def _proving_part(part: Part, until: float, statements: Index | None, *, further: bool = True) -> Part | None:
    """Return a small part unchanged; of a large one the rows that prove the contradiction, None if feasible.

    statements: those that hold (None: all). further: True if HiGHS may be asked for multipliers of fewer rows.
    """
    if part.flat.nonzeros <= SIMPLEX or part.flat.integer.any():
        return part
    if (
        statements is None
        and part.proof is not None
        and (few := part_proofs.proving_rows(part, part.proof)) is not None
    ):
        return few
    if not further:
        return part
    part = part if statements is None else replace(part, flat=part.only_statements(statements), proof=None)
    left = until - time.perf_counter()
    try:
        proof, multipliers = feasibility.infeasibility(part.flat, Options(time_limit=max(1.0, left)))
    except SolverError as undecided:
        raise _OutOfTimeError from undecided
    return (part_proofs.proving_rows(part, multipliers) or replace(part, proof=multipliers)) if proof > 0.0 else None
