"""Annex: method and limits, certificate, national tables, sources."""

from __future__ import annotations

from dataclasses import replace

from xisuan.report.access import gigabit_cities
from xisuan.report.access.access_first_screen import about_cities, bare
from xisuan.report.build import build_orders
from xisuan.report.confidence import calibration, estimate_sensitivity, limitations, plan_proof, provenance, stress_test
from xisuan.report.costs import levelised_cost, policy_slack, rival_sites, site_comparison, spending
from xisuan.report.document.blocks import Block, Section, Table, Text
from xisuan.report.operation import (
    electricity,
    network_load,
    own_generation,
    remote_service,
    service_areas,
    typical_week,
    utilisation,
)  # fmt: skip
from xisuan.report.run_context import Context
from xisuan.report.tracking import targets_section
from xisuan.text.translation import message as _


def method(context: Context) -> Section:
    """Return the annex on method: what the plan does not answer, the model beside published figures, hours."""
    limits = limitations.of_cities(context) if about_cities(context) else limitations.section(context)
    held = calibration.section(context)
    blocks: list[Block] = [*limits.blocks, *(held.blocks if held else ())]
    if not about_cities(context):
        blocks += typical_week.section(context).blocks
    title = context.say(_("Method and limits"))
    return Section("method", title, limits.lead, tuple(blocks), is_annex=True)


def certificate(context: Context) -> Section:
    """Return the annex on the certificate of the plan and of its operation."""
    found = plan_proof.section(context)
    blocks = found.blocks
    if not about_cities(context):
        blocks += stress_test.other_days(context)
    return Section("certificate", context.say(_("Certificate")), found.lead, blocks, is_annex=True)


def national(context: Context) -> Section:
    """Return the annex of tables about the whole network."""
    blocks: list[Block] = []
    if not about_cities(context):
        blocks += [*build_orders.elsewhere(context), *spending.elsewhere(context)]
    if not about_cities(context):
        blocks += service_areas.elsewhere(context)
        blocks += _comparison(context)
        for make in (
            site_comparison.section, levelised_cost.section, utilisation.section,
            electricity.section, network_load.section, policy_slack.section,
        ):  # fmt: skip
            found = make(context)
            blocks += found.blocks if found is not None else ()
        if (own := own_generation.table(context)) is not None:
            blocks.append(own)
        blocks += stress_test.cases(context)
        if (tried := estimate_sensitivity.ranked(context)) is not None:
            blocks.append(tried)
    blocks += gigabit_cities.money_blocks(context)
    title = context.say(_("Tables of the whole network"))
    return Section("national", title, "", tuple(_folded(block) for block in blocks), is_annex=True)


def _comparison(context: Context) -> list[Block]:
    """Return why own work runs elsewhere, and how the place stands against its rivals."""
    areas = service_areas.areas(context).items()
    near = [region for site, (_name, regions) in areas if site in context.focus for region in regions]
    table = remote_service.table(context, near)
    return [*([table] if table is not None else []), Text(bare(rival_sites.wins(context)))]


def _folded(block: Block) -> Block:
    """Return a block of the annex with its table behind its title."""
    return replace(block, folded=True) if isinstance(block, Table) and block.title else block


def sources(context: Context) -> Section:
    """Return the annex on sources: grades of the data, conflicts, estimates, sources, earlier targets, origin."""
    blocks = (
        *estimate_sensitivity.money_behind(context), *provenance.blocks(context),
        *targets_section.due_blocks(context), *targets_section.earlier_blocks(context),
    )  # fmt: skip
    blocks = tuple(_folded(block) for block in blocks)
    return Section("sources", context.say(_("Sources")), "", blocks, is_annex=True)
