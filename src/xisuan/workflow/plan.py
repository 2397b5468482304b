"""Planning with certification: a plan is always returned with its certificate."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from gnomon import Options, count_cluster_workers, recruit_from_cluster
from xisuan.certificate.certify_plan import certify
from xisuan.errors import SolverError
from xisuan.planning.expansion import plan as find
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.versions import versions

DEFAULT_OPTIONS = Options()
"""Default solve options: automatic choice of solver at the default gap."""


def plan(
    scenario: Scenario,
    options: Options = DEFAULT_OPTIONS,
    *,
    method: str = "auto",
    workers: int | None = None,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Report | None = None,
) -> Plan:
    """Return the least-cost (or least-carbon) plan of `scenario`, certified independently of the solver.

    `workers`: processes that share the hours in the structured method; default 1. `cluster`: scheduler of a Dask
    cluster whose workers (`workers` of them, default all) share them with this process. `folder`: folder of checkpoints
    of a long solve, from which the same call resumes after an interruption; it is removed at the end.

    Raises InfeasibleError with an irreducible set of contradicting statements, SolverError where the solver gives no
    answer. A failed certificate is part of the plan: check `certificate.ok`.
    """
    with shared(options, workers, cluster, folder) as spread:
        found = find(scenario, spread, method=method, check=partial(certify, scenario), progress=progress)
    return with_certificate(found, progress)


def with_certificate(found: Plan, progress: Report | None) -> Plan:
    """Return the plan with its certificate, computed unless the solve has already made it."""
    if found.certificate is not None:
        tell(progress, "certify", _("the plan has been checked against the scenario"))
        return found
    tell(progress, "certify", _("checking the plan against the scenario"))
    return dataclasses.replace(found, certificate=certify(found.scenario, found))


@contextmanager
def shared(options: Options, workers: int | None, cluster: str | None, folder: Path | None) -> Iterator[Options]:
    """Context with `options` extended by workers that share the hours and a checkpoint folder, removed when empty."""
    if workers is not None and workers < 1:
        raise SolverError(f"there can be no {workers} workers: give at least 1")
    if cluster is None:
        spread = dataclasses.replace(options, workers=options.workers if workers is None else workers)
    else:
        members = count_cluster_workers(cluster) if workers is None else workers
        spread = dataclasses.replace(options, workers=1 + members, recruit=recruit_from_cluster(cluster, versions()))
    yield dataclasses.replace(spread, kept=folder or options.kept)
    if folder is not None:
        with suppress(OSError):  # never created, or not empty
            folder.rmdir()
