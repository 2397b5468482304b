"""Factorisation of assembled models."""
