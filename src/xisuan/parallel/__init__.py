"""Parallel work: processes, threads and tasks of a cluster."""
