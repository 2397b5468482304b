"""Checks of the tables `rules` and `rule_terms`."""
