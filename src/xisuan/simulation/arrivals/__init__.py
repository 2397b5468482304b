"""Arrival processes: traces and sampled demand."""
