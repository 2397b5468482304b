"""Tables, curves, map and what-if as edited."""
