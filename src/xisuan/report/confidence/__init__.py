"""Confidence: stress, estimates, calibration, certificate, sources."""
