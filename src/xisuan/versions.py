"""Versions of Python and of the packages that a result depends on."""

from __future__ import annotations

from gnomon import package_versions

PACKAGES = ("xisuan", *package_versions.PACKAGES, "pandas", "pyarrow")


def versions() -> dict[str, str]:
    """Return the version of each package by name, and of Python as `python`."""
    return package_versions.versions(PACKAGES)
