"""`xisuan certify`: re-check everything that a run folder holds."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import click

from xisuan.cli.terminal import certify_words, output, progress_bar, shared_options, text_layout
from xisuan.errors import StoreError
from xisuan.results.certification import Certification
from xisuan.results.storage import run_store, signature
from xisuan.text.numbers import plain
from xisuan.text.translation import Series, Translator
from xisuan.text.translation import message as _
from xisuan.workflow.certify_run import certify_run

SHOWN = 12
"""Files and differences that are shown each; `--json` lists all."""
WRONG = 4
"""Exit code of a run that does not hold, as of a certificate that does not."""


@click.command("certify", epilog="Example:  xisuan certify runs/guizhou")
@shared_options.run_folder("run")
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Run folder of the plan, where RUN is a folder that operate wrote.",
)
@click.option(
    "--sign",
    "private",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help="Sign the run if its certificate holds, with this Ed25519 private key (PEM or OpenSSH file).",
)
@click.option("--by", default="", metavar="NAME", help="Name of the signer, shown with the signature; with --sign.")
@click.option(
    "--verify",
    "public",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help="Require a signature made with the key of this public-key file.",
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    run: Path, plan: Path | None, private: Path | None, by: str, public: Path | None, as_json: bool, lang: str | None
) -> int:
    """Read the run folder RUN again and re-check everything in it against the scenario that it holds.

    Checks every value, dual and table, and `lower_bound`, `gap` and `status`, by code that is independent of the
    planner. Tells a changed file from a wrong plan. Exit code 4: files changed, the plan is wrong, or the signature is
    broken or not made with the key of --verify.
    """
    if by and private is None:
        raise click.UsageError(_("--by names the signer of --sign; give both"))
    trusted = None if public is None else _read(public)
    key = None if private is None else _read(private)
    with progress_bar.shown() as progress:
        found = certify_run(run, plan=plan, trusted=trusted, progress=progress)
    if key is not None and found.ok:
        when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        signature.sign(run_store.absolute(run), key, by, when)
        found = dataclasses.replace(found, signature=signature.verify(run_store.absolute(run), trusted))
    say = Translator("zh" if lang == "zh" else "en")
    is_trusted = public is None or found.signature.state == "signed"
    is_done = found.ok and is_trusted
    if as_json:
        output.give_json(_document(found, say, ok=is_done))
    else:
        lines = _lines(found, say)
        if not is_trusted:
            lines += text_layout.paragraph(say(_("The signature is not the one that was asked for.")))
        if private is not None:
            end = (
                _("{run} is signed: {file}", run=run, file=run / signature.SIGNATURE)
                if found.ok
                else _("Not signed: only a run that holds is signed.")
            )
            lines += text_layout.paragraph(say(end))
        output.give(lines)
    return 0 if is_done else WRONG


def _read(path: Path) -> bytes:
    """Return the bytes of a key file. Raises StoreError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise StoreError(f"{path}: {problem.strerror or problem}; give the file of a key") from None


def _document(found: Certification, say: Translator, *, ok: bool) -> dict[str, Any]:
    """Return the finding as JSON; each difference also in words."""
    differences = [
        {**dataclasses.asdict(one), "words": say(certify_words.difference(one))} for one in found.differences
    ]
    return {
        "run": found.folder,
        "ok": ok,
        "verdict": found.verdict,
        "words": say(certify_words.verdict(found)),
        "changed": found.changed,
        "differences": differences,
        "certificates": {part or ".": one for part, one in found.certificates.items()},
        "rechecked": {part or ".": names for part, names in found.rechecked.items()},
        "unchecked": {
            name: {"why": why, "words": say(certify_words.REASONS[why])} for name, why in found.unchecked.items()
        },
        "signature": found.signature,
    }


def _lines(found: Certification, say: Translator) -> list[str]:
    """Return the finding for people: the verdict first, then what it rests on."""
    lines = [*text_layout.paragraph(say(certify_words.verdict(found))), ""]
    wrong = [say(certify_words.difference(one)) for one in found.differences]
    lines += [line for text in wrong[:SHOWN] for line in text_layout.paragraph(text, 2)]
    lines += text_layout.paragraph(_more(len(wrong), say), 2) if len(wrong) > SHOWN else []
    lines += [""] if wrong else []
    files = [f"{name} ({say(certify_words.FILES[how])})" for name, how in found.changed.items()]
    shown = ", ".join(files[:SHOWN]) + (f", {_more(len(files), say)}" if len(files) > SHOWN else "")
    rows = [
        (say(_("files")), shown or say(_("as they were sealed"))),
        *_certificates(found, say),
        *_tables(found, say),
        (say(_("signature")), say(certify_words.signature(found.signature))),
    ]
    return [*lines, *text_layout.pairs(rows)]


def _more(count: int, say: Translator) -> str:
    return say(_("{count} more (--json lists all)", count=count - SHOWN))


def _certificates(found: Certification, say: Translator) -> list[tuple[str, str]]:
    """Return a line for the certificate of each part; where tables differ from values that hold, the line says so."""
    rows = []
    contradicted = {one.part for one in found.differences}
    for part, made in found.certificates.items():
        figures = {"families": len(made.families), "violation": plain(made.max_violation)}
        if not made.ok:
            said = _("DOES NOT HOLD: {findings}", findings=Series(made.findings))
        elif part in contradicted:
            said = _(
                "the stored values pass ({families} families of constraints, largest violation {violation}); "
                "the tables or figures above differ from them",
                **figures,
            )
        else:
            said = _("holds: {families} families of constraints, largest violation {violation}", **figures)
        text = say(said)
        rows.append((say(_("certificate")), f"{part}: {text}" if part else text))
    return rows


def _tables(found: Certification, say: Translator) -> list[tuple[str, str]]:
    """Return a line on the tables that were recomputed, and one for each reason why others were not."""
    tables = list(dict.fromkeys(name for names in found.rechecked.values() for name in names))
    count = sum(len(names) for names in found.rechecked.values())
    rows = [(say(_("tables")), say(_("{count} recomputed: {names}", count=count, names=", ".join(tables))))]
    for why in dict.fromkeys(found.unchecked.values()):
        places: dict[str, list[str]] = {}
        for name in (name for name, reason in found.unchecked.items() if reason == why):
            places.setdefault(name.rpartition("/")[2], []).append(name)
        names = ", ".join(
            full[0] if len(full) == 1 else say(_("{name} (in {count} places)", name=name, count=len(full)))
            for name, full in places.items()
        )
        rows.append((say(_("not re-checked")), f"{names}: {say(certify_words.REASONS[why])}"))
    return rows
