"""The page of a plan for several futures says what was found, in either language; its folder keeps all of it."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.optimum.test_newsvendor import TWO, newsvendor
from xisuan.errors import StoreError
from xisuan.report.document.blocks import Table
from xisuan.report.pages import two_stage_page as page
from xisuan.results.storage import run_store
from xisuan.results.storage.two_stage_store import load_two_stage, save_two_stage
from xisuan.results.two_stage import FREQUENCY, MEMBERS, TwoStage
from xisuan.text.translation import Language
from xisuan.workflow.two_stage import two_stage

REGRET = "Cost of not knowing"


@pytest.fixture(scope="module")
def found() -> TwoStage:
    return two_stage(newsvendor(2.0, TWO))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_stands_alone_and_in_words(found: TwoStage, language: Language) -> None:
    html = page.html(found, language)
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", body)
    for key in ("eastern_demand", "members.futures", "sweep.", "None", "nan", "mcny"):
        assert key not in words
    assert page.lever("eastern_demand", language) in words
    assert "src=" not in body
    assert "://" not in words


def test_the_sentences_have_the_figures_found_by_hand(found: TwoStage) -> None:
    said = " ".join(page.sentences(found, "en")).replace("\xa0", " ")
    for figure in (
        "112 million CNY",
        "16 million CNY",
        "14.3 %",
        "3.2 million CNY",
        "2.9 %",
        "80 million CNY",
        "160 million CNY",
    ):
        assert figure in said
    assert "1.12 亿元" in " ".join(page.sentences(found, "zh")).replace("\xa0", " ")


def test_what_the_orders_for_the_mean_leave_without_a_plan_is_named(found: TwoStage) -> None:
    lost = dataclasses.replace(found.members[1], mean_mcny=math.inf)
    said = page.sentences(dataclasses.replace(found, members=(found.members[0], lost)), "en")
    assert any("left without any plan in high" in text for text in said)


def test_differences_that_the_proof_leaves_open_are_nothing(found: TwoStage) -> None:
    members = tuple(dataclasses.replace(one, mean_mcny=one.plan.objective * (1 + 1e-7)) for one in found.members)
    said = page.sentences(dataclasses.replace(found, members=members), "en")
    assert any("would cost no more" in text for text in said)


@pytest.mark.parametrize(("share", "shown"), [(0.0, "0"), (1e-7, "0"), (1e-3, "0.08")])
def test_what_a_future_costs_more_by_the_gap_alone_is_nothing(found: TwoStage, share: float, shown: str) -> None:
    """80 in its own plan, and here as much and a share more, which two proofs leave open or do not."""
    first, second = found.members
    alone = dataclasses.replace(first.plan, objective=first.plan.objective * (1.0 - share))
    members = (dataclasses.replace(first, alone=alone), second)
    futures = page.sections(dataclasses.replace(found, members=members), "en")[0].blocks[2]
    assert isinstance(futures, Table)
    assert futures.rows[0].cells[[column.title for column in futures.columns].index(REGRET)].text == shown


@pytest.mark.parametrize(
    ("language", "badge", "sentence"),
    [
        ("en", "certificate holds, no lower bound proven", "No lower bound is proven"),
        ("zh", "验证通过，未证明下界", "未证明下界：期望成本"),
    ],
)
def test_a_plan_whose_certificate_proves_no_bound_says_so(
    found: TwoStage, language: Language, badge: str, sentence: str
) -> None:
    assert found.certificate is not None
    blind = dataclasses.replace(found, certificate=dataclasses.replace(found.certificate, lower_bound=-math.inf))
    assert badge in page.html(blind, language)
    assert badge not in page.html(found, language)
    assert any(sentence in text for text in page.sentences(blind, language))
    rough = dataclasses.replace(found.certificate, lower_bound=0.99 * found.objective)
    said = " ".join(page.sentences(dataclasses.replace(found, certificate=rough), "en"))
    assert re.search(r"more than 1\.0+\s% less", said)


def test_tables_have_the_columns_that_are_documented(found: TwoStage) -> None:
    assert list(found.tables["members"].columns) == list(MEMBERS)
    assert list(found.tables["frequency"].columns) == list(FREQUENCY)
    assert set(found.tables["builds"]["member"]) == {"low", "high"}
    assert found.tables["frequency"]["now"].tolist() == pytest.approx([80.0])


def test_a_folder_gives_back_what_was_found(found: TwoStage, tmp_path: Path) -> None:
    folder = save_two_stage(found, tmp_path / "run")
    again = load_two_stage(folder)
    assert (again.objective, again.lower_bound, again.first, again.certificate) == (
        found.objective, found.lower_bound, found.first, found.certificate,
    )  # fmt: skip
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    document = json.loads((folder / "plan.json").read_text())
    assert document["perfect_information_mcny"] == pytest.approx(16.0, rel=1e-5)
    assert [row["member"] for row in document["members"]] == ["low", "high"]
    member = run_store.load_run(folder / "members" / "high").plan
    assert member.objective == found.members[1].plan.objective
    assert member.certificate is not None
    assert member.certificate.ok


def test_a_folder_of_one_kind_is_not_taken_for_the_other(found: TwoStage, tmp_path: Path) -> None:
    folder = save_two_stage(found, tmp_path / "run")
    with pytest.raises(StoreError, match=r"several futures; give the folder of one of them, such as .*members/low"):
        run_store.load_run(folder)
    with pytest.raises(StoreError, match="holds no plan of members"):
        load_two_stage(folder / "members" / "low")
    (folder / "duals" / "low" / "done.parquet").write_text("x")
    (folder / "members.parquet").write_bytes(b"")
    with pytest.raises(StoreError, match="changed"):
        load_two_stage(folder)
