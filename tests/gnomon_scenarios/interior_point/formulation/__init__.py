"""Presolve and templates of assembled models."""
