"""Each target: value, status, dates, plan."""
