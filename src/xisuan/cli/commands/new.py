"""`xisuan new`: a scenario of your own."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli.terminal import output, shared_options
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.variants import new_folder
from xisuan.text.translation import message as _
from xisuan.tracking import statistics_folder


@click.command("new", epilog="Example:  xisuan new mine --from guizhou --into scenarios")
@click.argument("name")
@click.option("--from", "base", help="Scenario to build on: a name or a folder. Unless given, a copy of `starter`.")
@click.option(
    "--indicators",
    is_flag=True,
    help="Statistics only, for `xisuan track`: NAME is or begins with a region, such as gansu. Figures come in by"
    " `xisuan read FILE --into FOLDER`.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="Folder to make it in; the current one unless given.",
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(name: str, base: str | None, indicators: bool, into: Path, as_json: bool, lang: str | None) -> None:
    """Make scenario NAME in the folder INTO/NAME, with every option written out, ready to be changed."""
    if indicators and base is not None:
        what = "a scenario of statistics builds on no other; leave out --from or --indicators"
        raise ScenarioError([Problem("--indicators", "", "", "", what)])
    path = statistics_folder.new(name, into) if indicators else new_folder.new(name, base, into)
    if as_json:
        output.give_json({"name": name, "from": base, "path": path})
    elif indicators:
        say = output.speech(lang)
        output.give([say(_("{path} is yours now. Next:  xisuan read BULLETIN --into {path}", path=path))])
    else:
        output.give([output.speech(lang)(_("{path} is yours now. Next:  xisuan check {path}", path=path))])
