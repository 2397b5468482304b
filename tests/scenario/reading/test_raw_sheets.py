"""Files of any form: what is not a table is said to be none, at its line."""

from __future__ import annotations

import pytest

from tests.scenario.folder import errors, made
from xisuan.scenario import load

HEADER = "region,title\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "regions.csv · file-empty"),
        (b"\n\n", "regions.csv · file-empty"),
        (b"region\neast\0\n", "regions.csv, row 2 · file-holds-nul"),
        ("region\n贵州\n".encode("gb18030"), "file-not-utf8"),
        ("region\neast\n".encode("utf-16"), "regions.csv · file-is-utf16"),
        (b'region\n"east\n', "regions.csv, row 2 · not-csv"),
        (b"region,region\na,b\n", "regions.csv, row 1, region · column-repeated"),
        (b"region;title\na;b\n", "regions.csv, row 1: region;title · columns-not-by-commas"),
        (b"region,title\na\nb,c,d\n", "regions.csv, row 2 · row-length"),
        (b"region,\na,b\n", "regions.csv, row 1 · column-without-name"),
        (
            b"title\na\n",
            "regions.csv, row 1, region · column-missing",
        ),
        (b"region\n" + b"x" * 200_000, "not-csv"),
        (b"region\n" + b"x" * 5_000, "text-too-long"),
        (b"region\n" + b"x," * 200_000, "row-length"),
    ],
)
def test_faults_of_form_are_found(tmp_path, content, said):
    found = errors(made(tmp_path, regions_csv=content))
    assert any(said in line for line in found), found


def test_bom_spaces_blank_lines_and_trailing_commas_are_fine(tmp_path):
    text = "\ufeff region , title ,,\n east , East,,\n\n,,,\nwest,West,,\n"
    scenario = load.load(made(tmp_path, regions_csv=text))
    assert list(scenario["regions"]["region"]) == ["east", "west"]


def test_line_numbers_count_lines_not_records(tmp_path):
    text = 'region,title,lat\neast,"two\nlines",31\n\nwest,one,95\n'
    assert errors(made(tmp_path, regions_csv=text)) == ["regions.csv, row 5, lat: 95 · latitude-above-maximum"]


def test_what_is_no_file_is_refused(tmp_path):
    folder = made(tmp_path, links_csv=None)
    (folder / "links.csv").mkdir()
    assert errors(folder) == ["links.csv · not-a-file"]


def test_links_that_leave_the_folder_are_refused(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("link,from,to\n")
    folder = made(tmp_path / "here" / "small", links_csv=None)
    (folder / "links.csv").symlink_to(outside)
    assert errors(folder) == ["links.csv · link-to-elsewhere"]


def test_damaged_parquet_is_said_to_be_none(tmp_path):
    folder = made(tmp_path, regions_csv=None, regions_parquet=b"PAR1garbagePAR1")
    assert errors(folder)[0].startswith("regions.parquet · not-parquet")
