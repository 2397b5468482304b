"""Codes of all problems of an input, each with the English sources of its message."""

from __future__ import annotations

from gnomon import OPTION_PROBLEMS
from xisuan.problem_codes import (
    access,
    assets,
    bulletins,
    cells,
    commands,
    files,
    members,
    policies,
    simulation,
    statistics,
    workloads,
)
from xisuan.problem_codes.sources import Sources

GROUPS = (files, cells, assets, workloads, policies, access, statistics, members, simulation, bulletins, commands)
SOURCES: Sources = {
    **{code: texts for group in GROUPS for code, texts in group.SOURCES.items()},
    **OPTION_PROBLEMS,
}
"""Code → what is wrong and what to do."""
