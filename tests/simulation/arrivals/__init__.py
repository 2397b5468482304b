"""Tests of xisuan: simulation/arrivals."""
