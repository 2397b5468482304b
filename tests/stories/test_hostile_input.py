"""Ten thousand damaged scenarios: each loads or is refused in words, never with any other exception."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.scenario.folder import SMALL
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import read
from xisuan.scenario.columns import Column, Table
from xisuan.scenario.tables import TABLES

SEED = 20260101
COUNT = 10_000
Files = dict[str, bytes]

CELLS = (
    *("", " ", "nan", "NaN", "inf", "-inf", "-1", "-0", "0", "1e999", "-1e308", "1e-320", "1,5", "1 000", "12%"),
    *("0x1F", "1_0", "１２", "９" * 30, "9" * 400, "9" * 5000, "2026.5", "99999", "true", "'; drop table", "=1+1"),
    *("../../etc", "*", "/", "a/b", '"', '""', '"open', "a\tb", "贵州", "\u202eabc", "\u0085", "\x07", "e\u0301"),
    *("x" * 20_000, "null", "None", "all", "a", "b"),
)
VALUES = (
    *("", "nan", "inf", "-inf", "true", "[]", "{}", "-1", "0", "1.5", "9" * 19, "9" * 4400, "1e400", "'x'", '""'),
    *('"a\\u0000b"', '"../.."', '"/etc"', '"."', '"starter"', '"other"', '"here"', '"loop"', "[2026]", "[2027, 2026]"),
    *("[1, 'a']", "['a']", "[[]]", "[" * 3000, "2025-12-31", "2025-13-41", "2025-12-31T00:00:00Z", "12:00:00"),
    *('"days:0"', '"weeks:99"', '"hours:１"', '"one"', "{a = {b = {c = 1}}}", '"""', "'''multi\nline'''", "0x10"),
    *("1_000", "+1", "nan nan"),
)
KEYS = (
    *("name", "title", "extends", "base_year", "discount_rate", "as_of", "periods", "last_period_years", "hours"),
    *("objective", "capital", "drop", "plan", "report", "simulate", "[drop]\nregions", "[drop]\ndemand"),
    *("[drop]\nprofiles", "[plan]\noperate_days", "[plan.x]\ny", "[[plan]]\nz", "[report]\nregion", "nme", "a.b"),
    *('"a b"', "名", ""),
)
CODES = ("gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "big5", "utf-7")
ODD_NAMES = ("limts.csv", "re\ngions.csv", "members.csv", ".csv", "贵.csv", "a" * 200 + ".csv")
ODD_ENDS = ("/dev/zero", "/etc/hostname", "/", "nowhere", "regions.csv", "..", "/proc/self/mem")
LONG_LINES = {
    "one cell": b"x" * 10_000_000,
    "many cells": b"x," * 5_000_000,
    "quotes": b'"' * 10_000_000,
    "digits": b"1" * 10_000_000,
    "line ends": b"\n" * 1_000_000,
}
WAYS_OUT = ("loop", "pool", "here", "../here", "../loop", "out", "../out", "../../..", "/", "~", "other/../out")


def sample(table: Table) -> bytes:
    """A table of two sound rows, every column filled."""
    if table.name == "profiles":
        return b"hour,p,q\n" + b"".join(b"%d,1,0.5\n" % hour for hour in range(30))
    lines = [",".join(column.name for column in table.all_columns)]
    lines += [",".join(sound(column, at) for column in table.all_columns) for at in (0, 1)]
    return ("\n".join(lines) + "\n").encode()


def sound(column: Column, at: int) -> str:
    """A cell that its column allows."""
    if column.kind in ("number", "count", "series"):
        return f"{(column.low or column.above or 0) + at + 1 if column.high != 1.0 else 0.5:g}"
    cells = {"year": str(2026 + at), "flag": "yes", "choice": (column.choices or ("",))[0]}
    return cells.get(column.kind, "ab"[at])


SAMPLES = {f"{table.name}.csv": sample(table) for table in TABLES}


# damage to the bytes of one file


def truncate(rng: np.random.Generator, data: bytes) -> bytes:
    return data[: rng.integers(len(data) + 1)]


def flip(rng: np.random.Generator, data: bytes) -> bytes:
    out = bytearray(data or b"x")
    for at in rng.integers(len(out), size=rng.integers(1, 6)):
        out[at] = rng.integers(256)
    return bytes(out)


def insert(rng: np.random.Generator, data: bytes) -> bytes:
    at = rng.integers(len(data) + 1)
    bits = (b"\0", b'"', b",", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1a", b";", b"\t", b"#")
    return data[:at] + bits[rng.integers(len(bits))] * int(rng.integers(1, 4)) + data[at:]


def recode(rng: np.random.Generator, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace") + "贵"
    return text.encode(
        ("gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "big5", "utf-7")[rng.integers(7)], "replace"
    )


def cells(rng: np.random.Generator, data: bytes) -> bytes:
    rows = [line.split(",") for line in data.decode("utf-8", "replace").split("\n")]
    for _ in range(rng.integers(1, 4)):
        row = rows[rng.integers(len(rows))]
        row[rng.integers(len(row))] = CELLS[rng.integers(len(CELLS))]
    return "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")


def columns(rng: np.random.Generator, data: bytes) -> bytes:
    """The header doubled, shuffled, misspelt or shortened."""
    head, _, body = data.decode("utf-8", "replace").partition("\n")
    names = head.split(",")
    at = rng.integers(len(names))
    how = rng.integers(4)
    if how == 0:
        names[at] = names[rng.integers(len(names))]
    elif how == 1:
        rng.shuffle(names)
    elif how == 2:
        names[at] = names[at][::-1]
    else:
        del names[at]
    return f"{','.join(names)}\n{body}".encode()


def repeat(rng: np.random.Generator, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines, lines[rng.integers(len(lines))], lines[rng.integers(len(lines))]])


def empty(rng: np.random.Generator, data: bytes) -> bytes:
    return (b"", b"\n", b"\xef\xbb\xbf", b",,,\n", b'""')[rng.integers(5)]


def options(rng: np.random.Generator, data: bytes) -> bytes:
    key, value = KEYS[rng.integers(len(KEYS))], VALUES[rng.integers(len(VALUES))]
    return data + f"\n{key} = {value}\n".encode() if rng.random() < 0.5 else f"{key} = {value}\n".encode() + data


TABLE_DAMAGE = (truncate, flip, insert, recode, cells, cells, cells, columns, repeat, empty)
TOML_DAMAGE = (truncate, flip, insert, recode, options, options, options, options, empty)


# damage to the folder


def parquet(rng: np.random.Generator) -> bytes:
    """A Parquet file of odd types, damaged as often as not."""
    odd = {"region": ["a", None], "lat": [1.0, float("inf")], "title": [b"\xff", b"x"], "node": [["a"], []]}
    kept = {"region": odd["region"]} | {name: odd[name] for name in odd if rng.random() < 0.4}
    out = io.BytesIO()
    pd.DataFrame(kept).to_parquet(out)
    data = out.getvalue()
    return (data, truncate(rng, data), flip(rng, data), b"PAR1" + rng.bytes(50) + b"PAR1")[rng.integers(4)]


def disturb(rng: np.random.Generator, here: Path) -> None:
    """Something in the folder that is not a plain file."""
    name = ("regions.csv", "scenario.toml", "demand.csv", "links.parquet")[rng.integers(4)]
    path = here / name
    path.unlink(missing_ok=True)
    how = rng.integers(7)
    if how == 0:
        path.mkdir()
    elif how == 1:
        path.symlink_to(ODD_ENDS[rng.integers(len(ODD_ENDS))])
    elif how == 2:
        os.mkfifo(path)
    elif how == 3:
        (here / "regions.parquet").write_bytes(parquet(rng))
    elif how == 4:
        (here / ODD_NAMES[rng.integers(len(ODD_NAMES))]).touch()
    elif how == 5:
        (here / "regions.parquet").write_bytes(parquet(rng))
        (here / "regions.csv").unlink(missing_ok=True)
    else:
        path.write_bytes(rng.bytes(int(rng.integers(200))))


def hurt(rng: np.random.Generator, here: Path) -> None:
    """Write one damaged scenario into the empty folder `here`."""
    kind = rng.random()
    files: Files = {"scenario.toml": b'name = "x"\nperiods = [2026, 2027]\n', "regions.csv": b"region,node\na,\nb,n\n"}
    if kind < 0.04:
        files = {name: text.encode() for name, text in SMALL.items()}
    elif kind < 0.6:
        name = list(SAMPLES)[rng.integers(len(SAMPLES))]
        files |= {name: SAMPLES[name]}
    if 0.6 <= kind < 0.9:
        files["scenario.toml"] = twice(rng, TOML_DAMAGE, files["scenario.toml"])
    else:
        name = [name for name in files if name != "scenario.toml"][-1 if kind >= 0.04 else rng.integers(len(files) - 1)]
        files[name] = twice(rng, TABLE_DAMAGE, files[name])
    for name, data in files.items():
        (here / name).write_bytes(data)
    if kind >= 0.9:
        disturb(rng, here)


def twice(
    rng: np.random.Generator, ways: tuple[Callable[[np.random.Generator, bytes], bytes], ...], data: bytes
) -> bytes:
    for _ in range(rng.integers(1, 3)):
        data = ways[rng.integers(len(ways))](rng, data)
    return data


def outcome(folder: Path) -> str:
    """What came of a folder; anything but a scenario or a ScenarioError is left to fail the test."""
    try:
        read.load(folder)
    except ScenarioError as refusal:
        return "refused in words" if all(map(said_well, refusal.problems)) and refusal.problems else "refused badly"
    return "loaded"


def said_well(problem: Problem) -> bool:
    """Whether a problem says what is wrong, in signs that can be seen."""
    return bool(problem.what) and str(problem).isprintable()


@pytest.fixture
def room(tmp_path):
    """A folder with neighbours that scenarios may try to extend: a sound one, two in a circle, a way out."""
    for name, toml in (("other", ""), ("loop", 'extends = "pool"'), ("pool", 'extends = "loop"')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scenario.toml").write_text(toml)
        (tmp_path / name / "regions.csv").write_text("region\na\n")
    (tmp_path / "out").symlink_to("/etc")
    return tmp_path


def test_ten_thousand_damaged_scenarios(room):
    rng = np.random.default_rng(SEED)
    counts: Counter[str] = Counter()
    here = room / "here"
    here.mkdir()
    for at in range(COUNT):
        hurt(rng, here)
        try:
            counts[outcome(here)] += 1
        except Exception as escaped:
            kept = {path.name: path.read_bytes()[:300] for path in here.iterdir() if path.is_file()}
            raise AssertionError(f"input {at} of seed {SEED} let {type(escaped).__name__} escape: {kept}") from escaped
        for path in here.iterdir():  # cheaper than a new folder each time
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert counts["loaded"] > 0.03 * COUNT, counts
    assert counts["refused in words"] == COUNT - counts["loaded"], counts


@pytest.mark.parametrize("kind", LONG_LINES)
def test_lines_of_ten_megabytes(room, kind):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("")
    line = LONG_LINES[kind]
    for content in (b"region\n" + line, line):
        (here / "regions.csv").write_bytes(content)
        assert outcome(here) == "refused in words"
    (here / "scenario.toml").write_bytes(b"title = '" + line + b"'")
    assert outcome(here) == "refused in words"


def test_a_million_wrong_rows_are_counted_not_listed(room):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("")
    (here / "regions.csv").write_bytes(b"region\n" + b"a\n" * 300_000)
    with pytest.raises(ScenarioError) as refusal:
        read.load(here)
    assert len(refusal.value.problems) == 1001
    assert refusal.value.problems[-1].what == "and 298,999 more like these"


@pytest.mark.parametrize("extends", WAYS_OUT)
def test_circles_and_ways_out(room, extends):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text(f'extends = "{extends}"\n')
    (here / "regions.csv").write_text("region\na\n")
    assert outcome(here) == "refused in words"
