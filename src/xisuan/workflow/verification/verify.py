"""Verification of a plan: failure cases, the spare that they need, and planning again with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xisuan.decisions.display_names import title_of
from xisuan.errors import InfeasibleError, Problem, ScenarioError
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.results.verification import MOST_ROUNDS, TABLES, Verification
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.plan_inputs.link_routes import LinkRoutes
from xisuan.simulation.plan_inputs.plan_arrays import setting
from xisuan.simulation.simulate import Trial
from xisuan.text.translation import LANGUAGES, Bilingual, Message, Series, Translatable, plural, translate, unfilled
from xisuan.text.translation import message as _
from xisuan.workflow.plan import plan as planned
from xisuan.workflow.verification import capacity_floors
from xisuan.workflow.verification.contingency import NOTHING, Failure
from xisuan.workflow.verification.failure_case import Case, Ordeal

STEP, MOST = 0.1, 0.5
"""Increment of the spare's headroom in a round with too many late jobs, and its maximum."""

Planner = Callable[[Scenario], Plan]


@dataclass(frozen=True, slots=True)
class Ask:
    """Requirement on a plan: all mandatory work is served and at most a share `limit` of its jobs is late, without
    failures and with each of `failures` for a day (default: each site and each link of the plan). At most `rounds`
    rounds of planning again.
    """

    limit: float = 0.01
    failures: tuple[Failure, ...] = ()
    rounds: int = 3

    def __post_init__(self) -> None:
        bad = []
        if not 0.0 <= self.limit < 1.0:
            bad.append(Problem("limit-not-a-share", column="limit", value=str(self.limit)))
        if not 0 <= self.rounds <= MOST_ROUNDS:
            bad.append(Problem("rounds-out-of-range", column="rounds", value=str(self.rounds)))
        if bad:
            raise ScenarioError(bad)


def verify(
    scenario: Scenario, plan: Plan, trial: Trial, ask: Ask = Ask(), *, planner: Planner = planned,
    progress: Report | None = None,
) -> Verification:  # fmt: skip
    """Verify `plan` without failures and with each failure, and plan again with spare capacity until it holds.

    Each case is solved for the best operation, which shows the work that cannot be served, and simulated, which shows
    the late jobs. Where service breaks, the cheapest spare is computed, with more headroom in each round in which jobs
    are late. It becomes a rule for the next plan, which is verified in turn.

    It ends when all cases hold, when a certificate fails, when no spare can help, when the rules are infeasible, or
    after the last round; `why` gives the reason. Raises ScenarioError for invalid options.
    """
    period = plan.scenario.settings.periods[-1] if trial.period is None else trial.period
    trial = dataclasses.replace(trial, period=period, baseline=False)
    current, asked = plan, scenario
    rounds: list[list[Case]] = []
    changes: list[capacity_floors.Change] = []
    headroom = 0.0
    while True:
        if why := _unproven(current, len(rounds)):
            return _result(plan, current, trial, ask, (False, why), rounds, changes)
        failures = ask.failures or _all(scenario, current, period)
        ordeal = Ordeal(scenario, current, trial, ask.limit)
        cases = _round(ordeal, failures, len(rounds), progress)
        rounds.append(cases)
        broken = [case for case in cases if not case.holds]
        why = _ended(scenario, broken, len(rounds) - 1, ask.rounds)
        if why:
            break
        tell(
            progress,
            "verify",
            _("{count} of {count2} cases break; planning again", count=len(broken), count2=len(cases)),
        )
        new, headroom = _more(ordeal, asked, current, broken, ask.limit, headroom, len(rounds))
        if not new:
            why = _broken_still(scenario, broken, len(rounds) - 1, over=True)
            break
        asked, changes = capacity_floors.amended(asked, period, new), [*changes, *new]
        try:
            current = planner(asked)
        except InfeasibleError as problem:
            why = _impossible(problem)
            break
    return _result(plan, current, trial, ask, (not broken, why), rounds, changes)


def _unproven(plan: Plan, number: int) -> Message | None:
    """Return the message that the certificate of the plan of round `number` fails; None if it holds or was not checked."""
    found = plan.certificate
    if found is None or found.ok:
        return None
    name = _("the plan as given") if number == 0 else _("the plan of round {number}", number=number)
    return _(
        "nothing can be said: the certificate of {name} does not hold ({finding})",
        name=name,
        finding=Series(found.findings[:3] or (f"{found.max_violation:.1e}",)),
    )


