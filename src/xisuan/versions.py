"""Versions of Python and of the packages that a result depends on."""

from __future__ import annotations

from gnomon import SOLVER_PACKAGES, installed_versions

PACKAGES = ("xisuan", *SOLVER_PACKAGES, "pandas", "pyarrow")


def versions() -> dict[str, str]:
    """Return the version of each package by name, and of Python as `python`."""
    return installed_versions(PACKAGES)
