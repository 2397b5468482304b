"""`xisuan new`: make a scenario of your own."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.variants import new_folder
from xisuan.scenario.variants.provinces import province_list
from xisuan.scenario.variants.provinces.province_list import Province
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.tracking import statistics_folder


@click.command("new", epilog="Examples:  xisuan new mine --from guizhou --into scenarios   ·   "
               "xisuan new gansu --province Gansu --into scenarios")  # fmt: skip
@click.argument("name", required=False)
@click.option("--from", "base", help="Scenario to build on: a name or a folder.  [default: a copy of starter]")
@click.option("--province", help="Province to plan on top of the nation, in English or Chinese, or its code.")
@click.option(
    "--periods", help="With --province: first years of the periods, such as 2026,2028,2030.  [default: every year]"
)
@click.option(
    "--indicators",
    is_flag=True,
    help="Statistics only, for `xisuan track`: NAME is or begins with a region, such as gansu.",
)
@click.option("--list", "listed", is_flag=True, help="List the provinces and exit.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="Folder in which the scenario's folder is made.  [default: the current one]",
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    name: str | None, base: str | None, province: str | None, periods: str | None, indicators: bool, listed: bool,
    into: Path, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Make scenario NAME in the folder INTO/NAME, ready to be changed.

    By itself it is a copy of a small scenario with every option written out; with --from it builds on another one. With
    --province it is that province of China on top of the nation in 2026 to 2030: its prefectures, clusters and metro
    sites, its power price and its network. README.md in the folder says what is published, derived and estimated. With
    --indicators it has targets and published figures only, which `xisuan read FILE --into FOLDER` adds.
    """
    if listed:
        _list(as_json, output.speech(lang))
        return
    if name is None:
        raise click.UsageError(_("give NAME, such as: xisuan new mine --into scenarios"))
    if sum((base is not None, province is not None, indicators)) > 1:
        raise click.UsageError(_("--from, --province and --indicators exclude each other: give one of them"))
    if periods is not None and province is None:
        raise click.UsageError(_("--periods goes with --province: give both, or write periods in scenario.toml"))
    if indicators:
        path = statistics_folder.new(name, into)
    elif province is not None:
        path = new_folder.new_province(name, _province(province), into, _periods(periods))
    else:
        path = new_folder.new(name, base, into)
    say = output.speech(lang)
    if as_json:
        output.give_json({"name": name, "from": base, "province": province, "path": path})
    elif indicators:
        output.give([say(_("{path} is yours now. Next:  xisuan read BULLETIN --into {path}", path=path))])
    else:
        output.give([say(_("{path} is yours now. Next:  xisuan check {path}", path=path))])


def _periods(given: str | None) -> tuple[int, ...]:
    """Return ascending years from a list such as 2026,2028,2030; none if it is not given."""
    if given is None:
        return ()
    years = given.split(",")
    if not all(year.strip().isdecimal() for year in years):
        raise click.BadParameter(
            _("give years with commas between them, such as 2026,2028,2030"), param_hint="--periods"
        )
    return tuple(sorted({int(year) for year in years}))


def _province(name: str) -> Province:
    """Return the province of that name. Raises ScenarioError with similar names."""
    found = province_list.find(name)
    if found is None:
        near = ", ".join(province_list.nearest(name))
        hint = _("similar: {names}", names=near) if near else _("xisuan new --list shows all of them")
        raise ScenarioError([Problem("province-unknown", column="--province", value=name, hint=hint)])
    return found


def _list(as_json: bool, say: Translator) -> None:
    """Print the provinces with their prefectures and clusters."""
    found = province_list.provinces()
    if as_json:
        output.give_json([
            {"code": one.code, "name": one.name, "name_zh": one.name_zh, "prefectures": len(one.prefectures),
             "clusters": list(one.clusters)}
            for one in found
        ])  # fmt: skip
        return
    head = [say(_("province")), "", say(_("code")), say(_("clusters")), say(_("prefectures"))]
    rows = [[one.name, one.name_zh, one.code, " ".join(one.clusters), str(len(one.prefectures))] for one in found]
    output.give(text_layout.table(head, rows, text=4))
