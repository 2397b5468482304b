"""Value of flexible work in `china-hourly`: `python -m benchmarks.flexible SHARE APPLIES`, e.g. `1 all`; prints JSON.

The table `flexibility` on the typical day of `run`, with another clean share by the hour: of all sites or of new ones.
"""

from __future__ import annotations

import json
import sys

import xisuan as xs
from xisuan.decisions.costs.flexibility_value import flexibility
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.typical_day import on_few_hours


def main(share: str, applies: str) -> None:
    """Print the table as JSON, a row for each form and share of flexible work."""
    scenario = xs.load("china-hourly")
    rules = scenario["policies"]
    mine = rules["rule"] == "clean_share_hourly_min"
    rules = rules.assign(value=rules["value"].mask(mine, float(share)), applies=rules["applies"].mask(mine, applies))
    found = flexibility(Question(on_few_hours(scenario.with_tables(policies=rules))))
    print(json.dumps(found.to_dict("records")))


if __name__ == "__main__":
    main(*sys.argv[1:])
