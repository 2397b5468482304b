"""A two-stage plan that was tried: in every member, and in the likeliest with all that a decision rests on."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.results.run import Run
from xisuan.results.two_stage import TwoStage


@dataclass(frozen=True)
class TwoStageRun:
    """`runs`: what was found of each member's plan, in the order of the members. That of the likeliest has most in it."""

    found: TwoStage
    runs: tuple[Run, ...]

    @property
    def likeliest(self) -> Run:
        """The run of the likeliest member."""
        return self.runs[self.found.members.index(self.found.likeliest)]
