"""Iterations on assembled models."""
