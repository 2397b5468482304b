"""Command `gnomon`: solve a PyPSA network from a shell, or describe the structure of its model."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import gnomon
from gnomon.errors import GnomonError, OptionError
from gnomon.options import Options
from gnomon.solution import Progress

READ, WRITTEN = (".nc", ".h5", ".xlsx"), (".nc", ".h5", ".xlsx")
"""Endings of network files; a folder holds CSV files."""
EVERY = 0.5
"""Seconds between two lines of progress on a terminal; without one, ten times as many."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 solved, 2 wrong use, 3 infeasible or unbounded, 4 no proof."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except GnomonError as error:
        print(f"gnomon: {error}", file=sys.stderr)
        return error.exit_code
    except ImportError as error:
        print(f'gnomon: {error}. Install the extra: pip install "gnomon[pypsa]"', file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="gnomon", description=__doc__)
    parser.add_argument("--version", action="version", version=f"gnomon {gnomon.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    solve = commands.add_parser("solve", help="optimise a PyPSA network and write it with its results")
    solve.add_argument("network", type=Path, help="PyPSA network: .nc, .h5, .xlsx, or a folder of CSV files")
    solve.add_argument("--out", type=Path, required=True, help="file or folder of the solved network")
    solve.add_argument("--gap", type=float, default=1e-6, help="relative gap to prove (default: %(default)g)")
    solve.add_argument(
        "--method",
        choices=("structured", "auto", "direct"),
        default="structured",
        help="interior point, HiGHS, or the one expected to be faster (default: %(default)s)",
    )
    solve.add_argument("--threads", type=int, default=0, help="threads of each process (default: all cores)")
    solve.add_argument("--workers", type=int, default=1, help="processes that share the hours (default: %(default)s)")
    solve.add_argument("--time-limit", type=float, help="seconds after which the solve ends")
    solve.add_argument("--checkpoint", type=Path, help="folder from which an interrupted solve resumes")
    solve.add_argument("--scratch", type=Path, help="folder for factors that do not fit into memory")
    solve.add_argument("--periods", action="store_true", help="optimise several investment periods")
    solve.add_argument("--quiet", action="store_true", help="print the summary only")
    solve.set_defaults(run=_solve)
    describe = commands.add_parser("describe", help="print the structure that the engine finds, and what it will take")
    describe.add_argument("network", type=Path, help="PyPSA network")
    describe.add_argument("--periods", action="store_true", help="optimise several investment periods")
    describe.set_defaults(run=_describe)
    return parser


def _solve(asked: argparse.Namespace) -> int:
    """Optimise a network, write it, and print the summary."""
    from gnomon import pypsa  # noqa: PLC0415 (an extra, and slow to load)

    if asked.out.suffix and asked.out.suffix not in WRITTEN:
        raise OptionError({"--out": str(asked.out)}, "network-written-otherwise", {"endings": ", ".join(WRITTEN)})
    network = _read(asked.network)
    options = Options(
        threads=asked.threads,
        workers=asked.workers,
        time_limit=asked.time_limit,
        kept=asked.checkpoint,
        scratch=asked.scratch,
    )
    watch = None if asked.quiet else Lines(sys.stderr)
    report = pypsa.optimize(
        network,
        asked.gap,
        method=asked.method,
        options=options,
        progress=watch,
        multi_investment_periods=asked.periods,
        include_objective_constant=True,
    )
    if report.status != "ok":
        print(f"{report.condition}: {report.reason}", file=sys.stderr)
        return 3 if report.condition in ("infeasible", "unbounded") else 4
    _write(network, asked.out)
    print(f"objective   {report.objective:,.6g}")
    print(f"bound       {report.bound:,.6g} (relative gap {report.gap:.1e})")
    print(f"solved by   {report.solver}, {report.iterations} iterations, {report.seconds:.1f} s")
    print(f"written to  {asked.out}")
    return 0


def _describe(asked: argparse.Namespace) -> int:
    """Print the structure of a network's model."""
    from gnomon import linopy  # noqa: PLC0415 (an extra)

    network = _read(asked.network)
    model = network.optimize.create_model(multi_investment_periods=asked.periods, include_objective_constant=True)
    print(linopy.describe(model))
    return 0


def _read(path: Path):  # type: ignore[no-untyped-def]
    """Return the network of a file or folder. Raises OptionError if there is none."""
    import pypsa  # noqa: PLC0415 (an extra)

    if not path.exists():
        raise OptionError({"NETWORK": str(path)}, "network-missing")
    if path.is_file() and path.suffix not in READ:
        raise OptionError({"NETWORK": str(path)}, "network-of-other-kind", {"endings": ", ".join(READ)})
    return pypsa.Network(str(path))


def _write(network, path: Path) -> None:  # type: ignore[no-untyped-def]
    """Write a network to a file by its ending, or to a folder."""
    writers = {".nc": network.export_to_netcdf, ".h5": network.export_to_hdf5, ".xlsx": network.export_to_excel}
    path.parent.mkdir(parents=True, exist_ok=True)
    writers.get(path.suffix, network.export_to_csv_folder)(str(path))


class Lines:
    """Progress as lines of text: one that is rewritten on a terminal, otherwise one now and then."""

    def __init__(self, to: TextIO) -> None:
        self._to, self._live = to, to.isatty()
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        """Show a progress if the last one was shown long enough ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (EVERY if self._live else 10.0 * EVERY)
        said = f"{progress.stage}, iteration {progress.iterations}, {progress.seconds:.0f} s"
        if progress.objective is not None and progress.gap is not None:
            said += f", objective {progress.objective:,.4g}, gap {progress.gap:.1e}"
        self._to.write(f"\r\x1b[K{said}" if self._live else f"{said}\n")
        self._to.flush()
