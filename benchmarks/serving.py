"""Run one simulation by one tool and print JSON: `python -m benchmarks.serving TOOL JOBS SERVERS QUEUE`.

All tools get the same Poisson arrivals and exponential service times at 90 % load and use one core. Seconds are
processor seconds. Compiling is not counted; the peak is that of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

PIECE = 1 << 16
LOAD = 0.9


def drawn(count: int, servers: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield arrivals and service times in pieces of `PIECE` jobs."""
    rng = np.random.default_rng(1)
    now = 0.0
    for start in range(0, count, PIECE):
        size = min(PIECE, count - start)
        arrival = now + np.cumsum(rng.exponential(1.0 / (LOAD * servers), size))
        now = float(arrival[-1])
        yield arrival, rng.exponential(1.0, size)


def streamed(count: int, servers: int, queue: str) -> tuple[float, float]:
    """Return seconds and mean wait of xisuan on a stream of jobs; drawing the jobs is timed too."""
    from xisuan.simulation.jobs import jobs  # noqa: PLC0415 - one tool a process
    from xisuan.simulation.serve import serve  # noqa: PLC0415

    serve([jobs(np.zeros(1), np.ones(1))], servers, queue)
    begun = time.process_time()
    trace = serve((jobs(arrival, run) for arrival, run in drawn(count, servers)), servers, queue)
    return time.process_time() - begun, trace.figures["mean_wait_s"]


def ours(count: int, servers: int, queue: str) -> tuple[float, float]:
    """Return seconds and mean wait of xisuan on jobs that exist before the clock starts."""
    from xisuan.simulation.jobs import jobs  # noqa: PLC0415
    from xisuan.simulation.serve import serve  # noqa: PLC0415

    serve([jobs(np.zeros(1), np.ones(1))], servers, queue)
    pieces = list(drawn(count, servers))
    begun = time.process_time()
    trace = serve((jobs(arrival, run) for arrival, run in pieces), servers, queue)
    return time.process_time() - begun, trace.figures["mean_wait_s"]


def by_simpy(count: int, servers: int, _queue: str) -> tuple[float, float]:
    """Return seconds and mean wait of SimPy: one process for arrivals, one resource, one process per job."""
    import simpy  # noqa: PLC0415

    env = simpy.Environment()
    desk = simpy.Resource(env, capacity=servers)
    waited = 0.0

    def job(run: float) -> Iterator[object]:
        nonlocal waited
        came = env.now
        with desk.request() as turn:
            yield turn
            waited += env.now - came
            yield env.timeout(run)

    def source(pieces: list[tuple[list[float], list[float]]]) -> Iterator[object]:
        for arrivals, runs in pieces:
            for arrival, run in zip(arrivals, runs, strict=True):
                yield env.timeout(arrival - env.now)
                env.process(job(run))

    pieces = [(arrival.tolist(), run.tolist()) for arrival, run in drawn(count, servers)]
    env.process(source(pieces))
    begun = time.process_time()
    env.run()
    return time.process_time() - begun, waited / count


def by_ciw(count: int, servers: int, _queue: str) -> tuple[float, float]:
    """Return seconds and mean wait of Ciw."""
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ciw  # noqa: PLC0415
    arrival, run = (np.concatenate(part) for part in zip(*drawn(count, servers), strict=True))
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*np.diff(arrival, prepend=0.0).tolist(), float("inf")])],
        service_distributions=[ciw.dists.Sequential(run.tolist())],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    begun = time.process_time()
    simulation.simulate_until_max_customers(count, method="Finish")
    seconds = time.process_time() - begun
    return seconds, float(np.mean([record.waiting_time for record in simulation.get_all_records()]))


TOOLS = {"streamed": streamed, "xisuan": ours, "simpy": by_simpy, "ciw": by_ciw}


def main() -> None:
    """Run one tool and print its figures."""
    tool, count, servers, queue = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    seconds, wait = TOOLS[tool](count, servers, queue)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "wait": wait, "peak_mb": peak}))


if __name__ == "__main__":
    main()
