"""Damaged traces by the thousand, of every format: what they are, and what came of them."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from tests.stories.hostile import cells, columns, empty, flip, insert, recode, repeat, said_well, truncate, twice
from xisuan.errors import ScenarioError
from xisuan.simulation.arrivals.trace_files import FORMATS, open_trace
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.policies.bin_packing import WHOLE
from xisuan.simulation.policies.machine_inventory import Floor, models_of, read_floor
from xisuan.simulation.policies.queue_disciplines import QUEUES
from xisuan.simulation.serve import serve

PODS = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time,deletion_time,scheduled_time\n"
SOUND = {
    "swf": "; MaxProcs: 4\n" + "".join(f"{at} {at} -1 10 2 -1 -1 2 20 -1 1 1 1 -1 1 -1 -1 -1\n" for at in range(6)),
    "azure": "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    + "".join(f"2023-11-16 18:15:0{at}.68,374,44\n" for at in range(6)),
    "gaia": "arrival_time,length,cpus\n" + "".join(f"{at},0.5,2\n" for at in range(6)),
    "openb": PODS + "".join(f"p{at},400,100,1,{500 + at},A|B,{at},99,{at}\n" for at in range(6)),
    "csv": "arrival_s,run_s,servers,estimate_s,deadline_s,priority,owner\n"
    + "".join(f"{at},3,1,5,9,1,{at}\n" for at in range(6)),
}
DAMAGE = (truncate, flip, insert, recode, cells, cells, cells, columns, repeat, empty)
ENDINGS = {"swf": ".swf", "parquet": ".parquet"}
SPEED = (5000.0, 40.0)


def spaced(rng: np.random.Generator, data: bytes) -> bytes:
    """Cells of a log, which spaces part, damaged as those of a table."""
    return cells(rng, data.replace(b" ", b",")).replace(b",", b" ")


def table(rng: np.random.Generator) -> bytes:
    """A Parquet file whose columns are of odd types, damaged as often as not."""
    odd = (
        [0.0, None, 2.0], ["0", "1", "x"], [True, False, True], [[1], [2], []], [{"a": 1}, None, {"a": 2}],
        [b"0", b"\xff", b""], pd.to_datetime(["2025-01-01", None, "2025-01-02"]), [float("inf"), float("nan"), -1.0],
        [0, 1, 2], pd.Categorical(["0", "1", "2"]), [2**62, 2**53 + 1, -(2**60)],
    )  # fmt: skip
    sound = {"arrival_s": [0, 1, 2], "run_s": [1.0, 2.0, 3.0], "servers": [1, 1, 2], "priority": [0.0, 1.0, 2.0]}
    frame = pd.DataFrame({name: odd[rng.integers(len(odd))] if rng.random() < 0.3 else sound[name] for name in sound})
    out = io.BytesIO()
    frame.to_parquet(out)
    data = out.getvalue()
    return (data, data, truncate(rng, data), flip(rng, data))[rng.integers(4)]


def hurt(rng: np.random.Generator, here: Path) -> tuple[Path, str]:
    """Write one damaged trace; the file and its format."""
    kind = FORMATS[rng.integers(len(FORMATS))]
    ending = ENDINGS.get(kind, ".csv")
    ways = (*DAMAGE, spaced, spaced, spaced) if kind == "swf" else DAMAGE
    data = table(rng) if kind == "parquet" else twice(rng, ways, SOUND[kind].encode())
    if kind != "parquet" and rng.random() < 0.1:
        packed = gzip.compress(data, 1)
        data, ending = (
            (packed, packed + b"more", truncate(rng, packed), flip(rng, packed))[rng.integers(4)],
            f"{ending}.gz",
        )
    path = here / f"trace{ending}"
    path.write_bytes(data)
    return path, kind


def outcome(rng: np.random.Generator, path: Path, kind: str) -> str:
    """What came of a trace read and simulated; anything but words or jobs that add up is left to fail the test."""
    machines = read_floor("2x2,1x4") if rng.random() < 0.5 else None
    on_error = ("fatal", "skip")[rng.integers(2)]
    told = kind if rng.random() < 0.5 else "auto"
    queue = list(QUEUES)[rng.integers(len(QUEUES))]
    try:
        options = TraceOptions(on_error, 0.5, SPEED, models_of(machines and [machines]))  # type: ignore[arg-type]
        file = open_trace(path, options, told)
        floor = 4 if machines is None else Floor([machines], grain=WHOLE if file.format == "openb" else 1)
        found = serve(file, floor, queue)
    except ScenarioError as refusal:
        return "refused in words" if refusal.problems and all(map(said_well, refusal.problems)) else f"badly: {refusal}"
    figures = found.figures
    whole = figures["jobs"] == sum(figures[name] for name in ("finished", "running", "waiting", "dropped"))
    described = all(map(said_well, file.remembered)) and len(file.remembered) == min(file.skipped, 20)
    return "read" if whole and described else f"badly: {file.remembered}"


def traces(seed: int, count: int) -> Counter[str]:
    """What came of so many damaged traces. Raises AssertionError, with the input, where anything else escaped."""
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="xisuan-hostile-") as folder:
        for at in range(count):
            path, kind = hurt(rng, Path(folder))
            try:
                said = outcome(rng, path, kind)
            except Exception as escaped:
                kept = path.read_bytes()[:500]
                raise AssertionError(
                    f"trace {at} of seed {seed} let {type(escaped).__name__} escape: {kept!r}"
                ) from escaped
            if said.startswith("badly"):
                raise AssertionError(f"trace {at} of seed {seed}: {said}: {path.read_bytes()[:500]!r}")
            counts[said] += 1
            path.unlink()
    return counts
