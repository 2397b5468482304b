"""Files of any form: what is not a table is said to be none, at its line."""

from __future__ import annotations

import pytest

from tests.scenario.folder import errors, made
from xisuan.scenario import load

HEADER = "region,title\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "regions.csv · is empty; give a header line, or remove the file"),
        (b"\n\n", "regions.csv · is empty; give a header line, or remove the file"),
        (b"region\neast\0\n", "regions.csv, row 2 · holds a NUL byte; the file is damaged"),
        ("region\n贵州\n".encode("gb18030"), "is not UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)"),
        ("region\neast\n".encode("utf-16"), "regions.csv · is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)"),
        (b'region\n"east\n', "regions.csv, row 2 · is not CSV"),
        (b"region,region\na,b\n", "regions.csv, row 1, region · the column is there twice; remove one"),
        (b"region;title\na;b\n", "regions.csv, row 1: region;title · separate columns by commas"),
        (b"region,title\na\nb,c,d\n", "regions.csv, row 2 · has 1 cells where the header has 2"),
        (b"region,\na,b\n", "regions.csv, row 1 · a column without a name holds values"),
        (
            b"title\na\n",
            "regions.csv, row 1, region · the column is missing; add it, with a value in every row: the region",
        ),
        (b"region\n" + b"x" * 200_000, "is not CSV: field larger than field limit"),
        (b"region\n" + b"x" * 5_000, "longer than 200 characters"),
        (b"region\n" + b"x," * 200_000, "cells where the header has 1"),
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
    assert errors(made(tmp_path, regions_csv=text)) == [
        "regions.csv, row 5, lat: 95 · above 90; are lat and lon swapped?"
    ]


def test_what_is_no_file_is_refused(tmp_path):
    folder = made(tmp_path, links_csv=None)
    (folder / "links.csv").mkdir()
    assert errors(folder) == ["links.csv · is not a file; remove it or put the table here"]


def test_links_that_leave_the_folder_are_refused(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("link,from,to\n")
    folder = made(tmp_path / "here" / "small", links_csv=None)
    (folder / "links.csv").symlink_to(outside)
    assert errors(folder) == ["links.csv · is a symbolic link to elsewhere; put the file itself here"]


def test_damaged_parquet_is_said_to_be_none(tmp_path):
    folder = made(tmp_path, regions_csv=None, regions_parquet=b"PAR1garbagePAR1")
    assert errors(folder)[0].startswith("regions.parquet · is not Parquet")
