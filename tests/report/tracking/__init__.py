"""Tests of xisuan: report/tracking."""
