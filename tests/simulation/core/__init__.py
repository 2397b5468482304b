"""Tests of xisuan: simulation/core."""
