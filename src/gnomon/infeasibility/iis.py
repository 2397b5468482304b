"""The smallest set of statements that contradict one another, in the caller's words.

A statement is what a user can change: the rows, or the finite bounds of columns, that the caller gives one text.
What has no text (balances, definitions, x ≥ 0) is never blamed and always holds.

A year is too long to search, and need not be searched: what contradicts itself in a model that is easier to satisfy
(`relax`) does so in the whole. So the search climbs a ladder: what is decided for periods, the mean hours, the tightest
hours with the mean ones, the whole; and of these first one period by itself, then one with what is decided for all
periods, then all. On the first rung that is contradictory the multipliers of an infeasible simplex name few statements
(Gleeson & Ryan, 1990), and each of them is tried without (deletion filter, Chinneck & Dravnieks, 1991). Every
contradiction is checked by weak duality with code that shares nothing with the solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs import feasibility, solver_sequence
from gnomon.infeasibility import farkas_rows, irreducibility, relaxation_ladder
from gnomon.infeasibility.relaxation_ladder import PROOF, WHOLE, Part, Statements, ladder
from gnomon.model.block_model import Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import Flat
from gnomon.proof import weak_duality

Kin = Callable[[str], Hashable]
"""What statements have in common that a user changes together, as those of one row do that hold in several periods."""

EVIDENT = ("what is decided for periods", "the mean hour", "the tightest hours")
"""Rungs of the ladder that are tried before a long solve, period by period: seconds where that takes a minute."""
SECONDS = 60.0
"""What a search may take where its caller does not say."""
SIMPLEX = 60_000
"""Non-zeros beyond which an interior point narrows a part down before the simplex sees it."""
NAMED = 3_000_000
"""Non-zeros of the rows that prove a contradiction beyond which these name the conflict as they are."""
FURTHER = 60_000
"""Non-zeros of a whole in which what was found in a part is searched once more, whole numbers included, since fewer
statements may suffice there: what a simplex is asked in a fraction of a second."""
PATIENCE = 0.3
"""Share of the time left that one rung below the whole may take: a simplex that wanders there must not keep the search
from the next."""
CRUMB = 1e-13
"""Multipliers of a simplex below this share of the largest are what its arithmetic leaves of 0."""

SLIGHT = 1e-6
"""Share of the largest multiplier of a statement, below which one of its rows does not lean either way."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot hold together.

    minimal: every proper subset can be met in the part of the model searched last, which `within` names, so that none of
    them is innocent there. everywhere: every proper subset can be met in the whole, with its integers. hours: (period,
    hour) of the hours that take part, without mean ones. more, less: those of the statements whose rows would have to hold
    with a larger, or a smaller, right side for the others to hold, some of the rows in one way and some in the other where
    a statement is in both; neither tells of bounds of columns, nor of what only
    whole numbers contradict. No statement at all says that what is never blamed is
    contradictory by itself, or, where that is not `minimal`, that time ran out.
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
    """A smallest set of statements of an infeasible model that contradict one another.

    `statements` names rows, and bounds of columns, by block, item and period. All of a `kin` are tried without before
    any one of them is, so that few kin remain; the widest first where there are several. After `seconds` what was found
    so far is returned with `minimal` False: perhaps more statements than needed, or none. proof: multipliers of the model's
    rows that prove the contradiction, if there are some; of a large model they say which rows to search. Raises SolverError
    where there are none and the model can be satisfied, at least within rounding.
    """
    search = _Climb(statements, kin, _until(seconds))
    integers = any(block.integer for block in model.columns.values())
    for whole_numbers in (False, True) if integers else (False,):
        for within, part in ladder(model, statements, search.texts, proof=proof):
            found = search.smallest(part if whole_numbers else part.relaxed(), within)
            if found is None:
                continue
            return search.conflict(*search.in_the_whole(found, model, whole_numbers))
    if search.undecided == WHOLE or proof is not None or not relaxation_ladder.searchable(model):
        return Conflict((), False, WHOLE)
    raise SolverError("nothing in the model contradicts anything else: it can be satisfied, at least within rounding")


def evident(
    model: Model, statements: Statements, *, kin: Sequence[Kin] = (), seconds: float | None = None
) -> Conflict | None:
    """A conflict that shows in what is decided for periods, or in the mean or the tightest hours of one, as most do.

    None where there is none, which does not say that the model can be satisfied, or where `seconds` did not suffice.
    It takes a small part of the time in which an interior point finds that there is no solution.
    """
    search = _Climb(statements, kin, _until(seconds))
    for within, part in ladder(model, statements, search.texts):
        if model.periods > 1 and within in EVIDENT[1:]:
            continue
        if not within.startswith(EVIDENT) or time.perf_counter() > search.until:
            return None
        if (found := search.smallest(part.relaxed(), within)) is not None:
            return search.conflict(*search.in_the_whole(found, model, whole_numbers=False))
    return None


