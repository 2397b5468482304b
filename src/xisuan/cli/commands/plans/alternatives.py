"""`xisuan alternatives`: range of each build among plans that cost nearly the same."""

from __future__ import annotations

from pathlib import Path

import click

from gnomon import Options
from xisuan.cli.terminal import output, progress_bar, result_lines, shared_options
from xisuan.planning.alternatives import alternatives
from xisuan.results.storage import run_store
from xisuan.text.translation import message as _

Capacity = tuple[str, str, str]


def _capacities(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[Capacity, ...]:
    """Return asset, place and technology of each capacity. Raises a usage error with the remedy."""
    out: list[Capacity] = []
    for text in texts:
        asset, where, technology = (*text.split(":", 2), "", "")[:3]
        if not asset or not where:
            raise click.BadParameter(
                _(
                    "{text!r}: give hall:SITE, compute:SITE:TECHNOLOGY, it_power:SITE, link:LINK, solar:SITE or wind:SITE",
                    text=text,
                )
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
    help="Largest share by which the objective may exceed the optimum.",
)
@click.option(
    "--of",
    "of",
    callback=_capacities,
    multiple=True,
    metavar="ASSET:WHERE[:TECHNOLOGY]",
    help="Capacity to examine; may be repeated.  [default: the five largest builds]",
)
@shared_options.solver_options
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    run: Path, within: float, of: tuple[Capacity, ...], options: Options, as_json: bool, lang: str | None
) -> int:
    """Find the smallest and the largest size of each build among all plans that cost at most a few per cent more than
    RUN's plan.

    A build is firm if even the smallest size keeps half of it, and interchangeable if others can replace it. Exit code
    4: the certificate of RUN's plan does not hold, so there is no optimum to compare with.
    """
    plan = run_store.load_run(run).plan
    with progress_bar.shown() as progress:
        found = alternatives(plan, within, of, options=options, progress=progress)
    if as_json:
        holds = None if plan.certificate is None else plan.certificate.ok
        output.give_json({"run": run, "within": within, "certificate_ok": holds, "alternatives": found})
    else:
        output.give(result_lines.alternative_lines(found, plan, within, output.speech(lang, plan.scenario)))
    return output.code(plan)
