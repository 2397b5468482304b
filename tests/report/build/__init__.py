"""Tests of xisuan: report/build."""
