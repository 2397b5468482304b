"""The least of a scenario: cost, tonnes or residents (formulas.md "Objective"), and of several futures (members.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tests.oracle import levers
from tests.oracle.clock import Block
from tests.oracle.folder import Folder
from tests.oracle.model import Model
from tests.oracle.program import Optimum, Program, Sum, add, add_all

ROOM = 1e-7
"""Part by which tonnes may exceed their least when the cheapest plan is sought (model-limits.md, Least carbon)."""

ORDERS = (
    "build_hall", "hall_phases", "retrofit", "build", "build_modules", "build_link", "link_modules", "build_supply",
    "build_energy", "open", "deploy", "lay",
)  # fmt: skip
"""Variables that are orders: in the first open period the same in all members."""


@dataclass
class Answer:
    """Status, objective as plan.json has it, discounted cost in mCNY, and the model (None of several futures).

    `least` and `most`: the cost with three times the room in tonnes or residents that model.md gives, and with none.
    """

    status: str
    objective: float = math.nan
    cost: float = math.nan
    model: Model | None = None
    least: float = math.inf
    most: float = -math.inf


def solve(path: Path, chosen: tuple[Block, ...] = ()) -> Answer:
    """Return the optimum of a scenario folder."""
    folder = Folder(path)
    if folder.has("members"):
        return _expected(folder, chosen)
    model = Model(folder, chosen)
    match folder.options["objective"]:
        case "carbon":
            return _lexicographic(model, model.tonnes, 0.0)
        case "residents":
            reached, everybody = _residents(model)
            return _lexicographic(model, {column: -value for column, value in reached.items()}, everybody)
    found = model.program.solve(model.program.total())
    cost = found.objective + model.program.constant
    return Answer(found.status, cost, cost, model)


def _residents(model: Model) -> tuple[Sum, float]:
    """Return resident-years in gigabit cities, and those of all cities."""
    reached: Sum = {}
    everybody = 0.0
    for city in model.folder.names("cities"):
        for y in model.clock.periods:
            state = model.folder.at("city_state", y, city) or {}
            people = float(state.get("population") or 0.0) * len(model.clock.years(y))
            add(reached, model.program.get("gigabit", city, y), people)
            everybody += people
    return reached, everybody


def _lexicographic(model: Model, goal: Sum, constant: float) -> Answer:
    """Return the least of a goal, and the least cost of what reaches it."""
    program = model.program
    first = program.solve(goal)
    if first.status != "optimal":
        return Answer(first.status)
    cost = program.total()
    room = [
        program.solve(cost, (goal, first.objective + part * max(abs(first.objective), 1e-9)))
        for part in (ROOM, 3 * ROOM, 0.0)
    ]
    status, costs = room[0].status, [one.objective + program.constant for one in room]
    return Answer(status, first.objective + constant, costs[0], model, least=costs[1], most=costs[2])


def _expected(folder: Folder, chosen: tuple[Block, ...]) -> Answer:
    """Return the least expected cost where orders and retirements of the first open period are the same in all members,
    or the mix of it and CVaR that options.md, risk.weight, says."""
    joint = Program()
    risk = {"level": 0.9, "weight": 0.0} | folder.options.get("risk", {})
    level, weight = float(risk["level"]), float(risk["weight"])
    threshold = joint.variable("threshold", lower=-math.inf)
    goal_of_risk: Sum = {threshold: 1.0}
    goal: Sum = {}
    constant = 0.0
    shared: dict[tuple[object, ...], int] = {}
    for row in folder.rows["members"]:
        model = Model(levers.moved(folder, row), chosen)
        at = _append(joint, model.program)
        probability = float(row["probability"])
        cost = {column + at: value for column, value in model.program.total().items()}
        add_all(goal, cost, (1.0 - weight) * probability)
        constant += (1.0 - weight) * probability * model.program.constant
        above = joint.variable("above", row["member"])
        goal_of_risk[above] = probability / (1.0 - level)
        joint.row({**cost, threshold: -1.0, above: -1.0}, upper=-model.program.constant)
        for key, column in model.program.columns.items():
            if is_common(key, model.clock.first_open):
                first = shared.setdefault(key, column + at)
                if first != column + at:
                    joint.equal({first: 1.0, column + at: -1.0})
    add_all(goal, goal_of_risk, weight)
    found: Optimum = joint.solve(goal)
    return Answer(found.status, found.objective + constant, found.objective + constant)


def is_common(key: tuple[object, ...], first_open: int | None) -> bool:
    """Return whether a decision is the same in all members: orders of the first open period, and fleet kept in it."""
    return key[0] in (*ORDERS, "kept") and key[-1] == first_open


def _append(joint: Program, program: Program) -> int:
    """Put a program beside those in `joint`; return where its columns begin."""
    at = len(joint.lower)
    for key in program.columns:
        column = program.columns[key]
        joint.variable(at, *key, lower=program.lower[column], upper=program.upper[column], whole=program.whole[column])
    for terms, sides in program.rows():
        joint.row({column + at: value for column, value in terms.items()}, *sides)
    joint.gates += [(column + at, switch + at) for column, switch in program.gates]
    return at
