"""Discrete-event simulation of jobs: arrival, placement, data transfer, waiting, service."""
