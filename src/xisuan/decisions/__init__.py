"""Tables for decisions: unit costs, cost sharing, break-even prices, confidence, and comparison with published
figures."""
