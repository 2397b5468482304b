"""`xisuan doctor`: versions, machine, optional packages and a test of the installation."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from typing import Any, Literal

import click

from gnomon import Options
from xisuan import extras
from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import XisuanError, indented
from xisuan.operating_system import system
from xisuan.scenario.load import load
from xisuan.text.translation import Language, Translator
from xisuan.text.translation import message as _
from xisuan.versions import versions
from xisuan.workflow.plan import plan

Tested = Literal["simplex", "ipx", "hipo"]
SOLVERS: tuple[Tested, ...] = ("simplex", "ipx", "hipo")
AGREEMENT = 1e-5
"""Relative difference of two optima that are both proven to 1e-6."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Result of planning `starter` with one solver: its optimum, certificate and seconds; `why` if it failed."""

    solver: str
    objective: float
    certified: bool
    seconds: float
    why: str

    def is_right(self, reference: float) -> bool:
        """Return True if the plan is certified and costs as much as the reference."""
        return self.certified and abs(self.objective - reference) <= AGREEMENT * abs(reference)


@click.command("doctor", epilog="Example:  xisuan doctor --lang zh")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(as_json: bool, lang: str | None) -> int:
    """Show versions, machine and optional packages, and test the installation in some ten seconds.

    The test plans `starter` with each solver of HiGHS. All plans must be certified and cost the same.
    """
    say = output.speech(lang)
    if not as_json:
        output.give(_installed(say))
    trials = [_tried(solver, say.language) for solver in SOLVERS]
    reference = next((one.objective for one in trials if one.certified), float("nan"))
    right = all(one.is_right(reference) for one in trials)
    if as_json:
        output.give_json({"ok": right, **_machine(), "versions": versions(), "extras": _extras(),
                          "self_test": [_document(one, reference) for one in trials]})  # fmt: skip
    else:
        output.give(_tests(trials, reference, say))
    return 0 if right else 4


def _tried(solver: Tested, language: Language) -> Trial:
    began = time.monotonic()
    try:
        found = plan(load("starter"), Options(solver=solver), method="direct")
    except XisuanError as problem:
        return Trial(solver, float("nan"), False, time.monotonic() - began, indented(problem, language).strip())
    ok = found.certificate is not None and found.certificate.ok
    return Trial(solver, found.objective, ok, time.monotonic() - began, "")


def _document(one: Trial, reference: float) -> dict[str, Any]:
    return {"solver": one.solver, "ok": one.is_right(reference), "objective": one.objective,
            "seconds": round(one.seconds, 2), "why": one.why}  # fmt: skip


def _machine() -> dict[str, Any]:
    """Return operating system, processors and memory."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_mb": round(system.total_memory_mb()),
    }


def _extras() -> dict[str, bool]:
    return {extra: not extras.missing(extra) for extra in extras.MODULES}


def _installed(say: Translator) -> list[str]:
    """Return machine, versions and extras as lines for people."""
    machine = _machine()
    memory = say(_("{gb:.1f} GB of memory", gb=machine["memory_mb"] / 1024))
    cores = say(_("{count} processor cores", count=machine["cores"]))
    packages = ", ".join(f"{name} {version}" for name, version in versions().items())
    rows = [(say(_("machine")), f"{machine['system']}; {cores}; {memory}"), (say(_("packages")), packages)]
    optional = [
        (
            f"[{extra}]",
            say(_("installed")) if there else say(_("not installed: {command}", command=extras.command(extra))),
        )
        for extra, there in _extras().items()
    ]
    return [*text_layout.pairs(rows, indent=0), "", say(_("Optional packages")), *text_layout.pairs(optional), ""]


def _tests(trials: list[Trial], reference: float, say: Translator) -> list[str]:
    """Return the result of each solver, and the verdict, as lines for people."""
    tests = [(one.solver, _verdict(one, reference, say)) for one in trials]
    right = all(one.is_right(reference) for one in trials)
    end = _("xisuan is ready.") if right else _("The installation is faulty: reinstall xisuan, or report this output.")
    return [say(_("Test: plan `starter` with each solver")), *text_layout.pairs(tests), "", say(end)]


def _verdict(one: Trial, reference: float, say: Translator) -> str:
    if one.why:
        return say(_("failed: {why}", why=one.why))
    if not one.is_right(reference):
        return say(_("failed: {cost:.6g} million CNY instead of {right:.6g}", cost=one.objective, right=reference))
    return say(_("certified, {cost:.6g} million CNY, {seconds:.1f} s", cost=one.objective, seconds=one.seconds))
