"""Tests of xisuan: report/maps."""
