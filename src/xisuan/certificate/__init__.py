"""The independent check: another reading of the scenario, laid against the plan. Shares nothing with the equations."""
