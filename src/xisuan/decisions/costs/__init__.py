"""Costs: unit costs, cost sharing, break-even prices and published prices."""
