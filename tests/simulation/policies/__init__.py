"""Tests of xisuan: simulation/policies."""
