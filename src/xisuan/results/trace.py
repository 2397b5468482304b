"""Trace of a simulation of single jobs, as figures and tables whose size does not depend on the number of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

TABLES: dict[str, dict[str, str]] = {
    "measures": {
        "by": "what jobs are told apart by: all, workload, region, site or hour (of the day of arrival)",
        "what": "which of them; blank for all",
        "measure": "wait_s (until it first runs), response_s (until it is done) or slowdown (response over the longer of"
        " run time and 10 s, at least 1)",
        "statistic": "mean, p50, p90, p95, p99 or max; percentiles within 0.4 %",
        "value": "of finished jobs, mean over replications",
        "low": "lower end of its 95 % confidence interval over replications; blank where there is one only",
        "high": "upper end of it",
    },
    "counts": {
        "by": "as in measures",
        "what": "which of them",
        "finished": "jobs that were done",
        "dropped": "jobs that nothing could ever run, or that the plan leaves",
        "due": "finished jobs that had a deadline",
        "missed": "of them, those done after it",
        "hits": "times that a failure of a machine, server or site ended a run",
        "server_hours": "work done, server-hours; of a plan, unit-hours",
        "overdue": "jobs not done at the end whose deadline had passed by then",
        "struck": "of those missed and overdue, those whose run a failure had ended",
        "left": "of those dropped, those that the plan leaves undone for their price",
    },
    "timeline": {
        "start_s": "start of the bin, s from the start of the trace",
        "site": "where",
        "busy": "servers busy, mean of the bin",
        "up": "servers that had not failed, mean of the bin",
        "waiting": "jobs in line, mean of the bin",
        "stuck": "servers free, but in pieces too small for the first in line, mean of the bin; 0 where servers are"
        " divided at will",
    },
    "policies": {
        "policy": "placement; `schedule` is the plan itself: what its schedule takes, job sizes left aside",
        "done_share": "work done, share of what arrived, by the power it takes; the rest waits or runs at the end",
        "energy_mcny": "grid energy of a year at its hourly price, mCNY",
        "least_energy_mcny": "proven bound: no policy runs as many unit-hours on this equipment for less; latency, links,"
        " deadlines and job sizes left out, mCNY",
        "grid_mwh": "energy from the grid in a year, MWh",
        "least_grid_mwh": "the same bound of grid energy, MWh",
        "location_t": "location-based emissions of a year, t CO2",
        "least_location_t": "the same bound of location-based emissions, t CO2",
        "market_t": "market-based emissions of a year, t CO2",
        "embodied_t": "embodied in equipment, by use: carbon of making it by year of its life, for the part of the year"
        " that it was busy (ISO/IEC 21031), t CO2",
        "late_share": "jobs with a deadline that missed it, or were overdue at the end, share of all that were due",
        "mean_wait_s": "mean time until a job runs, s",
        "p95_wait_s": "95th percentile of it, s",
    },
    "differences": {
        "policy": "placement that was asked for",
        "against": "the other one, which had the same jobs and the same failures in every replication",
        "measure": "as in policies and measures: done_share, late_share, energy_mcny, grid_mwh, location_t, market_t,"
        " embodied_t, mean_wait_s, p95_wait_s, mean_response_s, p95_response_s or mean_slowdown",
        "difference": "of the two, mean over replications, in the unit of the measure",
        "low": "lower end of its 95 % interval (Student t over the differences of the replications); blank where there is"
        " one only",
        "high": "upper end of it",
    },
    "queues": {
        "queue": "order of the line; `bound`: what no queue can beat on as many servers, mean response and end of the last"
        " job",
        "mean_wait_s": "mean time until a job runs, s",
        "p95_wait_s": "95th percentile of it, s",
        "mean_response_s": "mean time until a job is done, s",
        "late_share": "jobs that missed their deadline, share of those that had one",
        "utilisation": "busy over what was up",
        "end_s": "when the last job was done, s",
    },
    "names": {
        "by": "workload, region or technology",
        "what": "its key",
        "title": "what it is called in English",
        "title_zh": "and in Chinese",
    },
    "places": {
        "site": "where",
        "title": "what it is called in English",
        "title_zh": "and in Chinese",
        "lat": "latitude, degrees",
        "lon": "longitude, degrees",
        "mw": "IT power of the equipment that runs work, MW",
    },
    "by_hour": {
        "start_s": "start of the hour, s from the start",
        "site": "where",
        "busy": "IT power of the equipment in use, share of all that stands there",
        "up": "IT power of the equipment that has not failed, share of all",
        "waiting": "jobs in line, mean of the hour",
        "it_mw": "IT power, idle equipment and stock included, MW",
        "grid_mw": "power from the grid: IT power by the PUE of the hour, less what the site itself gives, MW",
        "energy_mcny": "cost of the hour's energy from the grid at the price of the hour, mCNY",
        "location_t": "location-based emissions of the hour, t CO2",
    },
    "sites": {
        "site": "where",
        "busy_units": "units busy, mean",
        "utilisation": "busy over what was up",
        "grid_mwh": "energy from the grid in a year, MWh",
        "energy_mcny": "its cost, mCNY",
        "location_t": "location-based emissions of a year, t CO2",
        "market_t": "market-based emissions of a year, t CO2",
    },
    "links": {
        "link": "which",
        "from": "node that data leaves",
        "to": "node that it goes to",
        "gbps": "capacity that work may use while the link is up: other traffic taken off, in its busiest hour, Gbps",
        "asked_gbps": "data of the jobs whose shortest way leads over it, by the hour in which they are placed, mean, Gbps",
        "most_gbps": "the same in the busiest hour; more than `gbps` has to wait, Gbps",
    },
}
"""Every table of a trace with its columns. Only where a plan is simulated: policies, differences (beside a baseline),
places, names, by_hour, sites and links (where the scenario has links); only where a trace of jobs is: queues.
"""


@dataclass(frozen=True)
class Trace:
    """Result of a simulation. `figures` are the main numbers, by name; `given` is what was simulated.

    Always arrived = finished + running + waiting + dropped. Figures and tables are means over `given["replications"]`
    runs; `timeline` and `by_hour` are those of the first.
    """

    given: Mapping[str, str | int | float]
    figures: Mapping[str, float]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = object.__getattribute__(self, "tables")
        if name in tables:
            table: pd.DataFrame = tables[name]
            return table
        raise AttributeError(f"a trace has no {name!r}; its tables are {', '.join(tables)}")
