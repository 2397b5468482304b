"""`xisuan certify` on the command line: findings, exit codes, signatures, and folders that are malformed in every way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import scenarios
from tests.stories.malformed import spoils
from tests.workflow.tampering import cell, up
from xisuan.cli.main import invoke
from xisuan.results.run import Run
from xisuan.results.storage import run_store, sealed_folders
from xisuan.workflow.operate import operated
from xisuan.workflow.plan import plan

SHARES = 48
"""Malformed folders are tried in so many shares; one of them each time, the others are long."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of `pair`: its plan, and the plan operated on its own hours."""
    scenario = scenarios.pair()
    found = plan(scenario)
    return run_store.save(Run(scenario, found, operated(scenario, found)), tmp_path_factory.mktemp("certify") / "pair")


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a command."""
    capsys.readouterr()
    code = invoke([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_run_that_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, "certify", folder)
    assert (code, said["ok"], said["verdict"], said["changed"], said["differences"]) == (0, True, "holds", {}, [])
    assert {"builds", "costs", "prices", "service", "emissions"} <= set(said["rechecked"]["."])
    assert said["signature"]["state"] == "unsigned"
    assert said["unchecked"]["seconds"]["why"] == "machine"


@pytest.mark.parametrize(
    ("language", "words", "verdict", "certificate"),
    [
        ("en", "is stored", "contradicts itself", "the stored values pass ("),
        ("zh", "应为", "前后矛盾", "所存变量值通过核验（"),
    ],
)
def test_a_wrong_plan_is_named_in_both_languages(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
    verdict: str,
    certificate: str,
) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    cell("emissions", "location_t", up)(spoilt)
    sealed_folders.seal(spoilt)
    assert invoke(["certify", str(spoilt), "--lang", language]) == 4
    said = " ".join(capsys.readouterr().out.split())
    assert words in said
    assert "emissions" in said
    assert verdict in said
    assert certificate in said
    code, document = answer(capsys, "certify", spoilt)
    assert (code, document["verdict"], document["changed"]) == (4, "wrong", {})
    (difference,) = document["differences"]
    assert (difference["table"], difference["column"]) == ("emissions", "location_t")


def test_a_changed_file_is_told_from_a_wrong_plan(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "copy"))
    head = json.loads((changed / "plan.json").read_text())
    (changed / "plan.json").write_text(json.dumps(head))
    code, said = answer(capsys, "certify", changed)
    assert (code, said["verdict"], said["changed"]) == (4, "changed", {"plan.json": "changed"})


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_what_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / "empty").mkdir()
    code, said = answer(capsys, "certify", tmp_path / name)
    assert (code, said["error"]) == (2, "store")


def test_commands_that_show_a_saved_run_say_that_it_was_not_rechecked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(folder, tmp_path / "run"))
    capsys.readouterr()
    for command in (
        ["report", run], ["compare", run, run], ["export", run, "--to", "csv", "--out", tmp_path / "csv"],
        ["operate", run / "scenario", "--plan", run, "--out", tmp_path / "operated"],
    ):  # fmt: skip
        assert invoke([str(part) for part in command]) == 0
        said = capsys.readouterr()
        assert f"xisuan certify {run}" in " ".join((said.out + said.err).split()).replace("certify  ", "certify ")
    assert "xisuan certify RUN" in (run / "report.html").read_text(encoding="utf-8")
    for command in (
        ["report", run], ["compare", run, run], ["export", run, "--to", "csv", "--out", tmp_path / "more"],
        ["operate", run / "scenario", "--plan", run, "--out", tmp_path / "again"],
    ):  # fmt: skip
        code, document = answer(capsys, *command)
        assert (code, document["rechecked"]) == (0, False)
        assert document["recheck"][0] == f"xisuan certify {run}"


COMMANDS = ("report", "compare", "export", "operate")


def showing(command: str, run: Path, out: Path) -> list[str]:
    """The command that shows a saved run, or what follows from it."""
    return {
        "report": ["report", str(run)],
        "compare": ["compare", str(run), str(run)],
        "export": ["export", str(run), "--to", "csv", "--out", str(out)],
        "operate": ["operate", str(run / "scenario"), "--plan", str(run), "--out", str(out)],
    }[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_say_when_the_certificate_of_what_they_show_does_not_hold(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    run = Path(shutil.copytree(folder, tmp_path / "run"))
    for certificate, words in (({"ok": False, "findings": ["grid: too much"]}, "DOES NOT HOLD: grid: too much"),
                               (None, "has no certificate")):  # fmt: skip
        head = json.loads((run / "plan.json").read_text())
        head["certificate"] = certificate and head["certificate"] | certificate
        (run / "plan.json").write_text(json.dumps(head))
        sealed_folders.seal(run)
        capsys.readouterr()
        assert invoke(showing(command, run, tmp_path / f"out-{words[:3]}")) in (0, 4)
        said = capsys.readouterr()
        assert words in " ".join((said.out + said.err).split())
        _code, document = answer(capsys, *showing(command, run, tmp_path / f"more-{words[:3]}"))
        assert (document["certified"], document["rechecked"]) == (False, False)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", ["changed", "added"])
def test_commands_refuse_a_folder_that_was_changed_or_added_to(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, how: str
) -> None:
    """A changed table, or one that the seal does not list and that would be read as a result."""
    run = Path(shutil.copytree(folder, tmp_path / "run"))
    if how == "changed":
        cell("costs", "mcny", up)(run)
    else:
        shutil.copy(run / "costs.parquet", run / "stress.parquet")
    code, said = answer(capsys, *showing(command, run, tmp_path / "out"))
    assert (code, said["error"]) == (2, "store")
    assert f"{'costs' if how == 'changed' else 'stress'}.parquet" in said["message"]
    assert how in said["message"]


def test_a_run_is_signed_and_verified(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crypto = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519", reason="signatures are an extra")
    from cryptography.hazmat.primitives import serialization as forms

    run = Path(shutil.copytree(folder, tmp_path / "run"))
    for name in ("own", "other"):
        key = crypto.Ed25519PrivateKey.generate()
        secret = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
        public = key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{name}.pem").write_bytes(secret)
        (tmp_path / f"{name}.pub").write_bytes(public)
    assert answer(capsys, "certify", run, "--verify", tmp_path / "own.pub")[0] == 4
    code, said = answer(capsys, "certify", run, "--sign", tmp_path / "own.pem", "--by", "Li Wei")
    assert (code, said["signature"]["state"], said["signature"]["by"]) == (0, "signed", "Li Wei")
    assert answer(capsys, "certify", run, "--verify", tmp_path / "own.pub")[0] == 0
    assert answer(capsys, "certify", run, "--verify", tmp_path / "other.pub")[0] == 4
    cell("costs", "mcny", up)(run)
    sealed_folders.seal(run)
    code, said = answer(capsys, "certify", run)
    assert (code, said["verdict"], said["signature"]["state"]) == (4, "wrong", "broken")
    assert invoke(["certify", str(run), "--sign", str(tmp_path / "own.pem")]) == 4
    assert "Not signed" in capsys.readouterr().out


@pytest.mark.parametrize("periods", [[], {}, [1999], [None], [2027, 2026], [2026, 2026]])
def test_periods_of_an_operation_that_its_scenario_does_not_have(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], periods: object
) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    path = spoilt / "schedule" / "schedule.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"periods": periods}))
    sealed_folders.seal(spoilt)
    code, said = answer(capsys, "certify", spoilt)
    assert (code, said["error"]) == (2, "store")
    assert "schedule.json is damaged: its periods" in said["message"]


@pytest.mark.parametrize("share", [pytest.param(n, marks=() if n == 0 else pytest.mark.long) for n in range(SHARES)])
def test_a_malformed_folder_never_ends_in_a_traceback(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], share: int
) -> None:
    """More than nine hundred ways to spoil a folder, each with the old checksums and with checksums made again."""
    ways = list(spoils(folder))
    assert len(ways) > 900
    for at, (name, spoil) in enumerate(ways):
        if at % SHARES != share:
            continue
        for again in (False, True):
            spoilt = Path(shutil.copytree(folder, tmp_path / f"{at}-{again}"))
            spoil(spoilt)
            if again and not name.startswith("SHA256SUMS"):
                sealed_folders.seal(spoilt)
            code, said = answer(capsys, "certify", spoilt)
            assert code in (0, 2, 4), name
            assert said.get("error") in (None, "store", "scenario"), (name, again, said)
            shutil.rmtree(spoilt)
