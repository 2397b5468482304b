"""`xisuan alternatives`: which builds are firm."""

from __future__ import annotations

from pathlib import Path

import click

from gnomon.highs.solver_sequence import How
from xisuan.cli.terminal import output, progress_bar, result_lines, shared_options
from xisuan.planning.alternatives import alternatives
from xisuan.results.storage import run_store
from xisuan.text.translation import message as _

Capacity = tuple[str, str, str]


def _capacities(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[Capacity, ...]:
    """Asset, where and technology of each, or a usage error with the remedy."""
    out: list[Capacity] = []
    for text in texts:
        asset, where, technology = (*text.split(":", 2), "", "")[:3]
        if not asset or not where:
            raise click.BadParameter(
                _("{text!r}: give hall:SITE, compute:SITE:TECHNOLOGY, link:LINK, solar:SITE or wind:SITE", text=text)
            )
        out.append((asset, where, technology))
    return tuple(out)


@click.command("alternatives", epilog="Example:  xisuan alternatives runs/days --within 0.02 --of hall:GAN")
@shared_options.run_folder("run")
@click.option(
    "--within",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.01,
    show_default=True,
    help="By which share the objective may exceed the least.",
)
@click.option(
    "--of",
    "of",
    callback=_capacities,
    multiple=True,
    metavar="ASSET:WHERE[:TECHNOLOGY]",
    help="Which capacity; may be repeated. The five largest builds unless given.",
)
@shared_options.how
@shared_options.json
@shared_options.language
@shared_options.debug
def command(run: Path, within: float, of: tuple[Capacity, ...], how: How, as_json: bool, lang: str | None) -> int:
    """Find the least and the most of a capacity that any plan within a few per cent of RUN's has.

    A build is robust where even the least keeps half of it, interchangeable where others can take its place. Exit code 4:
    the certificate of RUN's plan does not hold, so that it is no plan to be near to.
    """
    plan = run_store.load_run(run).plan
    with progress_bar.shown() as progress:
        found = alternatives(plan, within, of, how=how, progress=progress)
    if as_json:
        holds = None if plan.certificate is None else plan.certificate.ok
        output.give_json({"run": run, "within": within, "certificate_ok": holds, "alternatives": found})
    else:
        output.give(result_lines.alternative_lines(found, plan, within, output.speech(lang, plan.scenario)))
    return output.code(plan)
