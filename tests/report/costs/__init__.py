"""Tests of xisuan: report/costs."""
