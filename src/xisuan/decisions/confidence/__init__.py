"""Confidence: stress tests, sensitivity to estimates, calibration and outlooks."""
