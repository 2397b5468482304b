"""Tests of the simulation: against theory, against other simulators, against a second implementation."""
