"""Verification of a plan: failure cases, the spare that they need, and planning again with it."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xisuan import units
from xisuan.decisions.display_names import called
from xisuan.errors import InfeasibleError, Problem, ScenarioError
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.results.verification import TABLES, Reason, Verification
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.plan_inputs.link_routes import Roads
from xisuan.simulation.plan_inputs.plan_arrays import setting
from xisuan.simulation.simulate import Trial
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
        if not 0 <= self.rounds <= 20:
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
        tell(progress, "verify", f"{len(broken)} of {len(cases)} cases break; planning again")
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


def _unproven(plan: Plan, number: int) -> Reason:
    """Return the message that the certificate of the plan of round `number` fails; empty if it holds or there is none."""
    found = plan.certificate
    if found is None or found.ok:
        return Reason()
    said = "; ".join(found.findings[:3]) or f"{found.max_violation:.1e}"
    name, name_zh = (
        ("the plan as given", "原方案") if number == 0 else (f"the plan of round {number}", f"第 {number} 轮方案")
    )
    return Reason(
        f"nothing can be said: the certificate of {name} does not hold ({said})", f"无法得出结论：{name_zh}核验未通过"
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
    links = (Failure("link", link[0]) for link in Roads(scenario, plan, of).links)
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


def _ended(scenario: Scenario, broken: list[Case], number: int, most: int) -> Reason:
    """Return why verification ends after round `number`; empty if it goes on."""
    if not broken:
        if number == 0:
            return Reason("the plan holds as it is", "原方案成立")
        return Reason(
            f"the plan holds after {units.counted(number, 'round')} of planning again",
            f"重新规划 {number} 轮后方案成立",
        )
    unproven = [(*_named(scenario, case.failure), case.why) for case in broken if not case.certified]
    if unproven:
        return Reason(
            "nothing can be said: " + "; ".join(f"with {name} down, {why.en}" for name, _, why in unproven),
            "无法得出结论：" + "；".join(f"{name}停运时，{why.zh}" for _, name, why in unproven),
        )
    if all(case.why for case in broken):
        return _beyond_any(scenario, broken)
    if number >= most:
        return _broken_still(scenario, broken, number)
    return Reason()


def _beyond_any(scenario: Scenario, broken: list[Case]) -> Reason:
    """Return the message that no spare serves all work in any failing case, the reason, and the spare for the rest."""
    some = any(len(case.spare) for case in broken)
    start, start_zh = ("no spare is enough", "任何备用容量都不足以承接全部工作") if some else (
        "no spare helps", "任何备用容量都无济于事"
    )  # fmt: skip
    said, said_zh = [], []
    for case in broken:
        name, name_zh = _named(scenario, case.failure)
        helps = bool(len(case.spare))
        rest = " (the cheapest spare serves the rest)" if helps else ""
        said.append(f"with {name} down, {case.why.en}{rest}")
        said_zh.append(f"{name_zh}停运时，{case.why.zh}{'（最低投资备用可承接其余部分）' if helps else ''}")
    return Reason(f"{start}: {'; '.join(said)}", f"{start_zh}：{'；'.join(said_zh)}")


def _broken_still(scenario: Scenario, broken: list[Case], number: int, *, over: bool = False) -> Reason:
    """Return the message that cases still fail after round `number`, with the worst; `over`: no rule is left to add."""
    worst, count = max(broken, key=lambda case: (case.unserved_share, case.late)), len(broken)
    name, name_zh = _named(scenario, worst.failure)
    then, then_zh = f"after {units.counted(number, 'round')} ", f"重新规划 {number} 轮后仍有"
    first, first_zh = (then, then_zh) if number else ("", "共有")
    if over:
        first = f"more capacity would not help, or may not be built: {first}"
        first_zh = f"增加容量无济于事或不被允许：{first_zh}"
    rows = worst.work[worst.work["owed"]].to_dict("records") if worst.unserved_share else []
    lost = max(rows, key=lambda row: float(row["unserved_share"]), default=None)
    work, work_zh = ("", "") if lost is None else _work_named(scenario, str(lost["workload"]))
    served, served_zh = ("all that must be served can be", "必须承接的工作仍可全部承接") if lost is None else (
        f"{lost['unserved_share']:.1%} of {work} cannot be served", f"{work_zh}有 {lost['unserved_share']:.1%} 无法承接"
    )  # fmt: skip
    usual = worst.failure.what == "nothing"
    late, late_zh = ("of all jobs are late", "的作业逾期") if usual else (
        "of a day's jobs are late beyond those late anyway", "的当日作业额外逾期"
    )  # fmt: skip
    return Reason(
        f"{first}{_breaking(count, still=number > 0)}, worst with {name} down: {served}, {worst.late:.1%} {late}",
        f"{first_zh} {count} 种情形不成立，最严重的是{name_zh}停运：{served_zh}，{worst.late:.1%} {late_zh}",
    )


def _work_named(scenario: Scenario, key: str) -> tuple[str, str]:
    """Return the name of a workload, or of other traffic, in English and Chinese."""
    return ("other traffic", "其他流量") if key == "traffic" else called(scenario, key, "workloads")


def _impossible(problem: InfeasibleError) -> Reason:
    """Return the message that no plan satisfies the rules, with the conflicting statements but without remedies."""
    start, start_zh = "no plan keeps what the failures ask for", "没有方案能满足这些故障的要求"
    if not problem.conflict:
        return Reason(f"{start}: {problem.message}", start_zh)
    stated = [line.split(" · ")[0].strip() for line in problem.conflict]
    rows = Counter(re.split("[,:]", line)[0] for line in stated)
    return Reason(
        f"{start}, for these cannot all hold: {'; '.join(stated)}",
        f"{start_zh}，以下规定相互冲突：{'、'.join(f'{table} 表 {count} 行' for table, count in rows.items())}",
    )


def _breaking(count: int, *, still: bool) -> str:
    return f"{units.counted(count, 'case')} {'still ' if still else ''}{'breaks' if count == 1 else 'break'}"


def _named(scenario: Scenario, failure: Failure) -> tuple[str, str]:
    """Return the name of the failed part in English and Chinese; a link by its ends."""
    if failure.what == "nothing":
        return "nothing", "无设施"
    if failure.what == "site":
        return called(scenario, failure.name, "sites")
    rows = scenario["links"]
    row = rows[rows["link"] == failure.name].iloc[0]
    one, other = (called(scenario, str(row[end]), "nodes", "regions") for end in ("from", "to"))
    return f"the link {one[0]} – {other[0]}", f"{one[1]}–{other[1]}链路"


def _result(
    first: Plan, last: Plan, trial: Trial, ask: Ask, verdict: tuple[bool, Reason], rounds: list[list[Case]],
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
    return Verification(*verdict, last, given, made)


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