def _more(
    ordeal: Ordeal, asked: Scenario, plan: Plan, broken: list[Case], limit: float, headroom: float, number: int
) -> tuple[list[capacity_floors.Change], float]:
    """Return the rules for the plan of round `number` beyond what `plan` has, and the headroom used. No rules: even the
    largest headroom adds none.

    Where jobs are late, the headroom of the spare grows and links must carry the simulated traffic of jobs. Where jobs
    follow the schedule, the schedule must leave the headroom free too.
    """
    late, before = [case for case in broken if case.late > limit], headroom
    while True:
        headroom = min(MOST, headroom + STEP) if late else headroom
        frames = [ordeal.spare(case.failure, headroom) for case in broken]
        frames += [ordeal.narrow(case, headroom) for case in late]
        new = capacity_floors.floors(asked, plan, ordeal.period, pd.concat(frames, ignore_index=True), number)
        if late and ordeal.scheduled and headroom > before:
            new.append(capacity_floors.reserve(headroom, number))
        if new or not late or headroom >= MOST:
            return new, headroom


def _all(scenario: Scenario, plan: Plan, period: int) -> tuple[Failure, ...]:
    """Return each site that runs work, and each link."""
    of = setting(scenario, plan, period)
    links = (Failure("link", link[0]) for link in LinkRoutes(scenario, plan, of).links)
    return (*(Failure("site", site) for site in of.sites), *links)


def _round(ordeal: Ordeal, failures: tuple[Failure, ...], number: int, progress: Report | None) -> list[Case]:
    """Return every case of one plan."""
    every, cases = (NOTHING, *failures), []
    for case in ordeal.cases(failures):
        cases.append(case)
        then = every[len(cases)] if len(cases) < len(every) else NOTHING
        text = f"round {number}: {then.what} {then.name}".rstrip()
        tell(progress, "verify", text, len(cases) / len(every))
    return cases


def _ended(scenario: Scenario, broken: list[Case], number: int, most: int) -> Message | None:
    """Return why verification ends after round `number`; None if it goes on."""
    if not broken:
        if number == 0:
            return _("the plan holds as it is")
        return plural(
            "the plan holds after {count} round of planning again",
            "the plan holds after {count} rounds of planning again",
            number,
        )
    unproven = [_with(scenario, case) for case in broken if not case.certified]
    if unproven:
        return _("nothing can be said: {cases}", cases=Series(tuple(unproven)))
    if all(case.why for case in broken):
        return _beyond_any(scenario, broken)
    return _broken_still(scenario, broken, number) if number >= most else None


def _with(scenario: Scenario, case: Case) -> Message:
    """Return why a case fails, with the name of what is down."""
    return _("with {name} down, {why}", name=_failed_part_name(scenario, case.failure), why=case.why)


def _beyond_any(scenario: Scenario, broken: list[Case]) -> Message:
    """Return the message that no spare serves all work in any failing case, the reason, and the spare for the rest."""
    said = [
        _("{case} (the cheapest spare serves the rest)", case=_with(scenario, case))
        if len(case.spare)
        else _with(scenario, case)
        for case in broken
    ]
    if any(len(case.spare) for case in broken):
        return _("no spare is enough: {cases}", cases=Series(tuple(said)))
    return _("no spare helps: {cases}", cases=Series(tuple(said)))


