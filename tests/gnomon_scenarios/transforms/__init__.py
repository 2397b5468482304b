"""Transforms of assembled models."""
