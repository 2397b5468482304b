"""Tests of xisuan: exchange/pypsa."""
