"""`xisuan new`: make a scenario of your own."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli.terminal import output, shared_options
from xisuan.scenario.variants import new_folder
from xisuan.text.translation import message as _


@click.command("new", epilog="Example:  xisuan new mine --from guizhou --into scenarios")
@click.argument("name")
@click.option("--from", "base", help="Scenario to build on: a name or a folder.  [default: a copy of starter]")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder in which the scenario's folder is made.",
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(name: str, base: str | None, into: Path, as_json: bool, lang: str | None) -> None:
    """Make scenario NAME in the folder INTO/NAME. Every option is written out, ready to be changed."""
    path = new_folder.new(name, base, into)
    if as_json:
        output.give_json({"name": name, "from": base, "path": path})
    else:
        output.give([output.speech(lang)(_("{path} is yours now. Next:  xisuan check {path}", path=path))])
