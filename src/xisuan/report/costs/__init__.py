"""Costs: spending, payers, unit costs, rivals, prices of limits and rules."""
