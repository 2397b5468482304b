"""Workflows, templates, container files and citation are complete and agree with the project."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKE = (ROOT / "Makefile").read_text(encoding="utf-8")
SECRET = re.compile(r"(?i)\b(password|token|secret)\s*[:=]\s*['\"]?[A-Za-z0-9]{8,}")


def read(path: Path) -> dict[Any, Any]:
    """A YAML file."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of all jobs of a workflow."""
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_the_matrix_has_three_systems_and_four_pythons() -> None:
    matrix = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    classifiers = PROJECT["project"]["classifiers"]
    stated = [one.rsplit(" ", 1)[1] for one in classifiers if re.search(r":: 3\.\d+$", one)]
    assert matrix["python"] == stated == ["3.11", "3.12", "3.13", "3.14"]


def test_what_is_locked_is_complete() -> None:
    """Locked packages are installed as they are listed, without those that they ask for: none may be missing."""
    assert "--no-deps --require-hashes -r requirements/dev.txt" in MAKE
    found = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_few_rights_fixed_actions_and_existing_commands(path: Path) -> None:
    found = read(path)
    assert found["permissions"] == {"contents": "read"}
    assert True in found  # `on`, which YAML 1.1 reads as a truth value
    targets = set(re.findall(r"^([a-z]+):", MAKE, re.M))
    for job in found["jobs"].values():
        assert not set(job.get("permissions", {})) - {"contents", "id-token", "pages"}
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@(v\d+|release/v\d+)", step["uses"])
        for target in re.findall(r"\bmake ([a-z]+)", step.get("run", "")):
            assert target in targets
        for module in re.findall(r"python -m (tools\.\w+)", step.get("run", "")):
            assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
    assert not SECRET.search(path.read_text(encoding="utf-8"))


def test_a_release_is_published_without_a_stored_password() -> None:
    found = read(ROOT / ".github" / "workflows" / "release.yml")
    assert found[True]["push"]["tags"] == ["v*"]
    assert found["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert found["jobs"]["publish"]["environment"]
    assert not [step for step in steps(ROOT / ".github/workflows/release.yml") if "password" in step.get("with", {})]


def test_templates_ask_for_what_is_needed() -> None:
    folder = ROOT / ".github" / "ISSUE_TEMPLATE"
    for path in set(folder.glob("*.yml")) - {folder / "config.yml"}:
        found = read(path)
        assert {"name", "description", "body"} <= set(found)
        assert any(part.get("validations", {}).get("required") for part in found["body"]), path
    assert "make test" in (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE"):
        assert (ROOT / name).is_file()
    assert {one["package-ecosystem"] for one in read(ROOT / ".github/dependabot.yml")["updates"]} == {
        "pip",
        "github-actions",
        "docker",
    }


def test_the_hooks_before_a_commit_are_the_checks() -> None:
    (check,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", MAKE, re.M)
    wanted = {line.strip().replace("$(BIN)/", ".venv/bin/").removesuffix(" .") for line in check.strip().splitlines()}
    given = {hook["entry"] for hook in read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]}
    assert given == wanted


def test_coverage_has_a_floor() -> None:
    assert PROJECT["tool"]["coverage"]["report"]["fail_under"] >= 80
    assert "coverage report" in MAKE


def test_the_citation_agrees_with_the_project() -> None:
    found = read(ROOT / "CITATION.cff")
    assert found["authors"] == [{"name": "the xisuan developers"}]
    assert found["license"] == PROJECT["project"]["license"]
    assert (str(found["version"]), str(found["date-released"])) == releases()[0]


def releases() -> list[tuple[str, str]]:
    """The versions of the changelog that were released, newest first, each with its day."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## (\S+) – (\d{4}-\d\d-\d\d)$", text, re.M)


def test_the_version_is_the_one_that_the_changelog_is_about() -> None:
    """Between two releases a version is a development version of the one that the changelog leads with."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    number, day = re.findall(r"^## (\S+) – (.+)$", text, re.M)[0]
    stated = PROJECT["project"]["version"]
    assert re.fullmatch(rf"{re.escape(number)}\.dev\d+", stated) if day == "unreleased" else stated == number
    engine = re.search(r'^__version__ = "(.+)"$', (ROOT / "src" / "gnomon" / "__init__.py").read_text(), re.M)
    assert engine
    assert engine[1] == stated
    assert f"gnomon=={stated}" in PROJECT["project"]["dependencies"]


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in whole.splitlines() if line.strip()]


def test_the_container_is_built_as_a_linter_asks() -> None:
    """The rules of hadolint that apply: DL3000, 3002, 3006, 3007, 3009, 3020, 3025, 3042, 3004, 3045."""
    found = instructions()
    for name, given in found:
        if name == "FROM":
            image = given.split()[0]
            assert ":" in image
            assert not image.endswith(":latest")
        if name == "RUN":
            assert "sudo" not in given
            assert "apt-get" not in given or "rm -rf /var/lib/apt/lists" in given
            for part in re.findall(r"pip (?:install|wheel)[^&]*", given):
                assert "--no-cache-dir" in part
        if name == "WORKDIR":
            assert given.startswith("/")
        if name in ("CMD", "ENTRYPOINT"):
            assert given.startswith("[")
        assert name not in ("ADD", "MAINTAINER")
    assert [given for name, given in found if name == "USER"][-1] not in ("root", "0")
    assert sum(name == "HEALTHCHECK" for name, _ in found) == 1
    last = max(at for at, (name, _) in enumerate(found) if name == "FROM")
    assert "COPY" not in [name for name, _ in found[last:]]  # nothing of the build is left in the image


def test_the_image_is_built_from_what_is_copied() -> None:
    """`.dockerignore` lets through what the two projects name."""
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line.startswith("!")}
    assert {
        "pyproject.toml",
        "packages",
        "src",
        PROJECT["project"]["readme"],
        *PROJECT["project"]["license-files"],
    } <= kept
    assert all((ROOT / name).exists() for name in kept)
    extras = re.findall(r"\[([a-z,]+)\]", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    known = set(PROJECT["project"]["optional-dependencies"])
    assert all(set(one.split(",")) <= known for one in extras)


def test_compose_starts_the_studio_with_its_database() -> None:
    found = read(ROOT / "compose.yaml")
    studio, database = found["services"]["studio"], found["services"]["database"]
    assert studio["depends_on"]["database"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][0] == "CMD"
    assert "ports" not in database
    assert all(port.startswith("127.0.0.1:") for port in studio["ports"])  # a proxy with https stands before it
    assert set(studio["secrets"]) == set(database["secrets"]) == set(found["secrets"])
    named = {one.split(":")[0] for service in (studio, database) for one in service["volumes"]}
    assert named == set(found["volumes"])
    assert not SECRET.search((ROOT / "compose.yaml").read_text(encoding="utf-8").replace("/run/secrets", ""))
    for option in studio["command"]:
        if option.startswith("--"):
            assert f"`{option}" in (ROOT / "docs" / "howto" / "studio.md").read_text(encoding="utf-8")
