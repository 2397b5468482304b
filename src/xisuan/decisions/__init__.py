"""Decision tables: unit costs, cost sharing, break-even prices, confidence, comparison with published figures."""
