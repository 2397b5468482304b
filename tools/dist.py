"""Build and check the distributions of both packages: `python -m tools.dist`, or `make dist`.

Wheels and source distributions go to `dist/`. Each is checked: its metadata by twine, its files against the source, and
the wheels by an installation into an empty environment, where `xisuan doctor` and a plan with its report must succeed.
`--python` names another interpreter for that environment, `--lowest` installs the lowest versions that pyproject.toml
allows. Packages come from the registry that pip is set up for.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
PROJECTS = {"gnomon": ROOT / "packages" / "gnomon", "xisuan": ROOT}
DEMO = (["doctor"], ["run", "starter", "--out", "{out}", "--quick"], ["certify", "{out}"])
"""Commands that must succeed in the empty environment."""


def build() -> dict[str, tuple[Path, Path]]:
    """Build both projects into an empty `dist/`. Return the wheel and the source distribution of each."""
    shutil.rmtree(DIST, ignore_errors=True)
    found = {}
    for name, folder in PROJECTS.items():
        run([sys.executable, "-m", "hatchling", "build", "-d", str(DIST)], folder)
        (wheel,) = DIST.glob(f"{name}-*.whl")
        (source,) = DIST.glob(f"{name}-*.tar.gz")
        found[name] = wheel, source
    return found


def run(command: list[str], folder: Path = ROOT) -> None:
    """Run a command and show it. Raises CalledProcessError if it fails."""
    print("$", " ".join(command), flush=True)
    subprocess.run(command, cwd=folder, check=True)


def check_files(wheel: Path, source: Path) -> list[str]:
    """Return what is missing from or foreign to a wheel and its source distribution."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(source) as archive:
        packed = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    modules = {name for name in inside if ".dist-info/" not in name}
    problems = [f"{wheel.name} lacks a licence"] if not any("/licenses/" in name for name in inside) else []
    problems += [f"{source.name} lacks src/{name}" for name in sorted(modules) if f"src/{name}" not in packed]
    top = {name.split("/")[0] for name in modules}
    problems += [
        f"{wheel.name} holds {name}, a folder of the repository" for name in sorted(top & {"tests", "tools", "docs"})
    ]
    for name in top:
        tracked = subprocess.run(
            ["git", "ls-files", f"src/{name}"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        wanted = {path.removeprefix("src/") for path in tracked.stdout.splitlines()}
        problems += [f"{wheel.name} lacks {path}" for path in sorted(wanted - modules) if not path.endswith(".po")]
        problems += [f"{wheel.name} holds {path}, which is not in the repository" for path in sorted(modules - wanted)
                     if path.startswith(f"{name}/") and not path.endswith(".mo")]  # fmt: skip
    return problems


def lowest(wheels: list[Path]) -> list[str]:
    """Return the lowest allowed version of every direct dependency of the wheels, as requirements."""
    found = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            text = archive.read(name).decode("utf-8").split("\n\n")[0]
        for line in text.splitlines():
            if line.startswith("Requires-Dist: ") and "extra ==" not in line:
                asked = Requirement(line.removeprefix("Requires-Dist: "))
                floor = next((one.version for one in asked.specifier if one.operator == ">="), None)
                if floor and (asked.marker is None or asked.marker.evaluate()):
                    extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
                    found[asked.name] = (
                        f"{asked.name}{extras}~={floor}.0" if floor.count(".") < 2 else f"{asked.name}{extras}=={floor}"
                    )
    return list(found.values())


def interpreter(folder: Path) -> Path:
    """Return the interpreter of an environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(built: dict[str, tuple[Path, Path]], python: str, folder: Path, *, oldest: bool) -> Path:
    """Install the wheels into a new environment. Return its interpreter."""
    shutil.rmtree(folder, ignore_errors=True)
    run([python, "-m", "venv", str(folder)])
    own = interpreter(folder)
    asks = any("gnomon" in line.split("[")[0].split(">")[0] for line in requirements(built["xisuan"][0]))
    wheels = [built["gnomon"][0]] if asks else []
    wheels.append(built["xisuan"][0])
    floors = lowest(wheels) if oldest else []
    run([str(own), "-m", "pip", "install", "--quiet", "--no-compile", *floors, *map(str, wheels)])
    return own


def requirements(wheel: Path) -> list[str]:
    """Return the required packages of a wheel, as its metadata states them."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode("utf-8").split("\n\n")[0].splitlines()
    return [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]


def sizes(folder: Path) -> dict[str, float]:
    """Return the size of every installed package in MB, without pip and compiled modules."""
    found: dict[str, float] = {}
    (site,) = folder.rglob("site-packages")
    for path in site.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            top = path.relative_to(site).parts[0].split("-")[0].split(".")[0].replace("_extras", "")
            found[top] = found.get(top, 0.0) + path.stat().st_size / 1e6
    for tool in ("pip", "setuptools", "pkg_resources", "_distutils_hack"):
        found.pop(tool, None)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def main() -> int:
    """Build, check, install and try. Return 1 if a distribution has a problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the empty environment")
    parser.add_argument("--lowest", action="store_true", help="install the lowest versions that are allowed")
    parser.add_argument("--no-twine", action="store_true", help="leave out twine, which is installed for the check")
    given = parser.parse_args()
    built = build()
    problems = [problem for wheel, source in built.values() for problem in check_files(wheel, source)]
    print("\n".join(problems) or "the files of both packages are complete")
    if not given.no_twine:
        tools = DIST / ".twine"
        run([sys.executable, "-m", "venv", str(tools)])
        python = interpreter(tools)
        run([str(python), "-m", "pip", "install", "--quiet", "twine>=6"])
        run([str(python), "-m", "twine", "check", "--strict", *(str(path) for pair in built.values() for path in pair)])
    own = install(built, given.python, DIST / ".installed", oldest=given.lowest)
    taken = sizes(DIST / ".installed")
    print(
        f"installed: {sum(taken.values()):.0f} MB; "
        + ", ".join(f"{name} {mb:.0f}" for name, mb in list(taken.items())[:12])
    )
    out = DIST / ".run"
    shutil.rmtree(out, ignore_errors=True)
    for command in DEMO:
        run([str(own), "-m", "xisuan", *(part.format(out=out) for part in command)], DIST)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
