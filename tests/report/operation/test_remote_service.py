"""Why work beside the focus runs elsewhere, on a plan small enough to be told by hand."""

from __future__ import annotations

import dataclasses

import pytest

from tests.report import fake
from tests.scenarios import frame
from xisuan.report.document.blocks import Table
from xisuan.report.operation import remote_service
from xisuan.report.run_context import Context
from xisuan.scenario.load import build
from xisuan.workflow.plan import plan

LIMIT = 0.5
"""ms: 102 km of cable, which the work of `far` may not go on its way to B."""


def told() -> Table | None:
    """A and B hold 10 units each, B dearer to run; `near` lies at A, 90 km from B, `far` 20 km on; both ask for 8."""
    tables = {
        "regions": frame("""
            region,title,lat,lon,hub,node
            near,Near,26,106,West,a
            far,Far,26,107,,f
            """),
        "sites": frame("""
            site,title,hub,node,zone,pue,lat,lon
            A,Alpha,West,a,cheap,1,26,106
            B,Beta,East,b,dear,1,26,110
            """),
        "nodes": frame("""
            node,lat,lon
            a,26,106
            b,26,110
            f,26,107
            """),
        "technologies": frame("""
            technology,class,unit,precision,eflops_per_unit,mw_per_unit,idle_share,life_years,capex_mcny_per_unit
            gpu,intelligent,PFLOPS FP16,FP16,0.001,1,0,5,
            """),
        "fleet": frame("""
            site,technology,units,opened
            A,gpu,10,2025
            B,gpu,10,2025
            """),
        "workloads": frame(f"""
            workload,title,class,latency_ms,gbps_per_unit
            chat,Chat,intelligent,{LIMIT},0.001
            """),
        "demand": frame("""
            region,workload,period,units
            near,chat,2026,8
            far,chat,2026,8
            """),
        "links": frame("""
            link,from,to,length_km,capacity_gbps
            ab,a,b,90,10
            af,a,f,20,10
            """),
        "power": frame("""
            zone,price
            cheap,0.3
            dear,0.4
            """),
        "limits": frame("""
            site,technology,max_units
            A,gpu,10
            B,gpu,10
            """),
    }
    settings = {"name": "away", "periods": [2026], "hours": "one", "discount_rate": 0.0, "report": {"region": "A"}}
    made = plan(build(settings, tables))
    return remote_service.table(
        Context(dataclasses.replace(fake.run(), plan=made, scenario=made.scenario), "en"), ["near"]
    )


def test_who_has_no_other_place_keeps_the_scarce_one() -> None:
    """0.5 ms is 102 km: `near` is 90 km from B, `far` 110, so that A serves `far` first and `near` pays the 400 CNY of B."""
    table = told()
    assert table is not None
    alpha, beta = table.rows
    assert [cell.text for cell in alpha.cells][:1] == ["Alpha"]
    assert beta.cells[4].text == "beyond the limit"
    assert [alpha.cells[3].value, beta.cells[3].value] == pytest.approx([25.0, 75.0], abs=0.1)
    assert alpha.cells[6].value == pytest.approx(100.0, abs=0.1)
    assert [alpha.cells[2].value, beta.cells[2].value] == pytest.approx([400.0, 400.0], rel=1e-3)
    assert "Far reaches no other site within 0.5 ms" in table.note
