"""Verification of plans against failures: contingencies, failure cases, and minimum capacities for the next plan."""
