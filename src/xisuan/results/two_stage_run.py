"""Run of a two-stage plan: results of every member, and of the likeliest with all decision tables."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.results.run import Run
from xisuan.results.two_stage import TwoStage


@dataclass(frozen=True)
class TwoStageRun:
    """Two-stage plan with its `runs`: each member's results, in order; the likeliest's are most complete."""

    found: TwoStage
    runs: tuple[Run, ...]

    @property
    def likeliest(self) -> Run:
        """Run of the likeliest member."""
        return self.runs[self.found.members.index(self.found.likeliest)]
