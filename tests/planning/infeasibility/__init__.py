"""Tests of xisuan: planning/infeasibility."""
