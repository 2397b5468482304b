"""Tests of xisuan: tracking/series."""
