"""Plan with integer variables on all hours of two years: `python -m benchmarks.dived [SCENARIO [PHASE_MW [GAP]]]`.

Default: `starter` with halls in phases of half a MW, by relaxation, rounding and diving. Building, compiling and the
certificate are counted.
"""

from __future__ import annotations

import json
import sys
import time

import xisuan as xs
from benchmarks.process import peak_mb


def main(name: str = "starter", phase_mw: float = 0.5, gap: float = 1e-3) -> None:
    """Plan once and print seconds, sizes, and the certified gap to the bound of the relaxation."""
    given = xs.on_hours(xs.load(name), xs.Hours("year"))
    given = given.with_tables(halls=given["halls"].assign(phase_mw=phase_mw))
    began = time.perf_counter()
    found = xs.plan(given, xs.Options(gap=gap))
    seconds = time.perf_counter() - began
    certificate, effort = found.certificate, found.effort
    assert certificate is not None
    assert certificate.ok, certificate.findings
    told = {
        "seconds": round(seconds, 1),
        "columns": effort.columns,
        "integers": effort.integers,
        "status": found.status,
        "objective": found.objective,
        "gap": found.gap,
        "certified_gap": certificate.gap(found.objective),
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(float, sys.argv[2:4]))
