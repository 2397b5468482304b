"""Which statements of the scenario contradict one another, in its own words: table, row, column, value, remedy."""

from __future__ import annotations

from dataclasses import replace

from gnomon.infeasibility import iis, relaxation_ladder
from gnomon.model.csr_matrix import size
from gnomon.transforms import time_aggregation
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.access import date_obstacles
from xisuan.planning.infeasibility import required_relief
from xisuan.planning.infeasibility.coefficient_statements import Inside, inside
from xisuan.planning.infeasibility.statements import Register, Statement, merged

SMALLEST = "smallest conflicting set"
SMALLEST_THERE = "smallest conflicting set (in the part of the model where it shows)"


def explained(assembly: Assembly, none: InfeasibleError) -> InfeasibleError:
    """The error that names the smallest conflicting set of an infeasible model; `none` is how its solver said so.

    Cities that cannot meet their dates whatever is spent are named with how far they can get; budgets that do not pay
    for dates with what they lack.
    """
    if (beyond := _beyond_cities(assembly)) is not None:
        return beyond
    register = Register(assembly)
    proof, model = none.proof, assembly.model
    if proof is not None and len(proof) != size(model)[0]:  # of a part of the model, or of one with a limit on its cost
        proof = None
    return _error(iis.explain(model, register.text, kin=kin(register), proof=proof), register)


def foreseen(assembly: Assembly) -> InfeasibleError | None:
    """The same error where the contradiction shows in a small part of the model, before any solve; else None."""
    if (beyond := _beyond_cities(assembly)) is not None:
        return beyond
    register = Register(assembly)
    found = iis.evident(assembly.model, register.text, kin=kin(register))
    return _error(found, register) if found is not None and (found.statements or found.minimal) else None


def _beyond_cities(assembly: Assembly) -> InfeasibleError | None:
    """What cities cannot reach whatever is spent; else what they can, and no budget pays for."""
    scenario = assembly.given.scenario
    if not scenario.has("cities"):
        return None
    if late := date_obstacles.hopeless(scenario):
        return InfeasibleError("No plan satisfies the scenario. Whatever is spent:", late)
    return date_obstacles.unpaid(scenario)


def kin(register: Register) -> tuple[iis.Kin, ...]:
    """Columns of tables are tried without first, then rows, then periods of them: what is left is in few places."""
    return (lambda text: register.by_text[text].family, lambda text: register.by_text[text].place)


def _error(found: iis.Conflict, register: Register) -> InfeasibleError:
    if not found.statements and not found.minimal:
        return InfeasibleError(
            "No plan satisfies the scenario. Which of its statements contradict one another was not found in what of"
            " the model could be searched in time: try fewer hours, or leave out rules one at a time."
        )
    if not found.statements:
        return InfeasibleError("No plan satisfies the scenario: what it says of existing capacity contradicts itself.")
    said = [_loosened(register.by_text[text], found, text) for text in found.statements]
    also, certain = factors(found, register.assembly)
    kind = "conflicting set (perhaps not the smallest)"
    if found.minimal and certain:
        kind = (
            SMALLEST if found.everywhere and not (also and found.within != relaxation_ladder.WHOLE) else SMALLEST_THERE
        )
    lines = merged(said + also)
    return InfeasibleError(
        f"No plan satisfies the scenario. The {kind} of its statements:",
        [str(one) for one in lines],
        required_relief.reliefs(register.assembly, said),
    )


def _loosened(one: Statement, found: iis.Conflict, text: str) -> Statement:
    """The statement with the remedy that goes the way in which it must give."""
    ways = (text in found.more, text in found.less)
    remedy = {(True, False): one.more, (False, True): one.less, (True, True): one.apart}.get(ways, "")
    return replace(one, loosen=remedy or one.loosen)


def factors(found: iis.Conflict, assembly: Assembly) -> tuple[list[Statement], bool]:
    """What the scenario says in coefficients, without which the statements found could all be met, and whether each of it
    is proven to be needed: a part about which time did not suffice to say is named too.

    All of it is left out at once, then halves and at last each part by itself, for good where the contradiction stays.
    """
    given = assembly.given
    if found.within == relaxation_ladder.PROOF:  # another model has no such rows to compare
        return [], False
    tight = time_aggregation.tightest(assembly.model)

    def remains(left_out: list[Inside]) -> bool | None:
        scenario = given.scenario
        for one in left_out:
            scenario = one.left_out(scenario)
        other = assemble(scenario, given.periods)
        return iis.remains(other.model, Register(other).text, found.statements, found.within, tight)

    every = inside(given)
    innocent: list[Inside] = []
    suspects = [every] if every else []
    needed: list[Inside] = []
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
