"""Names of the options of a simulation or verification and of their values, and its remarks."""

from __future__ import annotations

from xisuan.text.translation import message as _

INPUTS = {
    "trace": _("trace"),
    "format": _("format of the trace"),
    "slack": _("slack of deadlines, share of the estimate"),
    "servers": _("servers"),
    "machines": _("machines"),
    "packing": _("on which machine a job goes"),
    "queue": _("order of the line"),
    "hours": _("hours simulated"),
    "down": _("taken down"),
    "failures": _("failures"),
    "checkpoint": _("state saved every; saving takes; a restart takes"),
    "mtbf": _("mean time between failures of a site or link, and of a repair"),
    "machine_mtbf": _("mean time between failures of each machine, and of a repair"),
    "fcfs": _("first come, first served"),
    "easy": _("first come, first served, with backfilling (EASY)"),
    "edf": _("earliest deadline first"),
    "priority": _("highest priority first"),
    "fair": _("fair share"),
    "shared": _("all at once, sharing"),
    "best": _("best fit"),
    "dot": _("dot product"),
    "random": _("chance"),
    "swf": _("Standard Workload Format"),
    "azure": _("Azure LLM inference"),
    "gaia": _("GAIA"),
    "openb": _("Alibaba openb"),
    "csv": _("CSV"),
    "parquet": _("Parquet"),
    "scenario": _("scenario"),
    "period": _("year of the plan"),
    "limit": _("jobs that may be late"),
    "rounds": _("rounds of planning again"),
    "place": _("where jobs run"),
    "replications": _("replications"),
    "seed": _("seed"),
    "jobs_per_hour": _("jobs an hour of each region and workload"),
    "job_hours": _("how long a job runs, hours"),
    "grace_s": _("grace of a deadline, seconds"),
    "first_cost_mcny": _("cost of the plan as given"),
    "last_cost_mcny": _("cost of the last plan"),
    "plan": _("as the plan has it"),
    "nearest": _("nearest"),
    "cheapest": _("cheapest"),
    "greenest": _("greenest"),
    "least-loaded": _("least loaded"),
}
"""Options of a simulation or verification, and their values."""

NOTES = {
    "no job has a deadline: edf is then the order of arrival; give --slack": _(
        "No job has a deadline, so earliest deadline first is the order of arrival. --slack SLACK gives each job one."
    ),
    "stock is held, not run: it is not simulated": _("Storage is held, not run: it is not simulated."),
}
"""Remarks of a simulation by the text that it stores."""