def _broken_still(scenario: Scenario, broken: list[Case], number: int, *, over: bool = False) -> Message:
    """Return the message that cases still fail after round `number`, with the worst; `over`: no rule is left to add."""
    worst = max(broken, key=lambda case: (case.unserved_share, case.late))
    cases = plural("{count} case breaks", "{count} cases break", len(broken))
    if number:
        cases = plural("{count} case still breaks", "{count} cases still break", len(broken))
        rounds = plural("{count} round", "{count} rounds", number)
        cases = _("after {rounds} {cases}", rounds=rounds, cases=cases)
    if over:
        cases = _("more capacity would not help, or may not be built: {cases}", cases=cases)
    rows = worst.work[worst.work["owed"]].to_dict("records") if worst.unserved_share else []
    lost = max(rows, key=lambda row: float(row["unserved_share"]), default=None)
    served = _("all that must be served can be")
    if lost is not None:
        work = _work_named(scenario, str(lost["workload"]))
        served = _("{share:.1%} of {work} cannot be served", share=float(lost["unserved_share"]), work=work)
    late = _("{share:.1%} of a day's jobs are late beyond those late anyway", share=worst.late)
    if worst.failure.what == "nothing":
        late = _("{share:.1%} of all jobs are late", share=worst.late)
    name = _failed_part_name(scenario, worst.failure)
    return _("{cases}, worst with {name} down: {served}, {late}", cases=cases, name=name, served=served, late=late)


def _work_named(scenario: Scenario, key: str) -> Translatable:
    """Return the name of a workload, or of other traffic."""
    return _("other traffic") if key == "traffic" else title_of(scenario, key, "workloads")


def _impossible(problem: InfeasibleError) -> Message:
    """Return the message that no plan satisfies the rules, with the conflicting statements but without remedies."""
    if not problem.conflict:
        return _("no plan keeps what the failures ask for: {why}", why=problem.message)
    stated = [one.values.get("stated", one) if isinstance(one, Message) else one for one in problem.conflict]
    source = unfilled("no plan keeps what the failures ask for, for these cannot all hold: {statements}")
    return _(source, statements=Series(tuple(stated)))


def _failed_part_name(scenario: Scenario, failure: Failure) -> Translatable:
    """Return the name of the failed part; a link by its ends."""
    if failure.what == "nothing":
        return _("nothing")
    if failure.what == "site":
        return title_of(scenario, failure.name, "sites")
    rows = scenario["links"]
    row = rows[rows["link"] == failure.name].iloc[0]
    one, other = (title_of(scenario, str(row[end]), "nodes", "regions") for end in ("from", "to"))
    return _("the link {one} – {other}", one=one, other=other)


def _result(
    first: Plan, last: Plan, trial: Trial, ask: Ask, verdict: tuple[bool, Message], rounds: list[list[Case]],
    changes: list[capacity_floors.Change],
) -> Verification:  # fmt: skip
    given: dict[str, str | int | float] = {
        "scenario": first.scenario.settings.name, "period": int(trial.period or 0), "limit": ask.limit,
        "rounds": max(0, len(rounds) - 1), "place": trial.place if isinstance(trial.place, str) else trial.place.name,
        "replications": trial.replications, "seed": trial.seed, **dataclasses.asdict(trial.sampling),
        "first_cost_mcny": first.cost_mcny, "last_cost_mcny": last.cost_mcny,
    }  # fmt: skip
    numbered = [(number, case) for number, cases in enumerate(rounds) for case in cases]
    made = {
        "cases": pd.DataFrame([case.row(number) for number, case in numbered], columns=list(TABLES["cases"])),
        "work": _stacked("work", [(number, case, case.work) for number, case in numbered]),
        "spare": _stacked("spare", [(number, case, case.spare) for number, case in numbered]),
        "asked": pd.DataFrame([dataclasses.asdict(change) for change in changes], columns=list(TABLES["asked"])),
        "added": _added(first, last),
    }
    holds, why = verdict
    reason = Bilingual(*(translate(why, language) for language in LANGUAGES))
    return Verification(holds, reason, last, given, made)


def _stacked(name: str, parts: list[tuple[int, Case, pd.DataFrame]]) -> pd.DataFrame:
    """Return a table of all cases, each row with its round and failure."""
    frames = [
        frame.assign(round=number, what=case.failure.what, name=case.failure.name)
        for number, case, frame in parts
        if len(frame)
    ]
    columns = list(TABLES[name])
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _added(first: Plan, last: Plan) -> pd.DataFrame:
    """Return the orders of the last plan less those of the first, by asset and place, without rounding noise."""
    keys = ["asset", "where"]
    sums = [plan.tables["builds"].groupby(keys)[["mw", "capex_mcny"]].sum() for plan in (first, last)]
    more = sums[1].sub(sums[0], fill_value=0.0)
    return more[more.abs().max(axis=1) > 1e-3].reset_index()
