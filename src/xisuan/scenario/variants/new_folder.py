"""New scenario folders: an extension of another scenario, or a small copy to start from."""

from __future__ import annotations

from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.reading import manifest, scenario_folders
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.variants.provinces import province_folder
from xisuan.scenario.variants.provinces.province_list import Province

STARTER = "starter"
"""Shipped scenario that a new one without a base is copied from."""


def new(name: str, base: str | Path | None, into: str | Path) -> Path:
    """Make the folder `into`/`name` and return it. Its scenario.toml states every option, one a line.

    With a shipped base, or one next to the new folder, it extends the base. With any other base, and without one, it is
    a copy with all tables. Raises ScenarioError for an invalid name, an existing folder, and an unreadable base.
    """
    folder = _unused(name, into)
    scenario = load.load(STARTER if base is None else base)
    link = None if base is None else _link(base, Path(into))
    if link is None:
        write.write(scenario.with_settings(name=name), folder)
    else:
        write.put({manifest.FILE: manifest.text(scenario.with_settings(name=name, extends=link).settings)}, folder)
    return folder


def new_province(name: str, province: Province, into: str | Path, periods: tuple[int, ...] = ()) -> Path:
    """Make the folder `into`/`name` of a province on top of the nation, and return it.

    periods: first years of the periods, ascending; none for those of the nation. Raises ScenarioError for an invalid
    name, an existing folder, and a period for which the nation has no demand.
    """
    return province_folder.new(province, name, _unused(name, into), periods)


def _unused(name: str, into: str | Path) -> Path:
    """Return the folder for a new scenario. Raises ScenarioError for an invalid name and an existing folder."""
    if not isinstance(name, str) or not manifest.NAME.fullmatch(name):
        near = manifest.nearest_name(str(name))
        raise ScenarioError([Problem("scenario-name-invalid", column="name", value=shown(str(name)), name=near)])
    folder = Path(into) / name
    if folder.exists() or folder.is_symlink():
        raise ScenarioError([Problem("folder-exists", path=folder)])
    return folder


def _link(base: str | Path, into: Path) -> str | None:
    """Return the value of `extends` with which a folder in `into` finds the base; None if it cannot."""
    if isinstance(base, str) and base in scenario_folders.shipped():
        return base
    path = Path(base).resolve()
    path = path.parent if path.name == manifest.FILE else path
    if path.parent != into.resolve():
        return None
    return f"../{path.name}" if path.name in scenario_folders.shipped() else path.name
