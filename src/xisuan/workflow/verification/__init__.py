"""Failures: contingency, trial, floors of the next plan."""
