"""Findings of the certificate are sentences in both languages, and stay so when a plan is stored."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from tests import scenarios
from tests.certificate.solved import solved
from xisuan.certificate.certify_plan import certify
from xisuan.results.plan import Plan
from xisuan.results.storage import run_store
from xisuan.text.translation import translate


def spoilt() -> Plan:
    """A plan with another cost, too much work at one place, and a family that nobody knows."""
    plan = solved(scenarios.pair())
    serve = plan.variables["serve"]
    more = {
        "serve": dataclasses.replace(serve, values=serve.values + 1.0),
        "fun": dataclasses.replace(serve, name="fun"),
    }
    return dataclasses.replace(plan, cost_mcny=plan.cost_mcny * 2.0, variables={**plan.variables, **more})


def test_each_finding_is_translated() -> None:
    plan = spoilt()
    found = certify(plan.scenario, plan)
    assert not found.ok
    assert len(found.findings) >= 3
    for finding in found.findings:
        chinese = translate(finding, "zh")
        assert chinese != finding
        assert "：" in chinese


def test_a_stored_certificate_keeps_both_languages(tmp_path: Path) -> None:
    plan = spoilt()
    found = certify(plan.scenario, plan)
    (tmp_path / "plan.json").write_text(json.dumps({"certificate": run_store.certificate_document(found)}))
    held = run_store.certificate(json.loads((tmp_path / "plan.json").read_text()))
    assert held is not None
    assert held.findings == found.findings
    assert [translate(one, "zh") for one in held.findings] == [translate(one, "zh") for one in found.findings]
