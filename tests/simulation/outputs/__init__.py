"""Tests of xisuan: simulation/outputs."""
