"""Measurements of xisuan, each beside another tool in the same run: `python -m benchmarks [A1 A2 A3]`."""
