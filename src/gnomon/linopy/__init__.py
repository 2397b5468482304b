"""Solve linopy models: `gnomon.linopy.solve(model, time="snapshot", gap=1e-6)`. Needs the extra `linopy`."""

from gnomon.linopy.description import describe
from gnomon.linopy.model_solve import Report, run, solve
from gnomon.linopy.refusals import UnsupportedModelError

__all__ = ["Report", "UnsupportedModelError", "describe", "run", "solve"]
