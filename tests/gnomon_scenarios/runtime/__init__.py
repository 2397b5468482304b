"""Processes and memory on assembled models."""
