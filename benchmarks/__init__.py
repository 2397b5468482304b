"""Benchmarks of xisuan and of comparable tools in the same run: `python -m benchmarks [A1 A2 A3]`."""
