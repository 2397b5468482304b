"""Tests of xisuan: report/simulation."""
