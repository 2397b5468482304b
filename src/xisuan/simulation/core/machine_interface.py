"""Interface between the event core and the allocation of machines.

In a world without machines (no `yard`) every function here is a constant, because servers are divisible. Numba resolves
this by the type of the world, so such a world neither compiles nor runs any allocation code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xisuan.simulation.core.compilation import implement_by_type, is_absent
from xisuan.simulation.core.machine_allocation import fits_by, leave_machines, promised_time, put_on_machines
from xisuan.simulation.core.machine_failures import (
    can_hold,
    copy_needs,
    is_on_broken_machine,
    mend_machines,
    pass_machines_on,
    take_machines_down,
)
from xisuan.simulation.core.records import CURSOR, World


def ask(w: World, j: int) -> None:
    """Store what an arriving job needs of machines."""


def take(w: World, s: int, j: int) -> bool:
    """Allocate machines of station `s` to job `j`; return True if it fits."""
    raise NotImplementedError


def give_back(w: World, j: int) -> None:
    """Release the machines of job `j`."""


def can_run(w: World, s: int, j: int) -> bool:
    """Return True if station `s`, with all machines empty and up, can run job `j`."""
    raise NotImplementedError


def promise(w: World, s: int, j: int) -> tuple[float, int]:
    """Return the reservation of job `j`, the head of the line, and the servers that are then left over.

    The reservation is the time at which the job fits by the estimates of the running jobs.
    """
    raise NotImplementedError


def still_fits(w: World, s: int, j: int, time: float) -> bool:
    """Return True if job `j`, the head of the line, still fits at `time`."""
    raise NotImplementedError


def break_down(w: World, s: int, f: int) -> int:
    """Take down the machines of station `s` that failure `f` strikes; return their servers."""
    raise NotImplementedError


def pass_on(w: World, s: int, f: int, to: int) -> int:
    """Transfer what failure `f` took down to failure `to`, up to what `to` lacks; return the servers transferred."""
    raise NotImplementedError


def mend(w: World, s: int, f: int) -> None:
    """Bring the machines that failure `f` took down back up."""


def is_broken(w: World, j: int) -> bool:
    """Return True if job `j` uses a machine that is down."""
    raise NotImplementedError


Behind = Callable[..., Any]


@implement_by_type(ask)
def _ask(w: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, j: None
    return lambda w, j: copy_needs(w.yard, j, w.counts[CURSOR] - 1)


@implement_by_type(take)
def _take(w: Any, s: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, j: True
    return lambda w, s, j: w.stations[s].kinds == 0 or put_on_machines(w.yard, s, j)


@implement_by_type(give_back)
def _give_back(w: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, j: None
    return lambda w, j: leave_machines(w.yard, j)


@implement_by_type(can_run)
def _able(w: Any, s: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, j: True
    return lambda w, s, j: w.stations[s].kinds == 0 or can_hold(w.yard, s, j)


@implement_by_type(promise)
def _promise(w: Any, s: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, j: (0.0, 0)
    return lambda w, s, j: promised_time(w.yard, s, j)


@implement_by_type(still_fits)
def _kept(w: Any, s: Any, j: Any, time: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, j, time: True
    return lambda w, s, j, time: fits_by(w.yard, s, j, time)


@implement_by_type(break_down)
def _break_down(w: Any, s: Any, f: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, f: 0
    return lambda w, s, f: take_machines_down(w.yard, s, f)


@implement_by_type(pass_on)
def _pass_on(w: Any, s: Any, f: Any, to: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, f, to: min(w.failures[f].taken, w.failures[to].short)
    return lambda w, s, f, to: pass_machines_on(w.yard, s, f, to)


@implement_by_type(mend)
def _mend(w: Any, s: Any, f: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, s, f: None
    return lambda w, s, f: mend_machines(w.yard, s, f)


@implement_by_type(is_broken)
def _broken(w: Any, j: Any) -> Behind:
    if is_absent(w, "yard"):
        return lambda w, j: False
    return lambda w, j: is_on_broken_machine(w.yard, j)
