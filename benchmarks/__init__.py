"""The measured claims, each beside its peer in the same run: `python -m benchmarks [A1 A2 A3]`."""
