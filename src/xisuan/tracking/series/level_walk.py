"""Forecasts of a series: a random walk with drift of the logarithms in state space, with prediction intervals.

The level is a Gaussian random walk with an unknown drift, which starts from a wide prior. The interval thus includes
the uncertainty of the drift (Durbin and Koopman, Time Series Analysis by State Space Methods, 2012, chapter 5).
Observations may be missing and unevenly spaced. Few observations do not determine the variance: it is shrunk towards
that of comparable series with the weight of a few observations, and quantiles are Student's.
"""

from __future__ import annotations

import datetime
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from xisuan.tracking.series.outlook import WHOLE, Outlook, from_odds, to_odds

if TYPE_CHECKING:
    from statsmodels.tsa.statespace.kalman_filter import FilterResults

Array = NDArray[np.float64]

PRIOR_SD = 0.10
"""Prior standard deviation of a year's step of the logarithm about its drift, typical of the shipped series."""
PRIOR_WEIGHT = 2.0
"""Weight of the prior in observations."""
DRIFT_MEAN, DRIFT_SD = 0.10, 0.25
"""Prior mean and standard deviation of the yearly drift: growth of 10 % ± 25 points."""
LEAST = 2
"""Least number of levels for a forecast."""
DAMPING = 0.95
"""Factor of the drift per year: damped trends forecast better (Gardner and McKenzie, Management Science 31, 1985).

Of 0.8, 0.85, 0.9, 0.95 and 1, the value with the least error on the yearly series of the M1, tourism and M3
competitions; M3 is therefore no independent check of this choice.
"""


def outlook(
    days: Sequence[datetime.date],
    levels: Sequence[float],
    ahead: Sequence[datetime.date],
    noise: float = 0.0,
    *,
    share: bool = False,
    grew: Sequence[float] = (),
) -> list[Outlook] | None:
    """Return the forecast on each day `ahead`; None for too few levels.

    `days` ascend; `levels` are above 0. `noise`: standard deviation of the logarithm of the last level if that is a
    nowcast. Time steps are months, or years if all days are whole years apart. A `share` of a whole, in per cent,
    follows a walk of its log-odds and thus never passes the whole. `grew`: logarithms of published yearly growths of
    years between which no levels are known; they tell how much a year varies.
    """
    if len(levels) < LEAST or min(levels) <= 0.0:
        return None
    if share:
        # d log(p / (1 − p)) = d log p / (1 − p): steps of the log-odds exceed those of the smaller of p and 1 − p,
        # which is taken to walk as other levels do.
        more = WHOLE / max(levels[-1], WHOLE - levels[-1])
        odds = _walked(days, [to_odds(level) for level in levels], ahead, noise, more)
        return None if odds is None else [from_odds(one) for one in odds]
    return _walked(days, levels, ahead, noise, grew=grew)


