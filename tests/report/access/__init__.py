"""Tests of xisuan: report/access."""
