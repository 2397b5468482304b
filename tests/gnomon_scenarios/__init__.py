"""The engine on models of scenarios: assembled plans, operated plans, certificates. tests/gnomon knows no scenario."""