def remains(
    model: Model,
    statements: Statements,
    said: Sequence[str],
    within: str,
    tight: Sequence[int],
    *,
    seconds: float | None = None,
) -> bool | None:
    """Whether the statements `said` contradict one another in the part of `model` that is called `within`.

    To be asked of a model like the one in which they were found, with other coefficients, and of the same hours: `tight`
    are the tightest of that one. In the whole of it where it has no such part, being smaller. None where `seconds` do
    not suffice to say.
    """
    search = _Climb(statements, (), _until(seconds))
    some = next(some for name, some in ladder(model, statements, search.texts, tight) if name in (within, WHOLE))
    numbers = np.array(sorted(search.texts[text] for text in said if text in search.texts), dtype=np.int64)
    try:
        return search.contradicts(some.relaxed(), numbers) or (
            bool(some.flat.integer.any()) and search.contradicts(some, numbers)
        )
    except _OutOfTimeError:
        return None


def _until(seconds: float | None) -> float:
    """When a search that may take `seconds` (None: `SECONDS`) is to end."""
    return time.perf_counter() + (SECONDS if seconds is None else seconds)


class _OutOfTimeError(Exception):
    """The search took longer than it may, before it found anything."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A conflict with its statements as numbers."""

    numbers: Index
    finished: bool
    within: str
    hours: tuple[tuple[int, int], ...]
    leaning: Mapping[int, tuple[bool, bool]]


@dataclass
class _Climb:
    """The search from rung to rung. `undecided`: the rung that took longer than it might last; `texts`: numbers of all."""

    statements: Statements
    kin: Sequence[Kin]
    until: float
    texts: dict[str, int] = field(default_factory=dict)
    undecided: str = ""

    def smallest(self, part: Part, within: str, statements: Index | None = None) -> _Found | None:
        """A smallest contradictory set among the statements (None: all) of the part; None if they can be met, or if
        that could not be decided in time."""
        now = time.perf_counter()
        until = self.until if within in (WHOLE, PROOF) else now + PATIENCE * max(0.0, self.until - now)
        try:
            narrow = _narrow(part, until, statements, further=within != PROOF or part.flat.nonzeros <= NAMED)
            if narrow is not None and narrow.proof is not None and narrow.flat.nonzeros > NAMED:
                return _named(narrow, narrow.proof, within)
            started = None if narrow is None else self._start(narrow, until, statements)
        except _OutOfTimeError:
            started, self.undecided = None, within
        if started is None:  # of the rows of a proof it is known that they are contradictory, whatever a solver says
            return _named(part, part.proof, within) if within == PROOF and part.proof is not None else None
        search, blamed = started
        search.until = self.until
        texts = list(self.texts)
        for kin in [*self.kin, _alone]:
            families: dict[Hashable, list[int]] = {}
            for number in blamed.tolist():
                families.setdefault(kin(texts[number]), []).append(number)
            blamed = search.shrink(sorted(families.values(), key=len, reverse=True))
            if len(families) == sum(map(len, families.values())):
                break
        return _Found(blamed, search.finished, within, search.hours, search.leaning)

    def in_the_whole(self, found: _Found, model: Model, whole_numbers: bool) -> tuple[_Found, bool]:
        """As few of the statements found as suffice in the whole, and whether each is proven to be needed there.

        `whole_numbers`: they were found with integers. A small whole is searched with its integers. In a large one each
        of a few statements is tried without.
        """
        nonzeros = size(model)[2]
        if nonzeros > irreducibility.LARGEST or (nonzeros > FURTHER and len(found.numbers) > irreducibility.FEW):
            return found, False
        whole = relaxation_ladder.of(model, None, self.statements, self.texts)
        if nonzeros <= FURTHER:
            already = found.within == WHOLE
            relaxed = [] if already or whole_numbers else [whole.relaxed()]
            integers = [whole] if whole.flat.integer.any() and not (already and whole_numbers) else []
            proven = found.finished
            for part in relaxed + integers:
                fewer = self.smallest(part, WHOLE, found.numbers)
                proven = fewer is not None and fewer.finished
                if fewer is not None:  # branch and bound has no multipliers to lean on
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
        """Whether these statements contradict one another in the part."""
        narrow = _narrow(part, self.until, statements)
        return narrow is not None and self._start(narrow, self.until, statements) is not None

    def _start(self, part: Part, until: float, statements: Index | None) -> tuple[_Search, Index] | None:
        """A contradiction among the statements (None: all), and what to search it with; None if they can be met."""
        search = _Search(part, until)
        blamed = search.contradiction(search.every() if statements is None else statements)
        return None if blamed is None else (search, blamed)

    def conflict(self, found: _Found, everywhere: bool) -> Conflict:
        """What was found, in words."""
        names = list(self.texts)
        said = tuple(names[at] for at in found.numbers)
        leans = [found.leaning.get(int(at), (False, False)) for at in found.numbers]
        more, less = (frozenset(name for name, ways in zip(said, leans, strict=True) if ways[way]) for way in (0, 1))
        return Conflict(said, found.finished, found.within, found.hours, everywhere, more, less)


def _alone(text: str) -> Hashable:
    """What every statement has for itself."""
    return text


