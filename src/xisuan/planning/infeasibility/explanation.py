"""Explanation of infeasibility: the scenario's conflicting statements, with table, row, column, value and remedy."""

from __future__ import annotations

from dataclasses import replace

from gnomon import (
    PROOF_ROWS,
    WHOLE_MODEL,
    Conflict,
    Kin,
    explain_infeasibility,
    explain_small_part,
    is_conflict,
    model_size,
    tightest_hours,
)
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError, no_plan
from xisuan.planning.access import date_obstacles
from xisuan.planning.infeasibility import required_relief
from xisuan.planning.infeasibility.coefficient_statements import CoefficientStatement, coefficient_statements
from xisuan.planning.infeasibility.statement import Statement, merge
from xisuan.planning.infeasibility.statements import Register
from xisuan.text.translation import message as _

SMALLEST = _("smallest conflicting set")
SMALLEST_THERE = _("smallest conflicting set (in the part of the model where it shows)")


def explain(assembly: Assembly, none: InfeasibleError) -> InfeasibleError:
    """Return the error that names the smallest conflicting set (IIS) of an infeasible model.

    `none`: the solver's error, whose Farkas certificate starts the search. Cities that cannot meet their dates at any
    budget are reported with what they can reach, and insufficient budgets with what they lack.
    """
    if (beyond := _beyond_cities(assembly)) is not None:
        return beyond
    register = Register(assembly)
    proof, model = none.proof, assembly.model
    if proof is not None and len(proof) != model_size(model)[0]:
        # A certificate of another model, for example of a part or with a cost limit, does not apply.
        proof = None
    return _error(explain_infeasibility(model, register.text, kin=groupings(register), proof=proof), register)


def explain_before_solving(assembly: Assembly) -> InfeasibleError | None:
    """Return the error of `explain` if a small part of the model shows the conflict before any solve; else None."""
    if (beyond := _beyond_cities(assembly)) is not None:
        return beyond
    register = Register(assembly)
    found = explain_small_part(assembly.model, register.text, kin=groupings(register))
    return _error(found, register) if found is not None and (found.statements or found.minimal) else None


def _beyond_cities(assembly: Assembly) -> InfeasibleError | None:
    """Return the error on dates that cities cannot meet at any budget, else on budgets too small for them, else
    None."""
    scenario = assembly.given.scenario
    if not scenario.has("cities"):
        return None
    if late := date_obstacles.impossible_dates(scenario):
        return InfeasibleError(no_plan(_("Whatever is spent:")), late)
    return date_obstacles.budget_error(scenario)


def groupings(register: Register) -> tuple[Kin, ...]:
    """Return the groupings of the deletion filter: table columns first, then rows; the result covers few places."""
    return (lambda text: register.by_text[text].family, lambda text: register.by_text[text].place)


def _error(found: Conflict, register: Register) -> InfeasibleError:
    """Return the error for a conflict, with the statements of rows and coefficients and the required relief."""
    if not found.statements and not found.minimal:
        return InfeasibleError(
            no_plan(
                _(
                    "Which of its statements contradict one another was not found in what of the model could be searched"
                    " in time: try fewer hours, or leave out rules one at a time."
                )
            )
        )
    if not found.statements:
        return InfeasibleError(no_plan(_("What it says of existing capacity contradicts itself.")))
    said = [_loosened(register.by_text[text], found, text) for text in found.statements]
    also, certain = coefficient_factors(found, register.assembly)
    kind = _("conflicting set (perhaps not the smallest)")
    if found.minimal and certain:
        kind = SMALLEST if found.everywhere and not (also and found.within != WHOLE_MODEL) else SMALLEST_THERE
    lines = merge(said + also)
    return InfeasibleError(
        no_plan(_("The {kind} of its statements:", kind=kind)),
        [one.message for one in lines],
        required_relief.reliefs(register.assembly, said),
    )


def _loosened(one: Statement, found: Conflict, text: str) -> Statement:
    """Return the statement with the remedy for the direction in which it must be relaxed."""
    ways = (text in found.more, text in found.less)
    remedy = {(True, False): one.more, (False, True): one.less, (True, True): one.apart}.get(ways, "")
    return replace(one, loosen=remedy or one.loosen)


def coefficient_factors(found: Conflict, assembly: Assembly) -> tuple[list[Statement], bool]:
    """Return the statements in coefficients that belong to the conflict, and True if each is proven necessary.

    Deletion filter by bisection: all are left out at once, then halves, then single ones. A part stays out if the
    conflict remains without it. A part that could not be decided in time is kept.
    """
    given = assembly.given
    if found.within == PROOF_ROWS:  # a conflict from the certificate has no counterpart in another model
        return [], False
    tight = tightest_hours(assembly.model)

    def remains(left_out: list[CoefficientStatement]) -> bool | None:
        scenario = given.scenario
        for one in left_out:
            scenario = one.left_out(scenario)
        other = assemble(scenario, given.periods)
        return is_conflict(other.model, Register(other).text, found.statements, found.within, tight)

    every = coefficient_statements(given)
    innocent: list[CoefficientStatement] = []
    suspects = [every] if every else []
    needed: list[CoefficientStatement] = []
    certain = True
    while suspects:
        some = suspects.pop()
        stays = remains([*innocent, *some])
        if stays:
            innocent += some
        elif len(some) == 1:
            needed += some
            certain &= stays is False
        else:
            suspects += [some[len(some) // 2 :], some[: len(some) // 2]]
    return [one.statement(given) for one in every if one in needed], certain
