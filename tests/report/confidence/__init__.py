"""Tests of xisuan: report/confidence."""