def growth(
    days: Sequence[datetime.date], levels: Sequence[float], first: datetime.date, last: datetime.date
) -> Outlook | None:
    """Return the forecast ratio of the level on day `last` to that on day `first`; None for too few levels.

    `first` is no earlier than the last of `days`.
    """
    walk = _laid_out(days, levels, [first, last]) if first >= days[-1] else None
    if walk is None:
        return None
    found, start, end = _filter(walk), walk.step(first), walk.step(last)
    # Var(x_end − x_start) = P_end + P_start − 2 (T^k P_start), with k steps between them.
    on = np.linalg.matrix_power(_transition(walk.length), end - start)
    before = found.filtered_state_cov[:, :, start]
    middle = float(found.predicted_state[0, end] - found.filtered_state[0, start])
    width = math.sqrt(found.predicted_state_cov[0, 0, end] + before[0, 0] - 2.0 * (on @ before)[0, 0])
    scale = float(special.stdtrit(walk.freedom, 0.9)) * width
    return Outlook(last, math.exp(middle), math.exp(middle - scale), math.exp(middle + scale), width, walk.freedom)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Logarithms of levels in steps of `length` years from the day `start` to the last day forecast; NaN where missing.

    `last`: step of the last level. `more`: factor of the steps relative to those of other levels.
    """

    start: datetime.date
    yearly: bool
    length: float
    logs: Array
    last: int
    variance: float
    freedom: float
    more: float

    def step(self, day: datetime.date) -> int:
        """Return the step of a day."""
        return _step(self.start, day, self.yearly)


def _laid_out(
    days: Sequence[datetime.date],
    levels: Sequence[float],
    ahead: Sequence[datetime.date],
    more: float = 1.0,
    grew: Sequence[float] = (),
) -> _Walk | None:
    """Return the levels on the steps of a walk; None if there are too few."""
    if len(levels) < LEAST or min(levels) <= 0.0:
        return None
    yearly = len({(day.month, day.day) for day in (*days, *ahead)}) == 1
    length = 1.0 if yearly else 1.0 / 12.0
    at = [_step(days[0], day, yearly) for day in days]
    if len(set(at)) < LEAST:
        return None
    end = max(_step(days[0], day, yearly) for day in ahead)
    logs = np.full(max(at[-1], end) + 1, np.nan)
    logs[at] = np.log(np.asarray(levels, dtype=np.float64))
    variance, freedom = _variance(np.asarray(at, dtype=np.float64) * length, logs[at], more, grew)
    return _Walk(days[0], yearly, length, logs, at[-1], variance, freedom, more)


def _walked(
    days: Sequence[datetime.date],
    levels: Sequence[float],
    ahead: Sequence[datetime.date],
    noise: float,
    more: float = 1.0,
    grew: Sequence[float] = (),
) -> list[Outlook] | None:
    """Return the forecasts of a walk of the logarithms, whose steps are `more` times those of other series."""
    walk = _laid_out(days, levels, ahead, more, grew)
    if walk is None:
        return None
    found = _filter(walk)
    mean = np.where(np.isnan(walk.logs), found.forecasts[0], walk.logs)
    spread = found.forecasts_error_cov[0, 0]
    scale = float(special.stdtrit(walk.freedom, 0.9))
    out = []
    for day in ahead:
        step = walk.step(day)
        # The error of a nowcast of the last level adds to that of the walk.
        width = math.sqrt(spread[step] + noise**2) if step > walk.last else noise
        middle = float(mean[step]) if step > walk.last else float(np.log(levels[-1]))
        out.append(
            Outlook(
                day,
                math.exp(middle),
                math.exp(middle - scale * width),
                math.exp(middle + scale * width),
                width,
                walk.freedom,
            )
        )
    return out


def _step(start: datetime.date, day: datetime.date, yearly: bool) -> int:
    return day.year - start.year if yearly else 12 * (day.year - start.year) + day.month - start.month


def _variance(years: Array, logs: Array, more: float = 1.0, grew: Sequence[float] = ()) -> tuple[float, float]:
    """Return the variance of a year's step, shrunk towards the prior, and the degrees of freedom of its quantiles."""
    prior = (more * PRIOR_SD) ** 2
    weight = (PRIOR_SD / DRIFT_SD) ** 2
    gaps, steps = np.diff(years), np.diff(logs)
    good = gaps > 0
    # A published growth is a step of one year.
    gaps, steps = np.append(gaps[good], np.ones(len(grew))), np.append(steps[good], grew)
    # Posterior mean of the drift: steps over gaps of `gaps` years, with a normal prior.
    drift = (steps.sum() + more * DRIFT_MEAN * weight) / (gaps.sum() + weight)
    squares = float(((steps - drift * gaps) ** 2 / gaps).sum())
    freedom = max(0.0, len(steps) - 1.0) + PRIOR_WEIGHT
    return (squares + PRIOR_WEIGHT * prior) / freedom, freedom


def _filter(walk: _Walk) -> FilterResults:
    """Return levels and drifts at every step, filtered by the Kalman filter of statsmodels."""
    from statsmodels.tsa.statespace.mlemodel import MLEModel  # noqa: PLC0415 (slow import, used by forecasts only)

    step, more = walk.length, walk.more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MLEModel(walk.logs[:, None], k_states=2, k_posdef=1)
        # State (level, drift): the level is observed without error, and only the level has process noise.
        model["design"] = np.array([[1.0, 0.0]])
        model["transition"] = _transition(step)
        model["selection"] = np.array([[1.0], [0.0]])
        model["state_cov"] = np.array([[walk.variance * step]])
        model["obs_cov"] = np.array([[1e-12]])
        first = walk.logs[~np.isnan(walk.logs)][0]
        model.ssm.initialize_known(
            np.array([first, more * DRIFT_MEAN * step]), np.diag([1e-6, (more * DRIFT_SD * step) ** 2])
        )
        return model.ssm.filter()


def _transition(step: float) -> Array:
    """Return the transition matrix of (level, drift) for a step: the drift is added to the level, and damped."""
    return np.array([[1.0, 1.0], [0.0, DAMPING**step]])
