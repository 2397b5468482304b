"""One plan with whole numbers over all hours of its years: `python -m benchmarks.dived [SCENARIO [PHASE_MW [GAP]]]`.

As it is: `starter` on all hours of its two years, halls in phases of half a MW, relaxed, rounded and dived. Building and
compiling are counted, as it is what `xisuan plan` does; the certificate that proves the bound is, too.
"""

from __future__ import annotations

import json
import sys
import time

import xisuan as xs
from benchmarks.process import peak_mb


def main(name: str = "starter", phase_mw: float = 0.5, gap: float = 1e-3) -> None:
    """Plan once and print seconds, sizes, and how far from the bound of the relaxation the plan is proven to be."""
    given = xs.on_hours(xs.load(name), xs.Hours("year"))
    given = given.with_tables(halls=given["halls"].assign(phase_mw=phase_mw))
    began = time.perf_counter()
    found = xs.plan(given, xs.How(gap=gap))
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
