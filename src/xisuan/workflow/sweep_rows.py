"""Rows of a sweep: status and figures of a member's plan, or the reason why it has none; the table of all members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from xisuan.dispatch.dual_proof import PENALTY
from xisuan.results.plan import Plan
from xisuan.results.summaries.build_frequency import things
from xisuan.results.summaries.unserved_work import undone
from xisuan.results.sweep import FIGURES, GOOD, HEAD, PLACE
from xisuan.scenario.queries import levers
from xisuan.text.translation import LANGUAGES, Series, Translatable, translate
from xisuan.workflow.compare import FIGURES as COMPARED

Row = dict[str, object]


def planned(found: Plan) -> Row:
    """Return a sweep's row for a certified plan: status, proof, figures, capacity and orders by place."""
    certificate = found.certificate
    assert certificate is not None  # workflow.plan always sets it
    row: Row = {
        "status": found.status,
        "why": "",
        "why_zh": "",
        "objective": found.objective,
        "lower_bound": found.lower_bound,
    }
    row |= {"gap": found.gap, "violation": certificate.max_violation}
    if not certificate.ok:
        return {**row, "status": "uncertified", **told([Series(certificate.findings)])}
    return {**row, **_figures(found), **things(found.tables["builds"])}


def _figures(found: Plan) -> Row:
    """Return the figures of a plan, by name, and the equipment at each place in the last period."""
    of: Row = {name: figure(found) for name, _, figure, _ in COMPARED if name in FIGURES}
    sites = found.scenario["sites"]
    west = set(sites.loc[sites["lon"] < levers.DIVIDE, "site"])
    stands = found.tables["capacity"]
    last = stands[(stands["asset"] == "compute") & (stands["period"] == stands["period"].max())]
    places = last.groupby("where", sort=True)["mw"].sum()
    missed = max(undone(found.tables["service"])["share"], default=0.0)
    of |= {f"{PLACE}{where}": float(mw) for where, mw in places.items()}
    costs = found.tables["costs"]
    priced = float(costs.loc[costs["term"] == PENALTY, "discounted_mcny"].sum())
    of["penalty"] = priced if missed > 0.0 else 0.0  # else rounding noise
    return of | {"western_compute": float(places[places.index.isin(west)].sum()), "unserved_share": 100.0 * missed}


def gathered(rows: Mapping[int, Row], names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of members, by number, as the table `members` of a sweep of these levers, in order.

    What a plan does not build, or does not have at a place, is 0; a member without a plan has no numbers.
    """
    frame = pd.DataFrame([rows[member] for member in sorted(rows)])
    places = sorted(name for name in frame.columns if name.startswith(PLACE))
    things = [*places, *sorted(name for name in frame.columns if ":" in name and name not in places)]
    frame = frame.reindex(columns=[*HEAD, *names, *FIGURES, *things])
    good = frame["status"].isin(GOOD)
    frame[things] = frame[things].astype(np.float64).where(frame[things].notna() | ~good.to_numpy()[:, None], 0.0)
    numbers = [name for name in frame.columns if name not in ("member", "status", "why", "why_zh")]
    texts = dict.fromkeys(("status", "why", "why_zh"), str)
    return frame.astype({"member": np.int64, **texts, **dict.fromkeys(numbers, np.float64)})


def told(lines: Sequence[Translatable | str]) -> Row:
    """Return the lines of a reason as the columns `why` and `why_zh`."""
    texts = ("\n".join(translate(line, language) for line in lines) for language in LANGUAGES)
    return dict(zip(("why", "why_zh"), texts, strict=True))
