"""Arrivals of jobs: traces from files and samples of demand."""
