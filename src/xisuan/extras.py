"""Optional packages of xisuan by extra, and the error that names the command to install a missing one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util

from xisuan.errors import XisuanError
from xisuan.text.translation import message as _

MODULES: dict[str, tuple[str, ...]] = {
    "studio": (
        "argon2",
        "dash",
        "dash_ag_grid",
        "dash_mantine_components",
        "fastapi",
        "plotly",
        "pydantic",
        "sqlalchemy",
        "starlette",
        "uvicorn",
    ),
    "postgres": ("psycopg",),
    "cluster": ("dask", "distributed"),
    "pypsa": ("linopy", "pypsa"),
    "netcdf": ("h5netcdf", "h5py", "xarray"),
    "sign": ("cryptography",),
    "office": ("docx", "lxml", "pptx"),
    "documents": ("docx", "lxml", "pdfplumber", "readability"),
}
"""Modules that each extra of pyproject.toml installs, by the name under which they are imported."""


class MissingExtraError(XisuanError):
    """A package of an extra is not installed; `extra` is the name of the extra."""

    exit_code = 2

    def __init__(self, extra: str, package: str) -> None:
        self.extra, self.package = extra, package
        super().__init__(
            _(
                "The Python package {package} is not installed. Install it with:  {command}",
                package=package,
                command=command(extra),
            )
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.extra, self.package)


def command(extra: str) -> str:
    """Return the command that installs an extra; double quotes suit the shells of all systems."""
    return f'python -m pip install "xisuan[{extra}]"'


def missing(extra: str) -> list[str]:
    """Return the modules of an extra that are not installed, without importing them."""
    return [name for name in MODULES[extra] if util.find_spec(name) is None]


def require(extra: str) -> None:
    """Raise MissingExtraError if a module of an extra is not installed; nothing is imported."""
    absent = missing(extra)
    if absent:
        raise MissingExtraError(extra, absent[0])


@contextmanager
def requiring(*extras: str) -> Iterator[None]:
    """Turn the failed import of a module of these extras into a MissingExtraError; also a decorator."""
    try:
        yield
    except ModuleNotFoundError as problem:
        package = (problem.name or "").partition(".")[0]
        for extra in extras:
            if package in MODULES[extra]:
                raise MissingExtraError(extra, package) from None
        raise