class _Search:
    """The search for a smallest contradiction in one part."""

    def __init__(self, part: Part, until: float) -> None:
        self.until = until
        self.finished = self.satisfied = True
        self.hours: tuple[tuple[int, int], ...] = ()
        self.leaning: Mapping[int, tuple[bool, bool]] = {}
        self.part = part
        self._simplex = feasibility.Feasibility(part.flat)

    def every(self) -> Index:
        """All statements in the part."""
        both = np.concatenate([self.part.row_statement, self.part.column_statement])
        return np.unique(both[both >= 0])

    def shrink(self, families: list[list[int]]) -> Index:
        """The statements of those families that are needed: halves are tried without first, then each."""
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
        """Those of the statements that suffice for a contradiction. None if they can all be met, which is then
        `satisfied`, or if what the solver says against them proves nothing."""
        flat = self.part.holding(statements)
        try:
            ray = self._simplex.contradiction(flat, max(1.0, self.until - time.perf_counter()))
        except SolverError as undecided:  # which must not pass for satisfied
            raise _OutOfTimeError from undecided
        self.satisfied = ray is None
        if ray is None:
            return None
        if self._simplex.integers:
            return statements
        return self._proven(flat, ray, statements)

    def _proven(self, flat: Flat, ray: Array, statements: Index) -> Index | None:
        """The statements that these multipliers use, if they prove a contradiction."""
        ray = np.where(np.abs(ray) > CRUMB * np.abs(ray).max(), ray, 0.0)
        if weak_duality.contradiction(flat, ray) <= 0.0:
            return None
        fewer = _used(self.part, flat, ray)
        if weak_duality.contradiction(self.part.holding(fewer), ray) <= 0.0:
            fewer = statements
        self.hours = _hours(self.part, ray)
        self.leaning = _leaning(ray, self.part.row_statement, fewer)
        return fewer


def _used(part: Part, flat: Flat, ray: Array) -> Index:
    """The statements of the part that multipliers use, with the sides of `flat`."""
    pull = -(flat.matrix.T @ ray)
    limited = np.where(pull < 0.0, np.isfinite(flat.upper), flat.lower > 0.0)
    pulled = limited & (np.abs(pull) > weak_duality.NOISE * np.abs(pull).max(initial=0.0))
    used = np.concatenate([part.row_statement[ray != 0.0], part.column_statement[pulled]])
    return np.unique(used[used >= 0])


def _hours(part: Part, ray: Array) -> tuple[tuple[int, int], ...]:
    """Period and hour of the rows that multipliers use."""
    inside = (ray != 0.0) & (part.hour >= 0)
    return tuple(sorted(set(zip(part.period[inside].tolist(), part.hour[inside].tolist(), strict=True))))


def _named(part: Part, proof: Array, within: str) -> _Found:
    """All statements that a proof uses, or, where it leans on others, all in the part: where no simplex tells fewer."""
    proof = weak_duality.feasible_multipliers(part.flat, proof)
    used = _used(part, part.flat, proof)
    if weak_duality.contradiction(part.holding(used), proof) <= 0.0:
        every = np.concatenate([part.row_statement, part.column_statement])
        used = np.unique(every[every >= 0])
    return _Found(used, False, within, _hours(part, proof), _leaning(proof, part.row_statement, used))


def _leaning(ray: Array, statement: Index, chosen: Index) -> dict[int, tuple[bool, bool]]:
    """Of each chosen statement, whether some of its rows would have to ask for more, and whether some for less.

    A proof has a multiplier above 0 for a row whose right side is too large for the others, and one below for one too small.
    """
    found = {}
    for number in chosen:
        part = ray[statement == number]
        least = SLIGHT * np.abs(part).max(initial=0.0)
        found[int(number)] = (bool((part < -least).any()), bool((part > least).any()))
    return found


def _narrow(part: Part, until: float, statements: Index | None, *, further: bool = True) -> Part | None:
    """The part, or, of a large one, the rows that prove that the statements (None: all) contradict one another there, as few
    as multipliers tell; None if they do not. further: whether HiGHS may be asked for multipliers of few rows."""
    if part.flat.nonzeros <= SIMPLEX or part.flat.integer.any():
        return part
    if statements is None and part.proof is not None and (few := _proving(part, part.proof)) is not None:
        return few
    if not further:
        return part
    part = part if statements is None else replace(part, flat=part.holding(statements), proof=None)
    left = until - time.perf_counter()
    try:
        proof, multipliers = feasibility.infeasibility(part.flat, solver_sequence.How(time_limit=max(1.0, left)))
    except SolverError as undecided:
        raise _OutOfTimeError from undecided
    return (_proving(part, multipliers) or replace(part, proof=multipliers)) if proof > 0.0 else None


def _proving(part: Part, multipliers: Array) -> Part | None:
    """The rows of a part that prove by themselves that it is contradictory, as few as the multipliers can spare; None if
    they lean on others, for the bounds that these imply."""
    weight = np.abs(multipliers)
    for share in farkas_rows.SHARES:
        chosen = weight > share * weight.max()
        few = part.rows(chosen)
        if weak_duality.contradiction(few.flat, multipliers[chosen]) > 0.0:
            return replace(few, proof=multipliers[chosen])
    return None
